"""What the README tells a newcomer to type exists, and its programs run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sciopt.cli.config import show
from sciopt.cli.demo import demo
from sciopt.cli.fluid import fluid
from sciopt.cli.hyperopt import hyperopt

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = {"fluid": fluid, "hyperopt": hyperopt, "demo": demo, "config": show}


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found
    return found


@pytest.mark.parametrize("program", blocks("python"))
def test_programs_run(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(program, "README.md", "exec"), {})
    slope, difference = map(float, capsys.readouterr().out.split())
    assert slope == pytest.approx(difference, rel=1e-7)


def typed() -> list[str]:
    """Every command line of the page: in blocks, after a prompt, and in running text."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += re.findall(r"^\$ (.*)$", README, re.MULTILINE)
    lines += re.findall(r"`(sciopt [^`]*)`", README)
    return [line.split("#")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize("line", [line for line in typed() if line.startswith("sciopt ")])
def test_commands_take_the_options_shown(line: str) -> None:
    words = shlex.split(line)[1:]
    if words[0].startswith("--"):
        assert words in (["--help"], ["--version"])
        return
    if words[0] == "config":
        words = words[1:]
        assert words.pop(0) == "show"
        show.make_context("show", words)
        return
    COMMANDS[words[0]].make_context(words[0], words[1:])


@pytest.mark.parametrize("line", [line for line in typed() if line.startswith("make ")])
def test_make_targets_exist(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^[^#\n]*\b{re.escape(line.split()[1])}\b[^=\n]*:", makefile, re.MULTILINE)


def test_files_and_pictures_named_exist() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README) + re.findall(
        r"`([a-z/]+/[a-z_]*\.?\w*)`", README
    )
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
