"""Spaces of floats, complex numbers and arrays."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

from autodiff.numpy.vspaces import array_vspace
from autodiff.vspace import vspace

VALUES: list[Any] = [
    1.0,
    2j,
    onp.float32(1),
    onp.float16(1),
    onp.longdouble(1),
    onp.complex64(1),
    onp.complex128(1),
    onp.ones(()),
    onp.ones(3),
    onp.ones((2, 0)),
    onp.ones((2, 3), onp.float32),
    onp.ones((2, 2), complex),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}{onp.shape(v)}")
def test_the_axioms_of_an_inner_product_space(value: Any) -> None:
    space = vspace(value)
    x, y, z = space.randn(), space.randn(), space.randn()
    rel = 1e-2 if onp.asarray(value).dtype.itemsize < 8 else 1e-12
    dot = space.inner_prod
    assert dot(x, y) == pytest.approx(dot(y, x), rel=rel, abs=rel)
    assert dot(space.add(x, z), y) == pytest.approx(dot(x, y) + dot(z, y), rel=rel, abs=2 * rel)
    assert dot(space.scalar_mul(x, 2.0), y) == pytest.approx(2 * dot(x, y), rel=rel, abs=rel)
    assert dot(x, x) >= 0
    assert dot(x, space.zeros()) == 0
    assert not onp.iscomplexobj(dot(x, y))
    for element in (x, space.zeros(), space.ones(), space.add(x, y), space.covector(x)):
        assert vspace(element) == space
    assert dot(space.ones(), space.ones()) == space.size


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}{onp.shape(v)}")
def test_the_standard_basis_is_orthonormal(value: Any) -> None:
    space = vspace(value)
    basis = list(space.standard_basis())
    assert len(basis) == space.size
    gram = onp.array([[space.inner_prod(a, b) for a in basis] for b in basis]).reshape(
        space.size, space.size
    )
    onp.testing.assert_array_equal(gram, onp.eye(space.size))


def test_zeros_are_fresh_memory() -> None:
    space = vspace(onp.ones(3))
    first = space.zeros()
    first += 1
    assert not space.zeros().any()


def test_covectors_are_conjugates() -> None:
    assert vspace(1j).covector(2 + 3j) == 2 - 3j
    assert vspace(1.0).covector(2.0) == 2.0


def test_integers_have_tangents_in_the_reals() -> None:
    assert vspace(onp.arange(3)) == vspace(onp.zeros(3))
    assert vspace(onp.array([True, False])) == vspace(onp.zeros(2))


@pytest.mark.parametrize("value", VALUES, ids=lambda v: f"{type(v).__name__}{onp.shape(v)}")
def test_a_space_can_be_had_without_an_array(value: Any) -> None:
    array = onp.asarray(value)
    assert array_vspace(array.shape, array.dtype) == vspace(value)


def test_a_space_shows_what_it_is() -> None:
    assert repr(vspace(onp.ones(3))) == "ArrayVSpace({'shape': (3,), 'dtype': dtype('float64')})"
    assert vspace(onp.ones((3, 2))).ndim == 2  # type: ignore[attr-defined]
