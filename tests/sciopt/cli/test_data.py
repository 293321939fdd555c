"""`sciopt data`: what is there, and fetching what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sciopt.cli import main
from sciopt.hyperopt.data import fetch as fetching
from sciopt.hyperopt.data.builtin import DATA_SETS, GENERATORS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["data", *arguments])


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCIOPT_DATA", raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / "cache" / project)


def test_list_names_every_source_and_how_to_get_mnist() -> None:
    result = run("list")
    assert (result.exit_code, result.stderr) == (0, "")
    names = [line.split()[0] for line in result.stdout.splitlines()]
    assert names == [*DATA_SETS, *GENERATORS, "mnist"]
    assert "sciopt data fetch mnist" in result.stdout


def test_list_says_where_mnist_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"")
    monkeypatch.setenv("SCIOPT_DATA", str(tmp_path))
    assert f"in {tmp_path}\n" in run("list").stdout


def test_fetch_reports_on_stderr_and_prints_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch_one(name: str, folder: Path, mirrors: object) -> Path:
        (folder / f"{name}.gz").write_bytes(b"x")
        return folder / f"{name}.gz"

    monkeypatch.setattr(fetching, "_fetch", fetch_one)
    result = run("fetch", "mnist")
    folder = tmp_path / "cache" / "sciopt" / "mnist"
    assert (result.exit_code, result.stdout) == (0, f"{folder}\n")
    assert result.stderr.count("fetched and checked") == 4
    assert run("fetch", "mnist", "--data-dir", str(tmp_path / "d")).stdout == f"{tmp_path / 'd'}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fetch", "mnits"], "'mnits' is not 'mnist'"),
        (["fetch"], "Missing argument"),
        (["fetch", "mnist", "--data-dir", "file/below"], "--data-dir: cannot make the folder"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_an_address_that_does_not_answer_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching.fetch_mnist, "__defaults__", (["http://127.0.0.1:9/"],))
    result = run("fetch", "mnist", "--data-dir", str(tmp_path))
    assert result.exit_code == 2
    assert "could not be fetched (http://127.0.0.1:9/: cannot be reached)" in result.stderr


def test_help_is_there_for_each_command() -> None:
    for arguments in ([], ["list"], ["fetch"]):
        assert "Usage: " in run(*arguments, "--help").stdout
