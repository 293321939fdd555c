"""Which back end runs what is compiled in a test."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

from autodiff.compile import backends, steps

HAS_LLVM = importlib.util.find_spec("llvmlite") is not None


def _use(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if backend == "llvm" and not HAS_LLVM:
        pytest.skip("llvmlite is not installed")
    monkeypatch.setenv("AUTODIFF_BACKEND", backend)
    backends.why_no_llvm.cache_clear()
    steps._families.clear()


@pytest.fixture(params=["replay", "llvm"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the back end, once each."""
    _use(request.param, monkeypatch)
    yield request.param
    monkeypatch.undo()
    backends.why_no_llvm.cache_clear()
    steps._families.clear()
