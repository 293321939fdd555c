"""The collector pauses while programs are made, and is then as it was."""

from __future__ import annotations

import gc

import numpy as onp
import pytest

from autodiff import compiled
from autodiff.compile import RecordingError
from autodiff.compile.garbage import uncollected


def test_the_collector_is_as_it_was() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="within"), uncollected():
        raise ValueError("within")
    assert gc.isenabled()


def test_it_stays_off_where_the_user_turned_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        assert compiled(lambda x: x * 3.0)(2.0) == 6.0
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_who_finds_it_off_does_not_turn_it_off_after_another_has_turned_it_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the question and the pause the other thread's pause may end."""

    def asked() -> bool:
        gc.enable()
        return False

    monkeypatch.setattr(gc, "isenabled", asked)
    with uncollected():
        pass
    monkeypatch.undo()
    assert gc.isenabled()


def test_it_is_on_again_after_a_function_that_cannot_be_recorded() -> None:
    with pytest.raises(RecordingError):
        compiled(lambda x: 1.0 if x > 0 else x)(2.0)
    assert gc.isenabled()


def test_it_pauses_while_a_function_is_recorded() -> None:
    seen = []

    def fun(x: onp.ndarray) -> onp.ndarray:
        seen.append(gc.isenabled())
        return x * 2.0

    compiled(fun)(onp.ones(3))
    assert seen == [False]
    assert gc.isenabled()
