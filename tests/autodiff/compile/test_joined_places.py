"""Sums of parts are put side by side, with the same bits and the same zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.dead_code import without_dead_code
from autodiff.compile.joined_places import with_joined_places
from autodiff.compile.lowering import lower
from autodiff.compile.peephole import simplified
from autodiff.compile.replay import Replay
from autodiff.numpy.indexing import scatter

X = onp.array([[1.5, -0.0, 2.5], [-0.5, 0.0, -0.0], [1e9, -1e9, 1e-9]])


def _ops(fun: Callable[[Any], Any]) -> list[str]:
    recording = record(fun, X)
    program = without_dead_code(simplified(lower(recording)))
    assert sum(value.op == "place" for value in program.values) > 1
    program = without_dead_code(with_joined_places(program))
    got, wanted = Replay(program)(X)[0], onp.asarray(recording.replay(X))
    onp.testing.assert_array_equal(got, wanted)
    onp.testing.assert_array_equal(onp.signbit(got), onp.signbit(wanted))
    return [value.op for value in program.values if value.kind not in ("leaf", "view")]


def _row(x: Any, k: int, rows: int = 3) -> Any:
    return scatter(x[k], k, (rows, 3))


def test_all_rows_are_put_side_by_side() -> None:
    assert _ops(lambda x: _row(x, 2) + _row(x, 0) + _row(x, 1)) == ["concatenate", "add"]


def test_between_parts_are_zeros() -> None:
    assert _ops(lambda x: _row(x, 2, 5) + _row(x, 0, 5)) == ["concatenate", "add"]


def test_what_is_in_one_place_is_added_first_in_the_same_order() -> None:
    ops = _ops(lambda x: _row(x, 2) + _row(x, 1) + _row(x * x, 2) + _row(-x, 2) + _row(x, 0))
    assert ops == ["multiply", "negative", "add", "add", "concatenate", "add"]


def test_a_sum_that_was_begun_before_goes_on() -> None:
    assert _ops(lambda x: x * x + _row(x, 1) + _row(x, 0)) == [
        "multiply", "concatenate", "add", "add",
    ]  # fmt: skip


def test_columns() -> None:
    def column(x: Any, k: int) -> Any:
        return scatter(x[:, k], (slice(None), k), (3, 3))

    assert _ops(lambda x: column(x, 1) + column(x, 0)) == ["concatenate", "add"]


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: scatter(x, slice(0, 3), (4, 3)) + scatter(x, slice(1, 4), (4, 3)),
        lambda x: scatter(x[0], (0, slice(0, 3)), (4, 4)) + scatter(x[0], (1, slice(1, 4)), (4, 4)),
        lambda x: scatter(x, slice(0, 6, 2), (6, 3)) + scatter(x, slice(1, 6, 2), (6, 3)),
        lambda x: x + _row(x, 0) + x * 2 + _row(x, 1),
    ],
)
def test_overlapping_and_other_sums_stay(fun: Callable[[Any], Any]) -> None:
    assert _ops(fun).count("place") == 2


def test_cotangents_of_gates_are_concatenated() -> None:
    def loss(x: Any) -> Any:
        one, two, three = np.split(x * 2, 3, axis=1)
        return np.sum(np.tanh(one) * np.exp(two) + three)

    assert "place" not in _ops(grad(loss))


def test_parts_of_an_argument_with_gaps_are_added() -> None:
    x = onp.repeat(X, 2, 1)[:, ::2]
    part = lambda x, k: scatter(x, slice(k, k + 3), (4, 3))  # noqa: E731
    recording = record(lambda x: part(x, 0) + part(x, 0) + part(x, 1) * x[0], x)
    program = without_dead_code(with_joined_places(simplified(lower(recording))))
    onp.testing.assert_array_equal(Replay(program)(x)[0], recording.replay(x))
