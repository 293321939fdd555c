"""`sciopt demo`: the list, one demo, all of them, and what it refuses."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from experiments.lecture import DEMOS
from sciopt.cli import demo as command
from sciopt.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments])


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_the_list_has_every_demo_with_title_and_slides(arguments: tuple[str, ...]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[: len(DEMOS)]] == list(DEMOS)
    assert all("slide" in line for line in lines[: len(DEMOS)])


def test_a_demo_prints_and_leaves_a_picture_in_a_new_folder_under_runs() -> None:
    result = invoke("primitives")
    assert result.exit_code == 0, result.output
    assert "t4 = exp(t3)" in result.stdout
    (folder,) = Path("runs").iterdir()
    assert [path.name for path in folder.iterdir()] == ["primitives.png"]
    assert f"picture: {folder / 'primitives.png'}" in result.stdout


def test_demos_share_a_folder_that_has_other_things_in_it() -> None:
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    assert invoke("primitives", "primitives", "--out", "out").exit_code == 0
    assert invoke("define-primitive", "--out", "out").exit_code == 0
    names = sorted(path.name for path in Path("out").iterdir())
    assert names == ["define-primitive.png", "notes.txt", "primitives.png"]


def test_a_picture_is_never_written_over() -> None:
    Path("out").mkdir()
    Path("out/graph.png").write_text("precious")
    result = invoke("primitives", "graph", "--out", "out")
    assert result.exit_code == 2
    assert "Error: --out: out/graph.png exists; remove it or name another folder" in result.stderr
    assert [path.read_text() for path in Path("out").iterdir()] == ["precious"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["primitves"], "there is no demo 'primitves'; did you mean primitives?"),
        (["finite_differences"], "did you mean finite-differences?"),
        (["qqq"], "there is no demo 'qqq'; demos: primitives, graph, "),
        (["tanh", "all"], "all stands alone: sciopt demo all"),
        (["list", "tanh"], "list stands alone: sciopt demo list"),
        (["tanh", "--out", "file"], "--out: file is a file; name a folder"),
        (["tanh", "--out", "file/below"], "cannot write file/below: Not a directory; choose"),
        (["tanh", "--out", "a" * 300], "File name too long; choose another folder with --out"),
    ],
)
def test_bad_input_is_one_message_and_nothing_written(arguments: list[str], message: str) -> None:
    Path("file").write_text("")
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert result.stderr.count("Error: ") == 1
    assert message in result.stderr
    assert result.stdout == ""
    assert [path.name for path in Path().iterdir()] == ["file"]


def test_a_folder_that_may_not_be_written_is_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*, dir: Path) -> None:  # noqa: A002  (root may write anywhere)
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dir))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    result = invoke("tanh", "--out", "locked")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot write locked: Permission denied; choose another" in result.stderr


def test_a_missing_library_stops_its_demo_and_leaves_no_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    result = invoke("symbolic")
    assert result.exit_code == 2
    assert "pip install 'sciopt[demo]'" in result.stderr
    assert list(Path("runs").iterdir()) == []


def test_all_goes_on_without_the_demo_that_lacks_a_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    real = command._lecture

    def two_demos(part: str) -> Any:
        return real(part) if part else SimpleNamespace(DEMOS=("symbolic", "primitives"))

    monkeypatch.setattr(command, "_lecture", two_demos)
    result = invoke("all", "--out", "out")
    assert result.exit_code == 0
    assert "left out: the demo symbolic needs SymPy" in result.stderr
    assert [path.name for path in Path("out").iterdir()] == ["primitives.png"]
    assert "2 demos in " in result.stdout


def test_help_says_how() -> None:
    result = invoke("--help")
    assert result.exit_code == 0
    assert "sciopt demo all" in result.stdout


def test_the_tab_key_completes_names() -> None:
    names = command.demo.params[0]
    typed = names.shell_complete(click.Context(command.demo), "f")
    assert [item.value for item in typed] == ["finite-differences", "forward-reverse", "fluid"]
