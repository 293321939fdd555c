"""Products of vectors: shapes, axes, conjugates."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_vjp
from autodiff.test_util import check_duality, check_grads


def _check(name: str, *args: Any, **options: Any) -> None:
    fun = lambda *xs: getattr(np, name)(*xs, **options)  # noqa: E731
    _, value = make_vjp(lambda xs: fun(*xs), args)
    expected = getattr(onp, name)(*args, **options)
    onp.testing.assert_allclose(value, expected, rtol=1e-12)
    assert onp.asarray(value).dtype == onp.asarray(expected).dtype
    check_grads(fun, tuple(range(len(args))))(*args)


def _data(*shape: int, seed: int = 0, field: str = "real") -> Any:
    rng = onp.random.default_rng(seed)
    return rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if field != "real" else 0)


@pytest.mark.parametrize("field", ["real", "complex"])
def test_products_of_either_field(field: str) -> None:
    data = lambda *shape, seed=0: _data(*shape, seed=seed, field=field)  # noqa: E731
    _check("vdot", data(2, 3), data(3, 2, seed=1))
    _check("kron", data(2, 3), data(3, 2, seed=1))
    _check("kron", data(2), data(1, 3, 2, seed=1))
    _check("cross", data(2, 3), data(3, seed=1))
    _check("cross", data(3, 2), data(2, 3, seed=1), axisa=0, axisb=1, axisc=0)
    for name, shapes in {
        "vecdot": ((2, 3), (3,)),
        "matvec": ((2, 2, 3), (3,)),
        "vecmat": ((2, 3), (3, 2)),
    }.items():
        if hasattr(onp, name):
            _check(name, data(*shapes[0]), data(*shapes[1], seed=1))


def test_kron_of_numbers() -> None:
    _check("kron", _data(2, 2), 3.0)


def test_vectors_in_the_plane() -> None:
    a, b, space = _data(2, 2), _data(2, 2, seed=1), _data(2, 3, seed=2)
    flat = lambda a, b: np.cross(a, b)  # noqa: E731
    _, value = make_vjp(lambda ab: flat(*ab), (a, b))
    onp.testing.assert_allclose(value, a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])
    check_duality(lambda ab: flat(*ab), (a, b))
    check_duality(lambda ab: flat(*ab), (a, space))
    with pytest.raises(ValueError, match="two or three components"):
        grad(lambda x: np.sum(np.cross(x, x)))(onp.ones(4))


def test_mixed_fields() -> None:
    real, complex_ = _data(2, 3), _data(2, 3, field="complex")
    _check("vdot", real, complex_)
    _check("cross", complex_, real)
    if hasattr(onp, "vecdot"):
        _check("vecdot", complex_, real, axis=0)
