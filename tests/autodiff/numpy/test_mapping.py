"""Functions of one dimension or one number, applied throughout an array."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.test_util import check_grads

X = onp.arange(24.0).reshape(2, 4, 3) / 7.3


def _value(fun: Any, x: Any = X) -> Any:
    return make_vjp(fun)(x)[1]


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_results_of_any_rank_stand_where_the_axis_was(axis: int) -> None:
    for along in (
        lambda xp: lambda row: xp.sum(row**2),
        lambda xp: lambda row: row[::-1] * 2,
        lambda xp: lambda row: xp.outer(row, row[:2]),
    ):
        fun = lambda xp, x, f=along: xp.apply_along_axis(f(xp), axis, x)  # noqa: E731
        onp.testing.assert_allclose(_value(lambda x, f=fun: f(np, x)), fun(onp, X))
        check_grads(lambda x, f=fun: f(np, x))(X[:, :2])
    scaled = lambda xp, x: xp.apply_along_axis(lambda r, a, b: a * r + b, 0, x, 2.0, b=x[0, 0, 1])  # noqa: E731
    onp.testing.assert_allclose(_value(lambda x: scaled(np, x)), scaled(onp, X))


def test_reductions_over_axes_keep_the_rank() -> None:
    for axes in (0, [0, -1], (2, 1)):
        fun = lambda xp, x, a=axes: xp.apply_over_axes(xp.mean, x, a)  # noqa: E731
        onp.testing.assert_allclose(_value(lambda x, f=fun: f(np, x)), fun(onp, X))
    with pytest.raises(ValueError, match="keep the axes"):
        _value(lambda x: np.apply_over_axes(lambda y, a: np.sum(y), x, 0))


def _branching(a: float, b: float = 2.0, power: int = 1) -> float:
    return a * b**power if a > 1 else a - b


def test_vectorized_functions_broadcast_and_branch() -> None:
    fun = np.vectorize(_branching, doc="What it does.")
    assert fun.__doc__ == "What it does."
    b = onp.array([0.5, 1.5, 2.5])
    raw = onp.vectorize(_branching)
    onp.testing.assert_allclose(fun(X, b), raw(X, b))
    onp.testing.assert_allclose(_value(lambda x: fun(x, b)), raw(X, b))
    onp.testing.assert_allclose(_value(lambda x: fun(x, b=x[0, 0])), raw(X, b=X[0, 0]))
    onp.testing.assert_allclose(_value(lambda x: fun(1.5, x)), raw(1.5, X))
    check_grads(lambda x, b: fun(x, b), (0, 1))(X[0], b)


def test_vectorize_leaves_excluded_arguments_whole() -> None:
    fun = lambda xp: xp.vectorize(lambda p, x: xp.polyval(p, x), excluded=[0])  # noqa: E731
    onp.testing.assert_allclose(_value(lambda x: fun(np)(x[0, 0], x[0])), fun(onp)(X[0, 0], X[0]))
    named = lambda xp: xp.vectorize(_branching, excluded={"power"})  # noqa: E731
    onp.testing.assert_allclose(
        _value(lambda x: named(np)(x, 3.0, power=2)), named(onp)(X, 3.0, power=2)
    )


def test_vectorize_takes_signatures_tuples_and_decorates() -> None:
    signed = lambda xp: xp.vectorize(xp.outer, signature="(n),(m)->(n,m)")  # noqa: E731
    onp.testing.assert_allclose(_value(lambda x: signed(np)(x, x[0, 0])), signed(onp)(X, X[0, 0]))

    @np.vectorize(otypes=[float, float])
    def both(a: float) -> tuple[float, float]:
        return a * a, 3.0 * a

    onp.testing.assert_allclose(_value(lambda x: both(x)[0] + both(x)[1]), X * X + 3 * X)
    with pytest.raises(TypeError, match="takes 2 arrays, got 1"):
        _value(lambda x: signed(np)(x))
    with pytest.raises(ValueError, match="no result at all"):
        _value(lambda x: both(x[:0])[0])


def test_iterators_of_boxes_are_gathered() -> None:
    total = grad(lambda x: np.sum(np.fromiter((v * v for v in x), float, count=2)))(X[0, :, 0])
    onp.testing.assert_allclose(total, [0, 2 * X[0, 1, 0], 0, 0])
    onp.testing.assert_array_equal(np.fromiter(range(3), int), [0, 1, 2])
    with pytest.raises(ValueError, match="is empty"):
        _value(lambda x: np.apply_along_axis(np.sum, 0, x[:, :0]))
