"""Fillings, ranges and grids from traced numbers."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, jacobian, make_vjp
from autodiff.test_util import check_grads

PAIR = (onp.array([0.5, 2.0]), onp.array([3.0, 1.0]))


@pytest.mark.parametrize(
    "make",
    [
        lambda xp, a, b: xp.full((2, 2), a),
        lambda xp, a, b: xp.full(2, a[0], dtype=onp.float32),
        lambda xp, a, b: xp.full_like(onp.ones((3, 2), onp.float32), a),
        lambda xp, a, b: xp.full_like(b, 3.0) * a,
        lambda xp, a, b: xp.full_like(b, a[0], dtype=complex, shape=(2, 1)),
        lambda xp, a, b: xp.linspace(a, b),
        lambda xp, a, b: xp.linspace(a[0], b[0], 7, endpoint=False),
        lambda xp, a, b: xp.linspace(0, b, num=3, axis=-1),
        lambda xp, a, b: xp.linspace(a, b[0], 1),
        lambda xp, a, b: xp.linspace(a, b, 0),
        lambda xp, a, b: xp.linspace(a, b, 3, dtype=complex),
        lambda xp, a, b: xp.linspace(a, 1j, 3),
        lambda xp, a, b: xp.linspace([a[0], 1], [b[0], b[1]], 3),
        lambda xp, a, b: xp.geomspace([a[0], 1], [b[0], b[1]], 3),
        lambda xp, a, b: xp.logspace([a[0], 1], 2.0, 3),
        lambda xp, a, b: xp.logspace(a, b, 5),
        lambda xp, a, b: xp.logspace(1, a, 3, False, base=2.0, axis=1),
        lambda xp, a, b: xp.logspace(0.5, 2, 3, base=b),
        lambda xp, a, b: xp.geomspace(a, b, 5),
        lambda xp, a, b: xp.geomspace(-a[0], -b[0], 4, endpoint=False),
        lambda xp, a, b: xp.geomspace(a, 1 + 2j, 4, axis=1),
        lambda xp, a, b: xp.geomspace(1e-200, 1e100 * b[0], 4),
        lambda xp, a, b: xp.arange(a[0], 5),
        lambda xp, a, b: xp.arange(a[0], 3.4, step=b[0] / 5),
        lambda xp, a, b: xp.meshgrid(a, b)[1],
        lambda xp, a, b: xp.meshgrid(a, b, [1, 2, 3], indexing="ij", sparse=True)[2],
        lambda xp, a, b: xp.meshgrid(a, b, a, sparse=False, copy=False)[0],
        lambda xp, a, b: xp.meshgrid(a)[0],
        lambda xp, a, b: xp.meshgrid(a[0], b)[0],
        lambda xp, a, b: xp.broadcast_arrays(a, [[1], [2], [3]])[0],
        lambda xp, a, b: xp.broadcast_arrays(a, [[1], [2], [3]])[1] * a,
        lambda xp, a, b: xp.ix_([True, False, True], a)[1],
    ],
)  # fmt: skip
def test_values_shapes_and_dtypes_are_numpys(make: Any) -> None:
    expected = make(onp, *PAIR)
    got = make_vjp(lambda ab: make(np, *ab))(PAIR)[1]
    assert onp.shape(got) == onp.shape(expected)
    assert onp.asarray(got).dtype == onp.asarray(expected).dtype
    onp.testing.assert_allclose(got, expected, rtol=1e-12)


def test_ends_are_met_exactly() -> None:
    made = make_vjp(lambda a: np.linspace(a, 3 * a, 50))(0.1)[1]
    assert made[0] == 0.1
    assert made[-1] == 3 * 0.1


def test_entries_of_a_range_move_with_its_start_and_step() -> None:
    onp.testing.assert_array_equal(jacobian(lambda a: np.arange(a, 4.0))(0.5), onp.ones(4))
    onp.testing.assert_array_equal(jacobian(lambda s: np.arange(0, 3.5, s))(1.0), [0, 1, 2, 3])
    onp.testing.assert_array_equal(jacobian(lambda stop: stop * np.arange(stop))(2.5), [0, 1, 2])


def test_step_of_linspace_is_differentiated_too() -> None:
    check_grads(lambda a: np.linspace(a, a**2, 5, retstep=True)[1])(0.7)
    assert onp.isnan(make_vjp(lambda a: a * np.linspace(a, 2.0, 1, retstep=True)[1])(0.7)[1])


def test_a_filled_array_is_no_view_of_its_filling() -> None:
    assert make_vjp(lambda x: np.full((3, 2), x))(onp.ones(2))[1].flags.writeable
    assert grad(lambda x: np.sum(np.full((3, 2), x) ** 2))(2.0) == 24


def test_what_is_no_range_is_refused() -> None:
    for message, fun in [
        ("neither end may be 0", lambda x: np.geomspace(x, 0 * x)),
        ("indexing must be 'xy' or 'ij'", lambda x: np.meshgrid(x, indexing="yx")[0]),
        ("must have one axis", lambda x: np.ix_(x)[0]),
    ]:
        with pytest.raises(ValueError, match=message):
            grad(lambda x, f=fun: np.sum(f(x)))(2.0)
