"""Entries put in and taken out, diagonals, copies, histograms."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.test_util import check_grads

M = onp.arange(1.0, 13).reshape(3, 4)
V = onp.array([0.0, 0.0, 3.0, 0.0, 5.0, 0.0])


@pytest.mark.parametrize(
    "edit",
    [
        lambda xp, x, v: xp.delete(x, 1, axis=0),
        lambda xp, x, v: xp.delete(x, [0, 5]),
        lambda xp, x, v: xp.delete(x, slice(None, None, 2), -1),
        lambda xp, x, v: xp.delete(v, onp.array([True, False, True, True, False, False])),
        lambda xp, x, v: xp.insert(v, 2, [7.0, 8.0, 9.0]),
        lambda xp, x, v: xp.insert(v, [2], [7.0, 8.0, 9.0]),
        lambda xp, x, v: xp.insert(v, [-1, 0, 2], v[2]),
        lambda xp, x, v: xp.insert(v, slice(0, 4, 2), v[:2]),
        lambda xp, x, v: xp.insert(x, 1, 5, axis=1),
        lambda xp, x, v: xp.insert(x, 1, [1, 2, 3], axis=1),
        lambda xp, x, v: xp.insert(x, [1], [[1], [2], [3]], axis=1),
        lambda xp, x, v: xp.insert(x, [2, 2], [6, 7]),
        lambda xp, x, v: xp.insert(x, -1, x, axis=0),
        lambda xp, x, v: xp.insert([1.0, 2.0], 1, v[2]),
        lambda xp, x, v: xp.resize(x, (5, 5)),
        lambda xp, x, v: xp.resize(v, 4),
        lambda xp, x, v: xp.resize(x, (0, 2)),
        lambda xp, x, v: xp.resize(v[:0], 3),
        lambda xp, x, v: xp.trim_zeros(v),
        lambda xp, x, v: xp.trim_zeros(v, trim="f"),
        lambda xp, x, v: xp.trim_zeros(0 * v),
        lambda xp, x, v: xp.rollaxis(x, 1),
        lambda xp, x, v: xp.rollaxis(x[None], axis=-3, start=-1),
        lambda xp, x, v: xp.diag(v, -1),
        lambda xp, x, v: xp.diag(x, 1),
        lambda xp, x, v: xp.diag(v[:0], 2),
        lambda xp, x, v: xp.diagflat(x, -2),
        lambda xp, x, v: xp.ascontiguousarray(v[2]),
        lambda xp, x, v: xp.asfortranarray(x, dtype=onp.float32),
        lambda xp, x, v: xp.copy(x),
        lambda xp, x, v: xp.bincount([1, 5, 0, 0, 2, 2], weights=v, minlength=8),
        lambda xp, x, v: xp.histogram(v, 3, weights=v)[0],
        lambda xp, x, v: xp.histogram(v, 3)[0] * v[2],
        lambda xp, x, v: xp.histogram2d(v, v[::-1], (2, 3), density=True, weights=v)[0],
        lambda xp, x, v: xp.histogramdd(x, 2, weights=v[2:5])[0],
        lambda xp, x, v: xp.histogram([-1, 0, 1, 2, 3, 9], [0, 1, 3], weights=v)[0],
    ],
)  # fmt: skip
def test_values_shapes_and_dtypes_are_numpys(edit: Any) -> None:
    expected = edit(onp, M, V)
    got = make_vjp(lambda xv: edit(np, *xv))((M, V))[1]
    assert onp.shape(got) == onp.shape(expected)
    assert onp.asarray(got).dtype == onp.asarray(expected).dtype
    onp.testing.assert_allclose(got, expected, rtol=1e-14)


def test_zeros_are_trimmed_along_every_axis_or_those_given() -> None:
    framed = onp.pad(M, ((1, 2), (0, 1)))
    trimmed = make_vjp(np.trim_zeros)(framed)[1]
    onp.testing.assert_array_equal(trimmed, M)
    along = make_vjp(lambda x: np.trim_zeros(x, "b", axis=-1))(framed)[1]
    onp.testing.assert_array_equal(along, framed[:, :-1])


@pytest.mark.parametrize("offset", [0, 2, -1])
@pytest.mark.parametrize("axes", [(-1, -2), (0, 1), (1, -1)])
def test_make_diagonal_undoes_diagonal(offset: int, axes: tuple[int, int]) -> None:
    stacked = make_vjp(lambda d: np.make_diagonal(d, offset, *axes))(M)[1]
    onp.testing.assert_array_equal(onp.diagonal(stacked, offset, *axes), M)
    assert stacked.sum() == M.sum()
    check_grads(lambda d: np.make_diagonal(d, offset, *axes))(M)


def test_what_cannot_be_edited_is_refused() -> None:
    for message, error, fun in [
        ("1 or 2 axes", ValueError, lambda x: np.diag(x[None])),
        ("same axis", ValueError, lambda x: np.make_diagonal(x, 0, 1, 1)),
        ("must not be negative", ValueError, lambda x: np.resize(x, (-1, 2))),
        ("out of bounds", IndexError, lambda x: np.insert(x, 99, 1.0)),
        ("range", IndexError, lambda x: np.delete(x, 0, axis=2)),
    ]:
        with pytest.raises(error, match=message):
            grad(lambda x, f=fun: np.sum(f(x)))(M)
