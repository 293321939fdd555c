"""The command as a whole: help, version, and errors as messages."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import sciopt.cli
from sciopt.cli import main
from sciopt.errors import DivergenceError, TargetError

ROOT = Path(__file__).resolve().parents[3]
HEAVY = ("numpy", "scipy", "numba", "matplotlib", "pydantic", "rich", "yaml", "PIL")


def python(code: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
        cwd=ROOT,
    )  # fmt: skip
    return finished.stdout


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, sciopt.cli\n"
        "try: sciopt.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print('LOADED', [name for name in {HEAVY} if name in sys.modules])"
    )
    assert "LOADED []" in python(code)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, sciopt; print([name for name in {HEAVY} if name in sys.modules])"
    assert python(code).strip() == "[]"


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], []])
def test_help_shows_the_commands_examples_and_completion(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    for words in (
        "fluid ",
        "config ",
        "sciopt fluid --target smile",
        "_SCIOPT_COMPLETE=bash_source",
    ):
        assert words in result.output
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("name", list(sciopt.cli._COMMANDS))
def test_each_command_bears_the_help_of_the_list(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert (command.help or "").split("\n")[0] == sciopt.cli._COMMANDS[name][1]


def test_the_version_is_that_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sciopt), "__version__", "1.2.3")
    result = CliRunner().invoke(main, ["--version"])
    assert (result.output, result.exit_code) == ("sciopt 1.2.3\n", 0)


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    result = CliRunner().invoke(main, ["flud"])
    assert result.exit_code == 2
    assert "there is no command 'flud'; did you mean fluid?" in result.stderr


@pytest.mark.parametrize(
    ("error", "message", "exit_code"),
    [
        (TargetError("no such picture."), "Error: no such picture.\n", 2),
        (DivergenceError("NaN."), "Error: NaN.\n", 1),
        (MemoryError(), "Error: not enough memory; ", 1),
        (OSError(errno.ENOSPC, "No space left on device", "a.png"), "Error: cannot write a.png", 2),
    ],
)
def test_a_failure_is_one_message_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: Exception, message: str, exit_code: int
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(type(main), "get_command", lambda *_: click.Command("x", callback=fail))
    result = CliRunner().invoke(main, ["fluid"])
    assert result.exit_code == exit_code
    assert result.stderr.startswith(message)
    assert result.stdout == ""


def test_a_defect_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(type(main), "get_command", lambda *_: click.Command("x", callback=fail))
    with pytest.raises(PermissionError):
        CliRunner().invoke(main, ["fluid"], catch_exceptions=False)
