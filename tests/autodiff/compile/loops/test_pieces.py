"""Values that are put together from many: in few pieces of code, and right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.loops.pieces import MOST_PIECES
from autodiff.compile.loops.steps import NestStep
from autodiff.compile.lowering import lower
from autodiff.compile.native import Native
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.recording import record

pytest.importorskip("llvmlite")

ROWS = onp.random.default_rng(3).normal(size=(60, 7))


def stacked(x: Any) -> Any:
    return np.stack([np.tanh(row) for row in x])


def of_two_shapes(x: Any) -> Any:
    return np.concatenate([row if k % 2 else row[:3] for k, row in enumerate(x)]) * 2


def side_by_side(x: Any) -> Any:
    return np.concatenate([np.roll(row[:, None], 2, 0) for row in x], axis=1) ** 2


def of_numbers(x: Any) -> Any:
    return np.array([np.sum(row) for row in x])


def padded(x: Any) -> Any:
    total = 0.0
    for k in range(60):
        total = total + np.pad(x[k, :3], (k, 60 - k))
    return total


def rolled_again_and_again(x: Any) -> Any:
    for _ in range(60):
        x = np.roll(x, 3) * 0.5
    return x


def replaced_one_by_one(x: Any) -> Any:
    y = x[:, 0]
    for k in range(60):
        y = np.concatenate([y[:k], [x[k, 1]], y[k + 1 :]])
    return y


@pytest.mark.parametrize(
    "fun",
    [
        stacked, of_two_shapes, side_by_side, of_numbers, padded, rolled_again_and_again,
        replaced_one_by_one,
    ],
)  # fmt: skip
def test_values_put_together_from_many(fun: Callable[[Any], Any]) -> None:
    program = loosened(optimized(lower(record(fun, ROWS))))
    loops = loop_program(program)
    nests = [step.nest for step in loops.steps if isinstance(step, NestStep)]
    assert max(len(nest.pieces) for nest in nests) <= MOST_PIECES
    (result,) = Native(program)(ROWS)
    onp.testing.assert_allclose(result, fun(ROWS), rtol=1e-14, atol=1e-300)  # own tanh: 2.6 ulp


def test_a_sum_of_everything_that_is_read_in_pieces() -> None:
    x = ROWS[0]
    for fun in (lambda x: np.sum(np.roll(x, 3) * x), lambda x: (np.sum(x * x), np.roll(x, 3) * x)):
        program = loosened(optimized(lower(record(fun, x))))
        result, *_ = Native(program)(x)
        expected = fun(x)[0] if isinstance(fun(x), tuple) else fun(x)
        onp.testing.assert_allclose(result, expected, rtol=1e-13)  # sums in another order


def test_few_are_joined_where_they_are_read() -> None:
    fun = lambda x: np.concatenate([x[:2], x[5:9]]) * 2  # noqa: E731
    program = optimized(lower(record(fun, ROWS)))
    (step,) = loop_program(program).steps
    assert isinstance(step, NestStep)
    assert len(step.nest.pieces) == 2
