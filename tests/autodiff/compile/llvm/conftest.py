"""Compile a function that a test builds, and call it on arrays. Without llvmlite nothing runs."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

if importlib.util.find_spec("llvmlite") is None:
    assert not os.environ.get("CI"), "CI must have llvmlite, it comes with numba"
    collect_ignore_glob = ["math/*", "test_engine.py", "test_loops.py", "test_reductions.py"]
    collect_ignore_glob += ["test_gathers.py", "test_blas.py"]

Define = Callable[[Any], Any]
"""Adds a function to an llvmlite module and returns it."""


@pytest.fixture
def call() -> Callable[..., Any]:
    """call(define, *arrays): compile what `define` adds to a module, and call it on the arrays."""
    from llvmlite import ir

    from autodiff.compile.llvm import blas, engine

    def compile_and_call(define: Define, *arrays: np.ndarray, result: Any = None) -> Any:
        module = ir.Module()
        name = define(module).name
        library = engine.Library(engine.compile_object(module), [name], blas.symbols())
        function = library.function(name, *[ctypes.c_void_p] * len(arrays), result=result)
        return function(*(array.ctypes.data for array in arrays))

    return compile_and_call


@pytest.fixture
def host_is_x86() -> None:
    """Skip where the machine code is not that of x86-64, whose registers the test looks for."""
    from autodiff.compile.llvm import engine

    if not engine.host().triple.startswith("x86_64"):
        pytest.skip(f"looks for x86-64 registers, this is {engine.host().triple}")


@pytest.fixture
def _small_loops_are_shared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Threads divide what they otherwise leave to one of them."""
    from autodiff.compile.llvm import turns
    from autodiff.compile.loops import nest

    monkeypatch.setattr(nest, "WORTH_SHARING", 30_000)
    monkeypatch.setattr(turns, "WORTH_SHARING", 30_000)
    monkeypatch.setattr(turns, "_WORTH_THREADS", 300_000)
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path))
