"""Factors of products that lie with gaps, backwards or across, and products that must lie so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import assert_outputs_agree

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops.factors import with_matrices
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay

RNG = onp.random.default_rng(4)
X = RNG.normal(size=(6, 8))
W = RNG.normal(size=(4, 5))


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


LAYOUTS: dict[str, tuple[Any, Any]] = {
    "every other column": (X[:, ::2], W),
    "every other row": (X[::2, :4], W),
    "part of the rows": (X[:, 1:5], W),
    "backwards": (X[::-1, 4:], W),
    "by columns": (onp.asfortranarray(X[:, :4]), W.T.copy().T),
    "a column": (X[:4, 0], W),
    "a row backwards": (X[0, :4][::-1], W),
    "one row again and again": (onp.broadcast_to(X[0, :4], (3, 4)), W),
    "a column beside a matrix": (W.T, X[:4, 3]),
    "two columns": (X[:, 1], X[:, 2]),
    "stacks along the last axis": (RNG.normal(size=(4, 3, 2)).T, RNG.normal(size=(2, 4, 5))),
    "axes mixed": (RNG.normal(size=(3, 2, 4)).transpose(1, 2, 0), RNG.normal(size=(2, 3, 3))),
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_products_of_arguments_of_any_layout(name: str, dtype: str) -> None:
    native = pytest.importorskip("autodiff.compile.native", exc_type=ImportError)
    a, b = (x if dtype == "float64" else x.astype(dtype, order="K") for x in LAYOUTS[name])
    for fun in (lambda a, b: a @ b, lambda a, b: np.sum(np.tanh(a @ b)), lambda a, b: (a, a @ b)):
        program = _program(fun, a, b)
        assert_outputs_agree(program, (a, b), native.Native(program)(a, b), Replay(program)(a, b))


def test_only_what_is_given_or_leaves_is_copied() -> None:
    def count(fun: Any, *args: Any) -> int:
        program = with_matrices(_program(fun, *args))
        return [value.op for value in program.values].count("copy")

    assert count(lambda a, b: a @ b, X[:, :4], W) == 1
    assert count(lambda a, b: (a @ b) + (a @ b[::-1]), X[:, :4], W) == 1
    assert count(lambda a, b: a @ b, onp.asfortranarray(X[:, :4]), W) == 0
    assert count(lambda a: (a * 2) @ W, X[:, :4]) == 0
    assert count(lambda a, b: a.T @ b, onp.asfortranarray(X), X) == 0


def test_a_product_that_leaves_lies_as_that_of_numpy() -> None:
    native = pytest.importorskip("autodiff.compile.native", exc_type=ImportError)
    a = onp.asfortranarray(RNG.normal(size=(5, 2, 4, 3)))
    b = onp.asfortranarray(RNG.normal(size=(5, 2, 3, 3)))
    program = _program(lambda a, b: a @ b, a, b)
    assert [value.op for value in with_matrices(program).values][-1] == "copy"
    (got,) = native.Native(program)(a, b)
    onp.testing.assert_allclose(got, a @ b, rtol=1e-13, atol=1e-14)  # another order of three terms
    assert got.strides == (a @ b).strides
