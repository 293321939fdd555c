"""Stacks of products merged: fewer and larger ones, the same entries to rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.dead_code import without_dead_code
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.merged_products import with_merged_products
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay

RNG = onp.random.default_rng(2)
X, W = RNG.normal(size=(4, 5, 6)), RNG.normal(size=(6, 3))


def _merged(fun: Callable[..., Any], *args: Any) -> Program:
    recording = record(fun, *args)
    program = without_dead_code(with_merged_products(optimized(lower(recording))))
    got, wanted = Replay(program)(*args)[0], onp.asarray(recording.replay(*args))
    # Sums of at most 20 products, in another order.
    onp.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-13)
    return program


def _products(program: Program) -> list[Any]:
    return [value.shape for value in program.values if value.op == "matmul"]


def test_a_stack_times_a_matrix_is_one_product() -> None:
    assert _products(_merged(lambda x, w: x @ w, X, W)) == [(20, 3)]


def test_its_gradient_too() -> None:
    gradient = grad(lambda w, x: np.sum(np.tanh(x @ w)))
    assert _products(_merged(gradient, W, X)) == [(20, 3), (6, 3)]


def test_a_stack_that_does_not_lie_row_by_row_stays() -> None:
    assert _products(_merged(lambda x, w: x.T @ w[:4], X, W)) == [(6, 5, 3)]


def test_a_sum_over_a_part_of_a_stack_stays() -> None:
    x, y = RNG.normal(size=(2, 3, 4, 5)), RNG.normal(size=(2, 3, 5, 4))
    assert _products(_merged(lambda x, y: np.sum(x @ y, axis=1), x, y)) == [(2, 3, 4, 4)]
    assert _products(_merged(lambda x, y: np.sum(x @ y, axis=(0, 1)), x, y)) == [(2, 3, 4, 4)]
    turned = onp.ascontiguousarray(onp.swapaxes(x, 2, 3))
    program = _merged(lambda x, y: np.sum(np.swapaxes(x, 2, 3) @ y, axis=(0, 1)), turned, y)
    assert _products(program) == [(4, 4)]


def test_a_stack_that_is_read_otherwise_stays() -> None:
    def fun(x: Any, y: Any) -> Any:
        products = np.swapaxes(x, 1, 2) @ y
        return np.sum(products, axis=0) + products[0]

    assert _products(_merged(fun, X, X)) == [(4, 6, 6)]


def test_empty_matrices_stay() -> None:
    stack, matrix = onp.zeros((2, 3, 0)), onp.zeros((0, 4))
    assert _products(_merged(lambda x, w: x @ w, stack, matrix)) == [(2, 3, 4)]
    assert len(_products(_merged(lambda x, y: np.sum(x @ y, 0), X, onp.zeros((4, 6, 0))))) <= 1
