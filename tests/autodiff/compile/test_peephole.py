"""Peephole: what is simplified, what must stay for the sake of bits, and that bits stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.dead_code import without_dead_code
from autodiff.compile.lowering import lower
from autodiff.compile.peephole import simplified
from autodiff.compile.replay import Replay

X = onp.array([[5e-324, -1.25, -0.0], [onp.inf, onp.nan, 0.0]])


def _ops(fun: Callable[[Any], Any], x: Any = X) -> list[str]:
    """The operations that are left, after checking the bits (the sign of zero included)."""
    with onp.errstate(all="ignore"):
        recording = record(fun, x)
        program = without_dead_code(simplified(without_dead_code(lower(recording))))
        got, wanted = Replay(program)(x)[0], onp.asarray(recording.replay(x))
    onp.testing.assert_array_equal(got, wanted)
    signs = [onp.signbit(onp.where(onp.isnan(a), 0, a)) for a in (got, wanted)]
    onp.testing.assert_array_equal(*signs)
    return [value.op for value in program.values if value.kind != "leaf"]


@pytest.mark.parametrize(
    ("fun", "ops"),
    [
        (lambda x: x * 1.0, []),
        (lambda x: 1 * x / 1, []),
        (lambda x: x - 0.0, []),
        (lambda x: x + (-0.0), []),
        (lambda x: np.exp(x) + 0.0, ["exp"]),
        (lambda x: x * x + 0, ["multiply"]),
        (lambda x: np.negative(-x), []),
        (lambda x: x - (-x), ["add"]),
        (lambda x: x + (-x), ["subtract"]),
        (lambda x: -x * -x, ["multiply"]),
        (lambda x: x.T.T, []),
        (lambda x: np.reshape(np.reshape(x, 6), (2, 3)), []),
        (lambda x: np.reshape(np.reshape(x, 6), (3, 2)), ["reshape"]),
        (lambda x: x.astype("longdouble").astype(float), []),
        (lambda x: np.broadcast_to(x[0], (2, 3)) * x, ["slice", "reshape", "multiply"]),
        (lambda x: np.real(np.conj(x)), []),
        (lambda x: x + np.ones(3) * 2, ["add"]),
        (lambda x: x / 4, ["multiply"]),
        (lambda x: x / np.full(3, -0.5), ["multiply"]),
        (lambda x: np.square(x) + np.exp(x) + 0.0, ["square", "exp", "add"]),
        (lambda x: np.sum(x[:, None], axis=1), ["add"]),
        (lambda x: np.sum(np.exp(x)[:, None], axis=1), ["exp"]),
        (lambda x: np.max(x[:, None], axis=1), []),
        (lambda x: np.sum(x[:1], axis=0, keepdims=True), ["slice", "add"]),
        (lambda x: np.prod(x[:1], axis=0), ["slice", "reshape"]),
        (lambda x: grad(lambda y: np.sum(y[None] * x))(x[0])[None], ["sum"]),
        (
            lambda x: np.broadcast_to(x[0], (2, 3)) * 2,
            ["slice", "reshape", "multiply", "broadcast", "copy"],
        ),
        (
            lambda x: np.sqrt(np.broadcast_to(x[0], (2, 3)) * 2) * x,
            ["slice", "reshape", "multiply", "sqrt", "multiply"],
        ),
    ],
)
def test_simplified(fun: Callable[[Any], Any], ops: list[str]) -> None:
    assert _ops(fun) == ops


@pytest.mark.parametrize(
    ("fun", "ops"),
    [
        (lambda x: x + 0.0, ["add"]),  # -0.0 becomes 0.0
        (lambda x: x * 0.0, ["multiply"]),  # inf and nan become nan
        (lambda x: 0.0 - x, ["subtract"]),
        (lambda x: x * -1.0, ["multiply"]),
        (lambda x: x.astype("float32").astype(float), ["cast", "cast"]),
        (lambda x: x / 3, ["divide"]),
        (lambda x: x / onp.array([2.0, 2.0, 4.0]), ["divide"]),
        (lambda x: x + onp.array([-0.0, -0.0, 0.0]), ["add"]),
        (lambda x: np.sum(x, axis=0), ["sum"]),
        # NumPy has a loop of its own for exp of what has gaps, and for a number as exponent.
        (lambda x: np.exp(np.reshape(x.T, 6)), ["transpose", "copy", "reshape", "exp"]),
        (
            lambda x: np.power(np.abs(x), np.broadcast_to(np.abs(x)[0, 0], (2, 3))),
            ["absolute", "slice", "reshape", "broadcast", "power"],
        ),
    ],
)
def test_kept(fun: Callable[[Any], Any], ops: list[str]) -> None:
    assert _ops(fun) == ops


def test_a_reshape_that_copies_is_kept_for_the_order_of_the_sum() -> None:
    x = onp.asfortranarray(onp.random.default_rng(0).normal(size=(40, 50)))
    ops = _ops(lambda x: np.sum(np.reshape(np.reshape(x, 2000), (40, 50)), axis=0), x)
    assert "copy" in ops
