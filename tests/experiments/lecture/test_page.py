"""The lecture's page: its sessions print what it says they print, its pictures are there.

The Python programs of the page run with those of the other pages.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from experiments.lecture import DEMOS, curves, finite_differences, forward_reverse, running, vjp
from sciopt.cli import main

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "lecture.md").read_text(encoding="utf-8")
SESSIONS = re.findall(
    r"^```console\n\$ (sciopt demo [^\n]*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize(("command", "shown"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_a_session_prints_what_is_shown(
    command: str,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    """The command runs whole, but takes no times and draws no pictures: other tests draw them."""
    if "symbolic" in command:
        pytest.importorskip("sympy")
    for name in {"hyperopt", "wing"} & set(command.split()):  # found once for all tests
        whole = request.getfixturevalue(f"whole_{name}")
        monkeypatch.setattr(running.load(name), "compute", lambda whole=whole: whole)
    monkeypatch.chdir(tmp_path)
    for module in (curves, finite_differences, forward_reverse, vjp):
        monkeypatch.setattr(module, "seconds", lambda call: 0.0)
    for name in set(DEMOS) & set(command.split()):
        monkeypatch.setattr(running.load(name), "draw", lambda found, path: [])
    result = CliRunner().invoke(main, command.split()[1:])
    assert result.exit_code == 0, result.output
    said = result.stdout
    for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE):
        assert part in said, part
        said = said[said.index(part) + len(part) :]


def test_every_code_block_is_a_session_or_a_program() -> None:
    assert len(re.findall(r"^```console\n", PAGE, re.MULTILINE)) == len(SESSIONS)
    assert set(re.findall(r"^```(\w+)\n", PAGE, re.MULTILINE)) == {"console", "python"}


def test_every_demo_has_its_session_and_its_picture() -> None:
    shown = {command.split()[2] for command, _ in SESSIONS}
    assert shown == {*DEMOS, "list"}
    pictures = re.findall(r"\]\(images/lecture-([a-z-]+)\.(?:png|gif)\)", PAGE)
    assert sorted(pictures) == sorted(DEMOS)


def test_pictures_exist_and_are_small() -> None:
    for name in re.findall(r"\]\((images/[^)]+)\)", PAGE):
        assert (DOCS / name).stat().st_size < 150_000, name


def test_commands_and_files_in_the_text_exist() -> None:
    root = DOCS.parent
    for name in re.findall(r"`((?:autodiff|experiments|sciopt)/[a-z_/.]*)`", PAGE):
        assert (root / name).exists(), name
    assert "python -m experiments.lecture.primitives" in PAGE
