"""Long chains are planned in few attempts, so that planning takes linear time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile.ir import Program
from autodiff.compile.loops import loop_program as planning
from autodiff.compile.loops.memory_views import places_of
from autodiff.compile.loops.storing import DEEPEST, keeps_axes, stored_values
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.recording import record

X = onp.random.default_rng(2).normal(size=20)


def program_of(fun: Callable[..., Any], *args: Any) -> Program:
    return loosened(optimized(lower(record(fun, *args))))


def repeated(step: Callable[[Any], Any], times: int) -> Callable[[Any], Any]:
    def fun(x: Any) -> Any:
        for _ in range(times):
            x = step(x)
        return x

    return fun


@pytest.mark.parametrize(
    ("shape", "wanted", "keeps"),
    [
        ((6, 5), (2, 3, 5), True), ((6,), (2, 1, 3), True), ((), (1, 1), True),
        ((2, 3), (6,), False), ((4, 6), (3, 8), False), ((6, 1, 5), (6, 5), True),
    ],
)  # fmt: skip
def test_which_reshapes_lead_to_an_index(
    shape: tuple[int, ...], wanted: tuple[int, ...], keeps: bool
) -> None:
    assert keeps_axes(shape, wanted) == keeps


@pytest.mark.parametrize(
    "step",
    [
        lambda x: np.reshape(np.transpose(np.reshape(x, (2, 2, 5)), (1, 2, 0)) * 2, (20,)),
        lambda x: np.roll(x, 3) * 0.5,
        lambda x: np.concatenate([x[5:], x[:5] * 2.0]),
        lambda x: np.where(x > 0, x, -x),
    ],
    ids=["reshapes", "rolls", "joins", "choices"],
)
def test_long_chains_are_planned_in_few_attempts(
    step: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def counted(*args: Any) -> Any:
        attempts.append(args)
        return stored_values(*args)

    monkeypatch.setattr(planning, "stored_values", counted)
    planning.loop_program(program_of(repeated(step, 400), X))
    assert len(attempts) <= 4


def test_nothing_is_computed_from_too_far_away() -> None:
    program = program_of(repeated(lambda x: np.flip(np.abs(x)), 500), onp.ones((3, 20)).T)
    stored = stored_values(program)
    places = places_of(program, stored)
    depths: list[int] = []
    for k, value in enumerate(program.values):
        depth = 0 if k in places else 1 + max([depths[x] for x in value.operands], default=-1)
        depths.append(depth)
    assert max(depths) <= DEEPEST
