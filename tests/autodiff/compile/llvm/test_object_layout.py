"""Where the parts of objects lie is looked up, not believed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from autodiff.compile import backends
from autodiff.compile.llvm import object_layout
from autodiff.compile.llvm.object_layout import LAYOUT, Layout


def test_the_layout_holds_here_and_another_does_not() -> None:
    assert object_layout.holds()
    assert not object_layout.holds(Layout(LAYOUT.items - 8, LAYOUT.data))  # there is the length
    assert not object_layout.holds(Layout(LAYOUT.items, LAYOUT.data + 8))  # there is the rank


def test_it_holds_in_no_other_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    other = SimpleNamespace(implementation=SimpleNamespace(name="pypy"))
    monkeypatch.setattr(object_layout, "sys", other)
    assert not object_layout.holds.__wrapped__()


def test_programs_are_replayed_where_it_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    monkeypatch.delenv("AUTODIFF_BACKEND", raising=False)
    monkeypatch.setattr(object_layout, "holds", lambda: False)
    why = backends.why_no_llvm.__wrapped__()
    assert why == "this Python does not lay its objects out as CPython does"
