"""Summing cotangents back to the shape and dtype of a broadcast operand."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff.numpy as np
from autodiff import grad
from autodiff.numpy.broadcasting import (
    Metadata,
    match_dtype,
    metadata,
    unbroadcast,
    unbroadcast_f,
)
from autodiff.test_util import check_duality


@settings(derandomize=True, deadline=None, max_examples=150)
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3, min_side=0))
def test_unbroadcast_is_the_transpose_of_broadcasting(shapes: Any) -> None:
    (small, _), result = shapes
    rng = onp.random.default_rng(0)
    x, g = rng.standard_normal(small), rng.standard_normal(result)
    pulled = unbroadcast(g, metadata(onp.asarray(x)))
    assert onp.shape(pulled) == small
    stretched = onp.broadcast_to(x, result)
    assert float(onp.sum(pulled * x)) == pytest.approx(float(onp.sum(g * stretched)), abs=1e-12)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_side=0))
def test_operands_of_any_shapes_are_treated_alike(shapes: Any) -> None:
    rng = onp.random.default_rng(0)
    a, b = (onp.asarray(rng.uniform(0.5, 1.5, shape)) for shape in shapes[0])
    for fun in (
        lambda ab: ab[0] * ab[1],
        lambda ab: ab[0] / ab[1] - ab[1],
        lambda ab: np.where(True, ab[0], ab[1]) + np.maximum(ab[0], ab[1]),
        lambda ab: np.hypot(ab[0], ab[1]) ** ab[0],
    ):
        check_duality(fun, (a, b), rtol=1e-11)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, Metadata((), onp.dtype(float))),
        (1, Metadata((), onp.dtype(int))),
        (1j, Metadata((), onp.dtype(complex))),
        (onp.float32(1), Metadata((), onp.dtype(onp.float32))),
        (onp.ones((2, 0)), Metadata((2, 0), onp.dtype(float))),
        ([1.0, 2.0], Metadata((2,), onp.dtype(float))),
    ],
)
def test_metadata_of_numbers_arrays_and_boxes(value: Any, expected: Metadata) -> None:
    assert metadata(value) == expected


def test_metadata_looks_through_nested_boxes() -> None:
    seen = []

    def inner(x: Any) -> Any:
        seen.append(metadata(x))
        return np.sum(x)

    grad(lambda x: np.sum(grad(inner)(x)) + np.sum(x))(onp.ones((2, 3), onp.float32))
    assert seen == [Metadata((2, 3), onp.dtype(onp.float32))]


@pytest.mark.parametrize(
    ("have", "want", "got"),
    [
        ("f8", "f4", "f4"),
        ("f4", "f8", "f8"),
        ("c16", "f8", "f8"),
        ("c16", "f4", "f4"),
        ("c8", "f8", "f8"),
        ("f8", "c16", "c16"),
        ("f8", "i8", "f8"),
        ("c16", "i8", "f8"),
    ],
)
def test_cotangents_take_the_operands_dtype(have: str, want: str, got: str) -> None:
    g = onp.full(2, 1.5).astype(have)
    assert match_dtype(g, onp.dtype(want)).dtype == onp.dtype(got)
    assert unbroadcast(g, Metadata((2,), onp.dtype(want))).dtype == onp.dtype(got)
    assert unbroadcast(g, Metadata((), onp.dtype(want))).dtype == onp.dtype(got)


def test_a_number_may_stand_for_a_stretched_cotangent() -> None:
    assert unbroadcast(2.0, Metadata((3,), onp.dtype(float))).tolist() == [2, 2, 2]


def test_the_pullback_keeps_metadata_not_the_operand() -> None:
    pull = unbroadcast_f(onp.ones((1, 3)), lambda g: 2 * g)
    assert pull(onp.ones((4, 3))).tolist() == [[8, 8, 8]]
    kept = [cell.cell_contents for cell in pull.__closure__ or ()]
    assert not any(isinstance(value, onp.ndarray) for value in kept)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.sampled_from([onp.float32, onp.float64, onp.complex128]),
    st.sampled_from([(), (1, 3), (4, 1)]),
)
def test_second_derivatives_with_broadcasting(dtype: Any, shape: Any) -> None:
    x = onp.full(shape, 0.7).astype(dtype)[()]
    other = onp.linspace(0.5, 1.5, 12).reshape(4, 3)
    inner = grad(lambda x: np.real(np.sum(x * x * other / (1 + x))))
    outer = grad(lambda x: np.real(np.sum(inner(x) * x)))(x)
    assert onp.shape(outer) == shape
    assert onp.asarray(outer).dtype == dtype
