"""Compiled code on disk: reused as long as no kernel's source has changed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from sciopt.kernel_cache import kernels_in, sources_digest


def test_the_digest_changes_with_any_source_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    first = sources_digest(tmp_path)
    assert sources_digest(tmp_path) == first
    (tmp_path / "b.py").write_text("")
    second = sources_digest(tmp_path)
    (tmp_path / "a.py").write_text("x = 2\n")
    assert len({first, second, sources_digest(tmp_path)}) == 3


def test_compiled_code_is_reused_until_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (tmp_path / "halving.py").write_text("def half(x):\n    return x * x.dtype.type(0.5)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    halving = import_module("halving")

    def misses_of_a_fresh_process() -> int:
        half = kernels_in(sources)(halving.half)
        assert half(np.ones(3))[0] == 0.5
        return sum(half.stats.cache_misses.values())

    assert misses_of_a_fresh_process() == 1
    assert misses_of_a_fresh_process() == 0
    (sources / "inlined.py").write_text("x = 1\n")
    assert misses_of_a_fresh_process() == 1
