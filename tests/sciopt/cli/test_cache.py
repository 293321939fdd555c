"""`sciopt cache`: what is kept and where, and deleting it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from autodiff.compile.llvm import cache as programs
from sciopt.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cache", *arguments])


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path / "programs"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    return tmp_path


def test_an_empty_cache_says_where_it_would_be(place: Path) -> None:
    result = run("show")
    assert (result.exit_code, result.stderr) == (0, "")
    programs_line, kernels_line = result.stdout.splitlines()
    assert programs_line.startswith("programs  0 of 0.0 MiB (at most 256.0 MiB) in ")
    assert programs_line.endswith(str(place / "programs"))
    assert kernels_line == "kernels   0 of 0.0 MiB in no folder yet"


def test_show_counts_and_clear_deletes_programs_but_no_kernels(place: Path) -> None:
    for k in range(3):
        programs.store(programs.key([str(k)]), bytes(2**20))
    kernels = place / "numba" / "kernels_0123"
    kernels.mkdir(parents=True)
    (kernels / "advect.1.nbc").write_bytes(bytes(2**19))
    shown = run("show").stdout
    assert "programs  3 of 3.0 MiB" in shown
    assert "used from 2" in shown
    assert f"kernels   1 of 0.5 MiB in {kernels}" in shown
    assert run("clear").stdout == f"3 deleted from {place / 'programs'}\n"
    assert "programs  0 of" in run("show").stdout
    assert "kernels   1 of" in run("show").stdout


def test_help_tells_what_is_kept() -> None:
    assert "AUTODIFF_CACHE_DIR" in run("show", "--help").stdout
    assert "clear" in run("--help").stdout
