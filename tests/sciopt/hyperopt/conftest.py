"""Which back end runs the recorded steps of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autodiff.compile.backends import why_no_llvm


@pytest.fixture(autouse=True)
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replay: machine code for five steps takes longer to make than to run.

    Modules that are about machine code have a fixture of this name that does nothing.
    """
    monkeypatch.setenv("AUTODIFF_BACKEND", "replay")  # in processes begun by a test too
    why_no_llvm.cache_clear()
    yield
    monkeypatch.undo()
    why_no_llvm.cache_clear()
