"""numpy.put and its kin write into writable arrays, and into nothing else."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp
from autodiff.test_util import check_grads

X = onp.array([0.5, 1.2, 2.0])
MASK = onp.arange(6).reshape(2, 3) % 2 == 0


@pytest.mark.parametrize(
    "write",
    [
        lambda xp, y, x: xp.put(y, [4, -1], x),
        lambda xp, y, x: xp.put(y, [7, -2, 3], x[0], mode="wrap"),
        lambda xp, y, x: xp.put(y, [7, -2, 3], x[:2], mode="clip"),
        lambda xp, y, x: xp.put(y, [], x),
        lambda xp, y, x: xp.putmask(y, MASK, x),
        lambda xp, y, x: xp.place(y, MASK, x[1:]),
        lambda xp, y, x: xp.copyto(y, x),
        lambda xp, y, x: xp.copyto(y, x, where=MASK),
        lambda xp, y, x: xp.fill_diagonal(y, x[0]),
        lambda xp, y, x: xp.fill_diagonal(y, x),
    ],
)
def test_in_place_functions_write_as_numpys(write: Any) -> None:
    def fun(xp: Any, x: Any) -> Any:
        y = xp.ones((2, 3))
        write(xp, y, x)
        return y * y * x

    onp.testing.assert_allclose(make_vjp(lambda x: fun(np, x))(X)[1], fun(onp, X), rtol=1e-14)
    check_grads(lambda x: fun(np, x))(X)


def test_places_outside_are_an_index_error() -> None:
    with pytest.raises(IndexError):
        grad(lambda x: np.put(np.zeros(3), 3, x[0]))(X)


def test_diagonals_that_are_not_supported_are_refused() -> None:
    with pytest.raises(ValueError, match="fill_diagonal"):
        grad(lambda x: np.fill_diagonal(np.zeros((5, 2)), x[0], wrap=True))(X)


@pytest.mark.parametrize("name", ["put", "putmask", "copyto", "fill_diagonal", "place"])
def test_plain_arrays_do_not_take_traced_values(name: str) -> None:
    plain = onp.zeros((3, 3))
    between = {"put": ([0],), "putmask": (plain < 1,), "place": (plain < 1,)}.get(name, ())
    with pytest.raises(TypeError, match=f"{name}: a traced value cannot be written into a plain"):
        grad(lambda x: getattr(np, name)(plain, *between, x))(X)
