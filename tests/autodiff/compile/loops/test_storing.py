"""What is stored: what leaves, what products and sums need and give, what is dear and reread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops.storing import (
    LONGEST,
    is_matrix,
    is_unrolled,
    stored_values,
    uniform,
)
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

X = onp.random.default_rng(0).normal(size=(16, 12))


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _stored(fun: Callable[..., Any], *args: Any) -> list[str]:
    """The operations whose results are stored."""
    program = _program(fun, *args)
    memory = stored_values(program)
    return [v.op for k, v in enumerate(program.values) if k in memory and v.kind != "leaf"]


def test_what_leaves_is_stored_and_what_is_read_once_is_not() -> None:
    assert _stored(lambda x: np.tanh(x * 2) - 1, X) == ["subtract"]
    assert _stored(lambda x: (np.tanh(x * 2), x + 1), X) == ["tanh", "add"]


def test_what_is_dear_and_read_twice_is_stored() -> None:
    assert "tanh" in _stored(lambda x: np.tanh(x) * np.roll(np.tanh(x), 1, 0), X)
    assert _stored(lambda x: (x + 1) * np.roll(x + 1, 1, 0), X) == ["multiply"]


def test_what_is_read_at_a_larger_shape_is_stored() -> None:
    assert _stored(lambda x: x * np.exp(x[:, :1]), X) == ["exp", "multiply"]
    assert _stored(lambda x: x * (x[:, :1] + 1), X) == ["multiply"]


def test_products_and_sums_are_stored_and_so_are_factors() -> None:
    assert _stored(lambda x: np.tanh((x * 2) @ x.T), X) == ["multiply", "matmul", "tanh"]
    assert _stored(lambda x: np.sum(x * x, 0) + 1, X) == ["sum", "add"]
    # The factor itself, not the view of it.
    assert _stored(lambda x: np.tanh(x).T @ x, X) == ["tanh", "matmul"]


def test_short_sums_are_written_out() -> None:
    program = _program(lambda x: np.sum(x[:, :3], 1) * 2, X)
    (k,) = [k for k, value in enumerate(program.values) if value.op == "sum"]
    assert is_unrolled(program, program.values[k])
    assert k not in stored_values(program)
    program = _program(lambda x: np.sum(x, 1), X)
    assert not any(is_unrolled(program, value) for value in program.values)


def test_long_chains_are_stored_on_the_way() -> None:
    def chain(x: Any) -> Any:
        for k in range(20):
            x = np.sin(x) + k
        return x

    stored = _stored(chain, X)
    assert 20 * 15 / LONGEST - 2 <= len(stored) <= 20 * 15 / 14


def test_what_is_forced_is_stored() -> None:
    program = _program(lambda x: np.tanh(x * 2), X)
    (k,) = [k for k, value in enumerate(program.values) if value.op == "multiply"]
    assert k not in stored_values(program)
    assert k in stored_values(program, {k})


def test_results_keep_their_layout_and_others_lie_in_c_order() -> None:
    program = _program(lambda x: np.tanh(x) * np.roll(np.tanh(x), 1, 0), onp.asfortranarray(X))
    memory = stored_values(program)
    strides = {v.op: memory[k] for k, v in enumerate(program.values) if k in memory}
    assert strides["input"] == strides["multiply"] == (1, 16)
    assert strides["tanh"] == (12, 1)


def test_constants_of_one_number_are_part_of_the_code() -> None:
    def constants(array: Any, fun: Any = lambda x, c: x * c) -> list[bool]:
        program = _program(lambda x: fun(x, array), X)
        return [uniform(value) for value in program.values if value.op == "constant"]

    assert constants(onp.full((16, 12), 3.0)) == [True]
    assert constants(onp.arange(12.0)) == [False]
    assert constants(onp.array([0.0, -0.0] * 6)) == [False]  # equal, but not bit by bit


@pytest.mark.parametrize(
    ("shape", "strides", "wanted"),
    [
        ((4, 3), (3, 1), True),
        ((4, 3), (1, 4), True),
        ((4, 3), (4, 1), False),
        ((4, 3), (-3, 1), False),
        ((4, 3), (6, 2), False),
        ((4, 3), (0, 1), False),
        ((1, 3), (99, 1), True),
        ((4, 1), (1, 99), True),
        ((4, 1), (2, 1), False),
        ((2, 4, 3), (99, 3, 1), True),
        ((5,), (1,), True),
        ((5,), (2,), False),
        ((1,), (7,), True),
    ],
)
def test_matrices_without_gaps(shape: Any, strides: Any, wanted: bool) -> None:
    assert is_matrix(shape, strides) == wanted
