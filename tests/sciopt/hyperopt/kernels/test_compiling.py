"""Compiled code on disk depends on all sources of the kernels."""

from __future__ import annotations

from pathlib import Path

from sciopt.hyperopt.kernels import compiling


def test_the_digest_changes_with_any_source_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    first = compiling.sources_digest(tmp_path)
    assert compiling.sources_digest(tmp_path) == first
    (tmp_path / "b.py").write_text("")
    second = compiling.sources_digest(tmp_path)
    (tmp_path / "a.py").write_text("x = 2\n")
    assert len({first, second, compiling.sources_digest(tmp_path)}) == 3
