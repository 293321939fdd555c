"""Reductions: every form of the axis, singular points, empty and 0-d arrays."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autodiff.numpy as np
from autodiff import grad, make_jvp, make_vjp
from autodiff.test_util import check_duality, check_grads

NAMES = ["sum", "mean", "prod", "max", "min", "var", "std"]


@st.composite
def reductions(draw: Any) -> tuple[Any, dict[str, Any]]:
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4))
    axes = draw(st.sampled_from(["none", "int", "tuple"]))
    options: dict[str, Any] = {"keepdims": draw(st.booleans())}
    if shape and axes == "int":
        options["axis"] = draw(st.integers(-len(shape), len(shape) - 1))
    elif axes == "tuple":
        chosen = draw(st.sets(st.integers(0, max(len(shape) - 1, 0)))) if shape else set()
        negative = draw(st.booleans())
        options["axis"] = tuple(a - len(shape) if negative else a for a in chosen)
    seed = draw(st.integers(0, 1000))
    return onp.asarray(onp.random.default_rng(seed).uniform(-2, 2, shape)), options


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.sampled_from(NAMES), reductions())
def test_reductions_are_right_for_every_shape_and_axis(name: str, case: Any) -> None:
    x, options = case
    axis = options.get("axis")
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if name in ("var", "std") and onp.prod([x.shape[a] for a in axes]) < 2:
        return  # constant zero: tested below
    fun = lambda x: getattr(np, name)(x, **options)  # noqa: E731
    onp.testing.assert_array_equal(make_vjp(fun)(x)[1], getattr(onp, name)(x, **options))
    check_grads(fun)(x)
    check_duality(fun, x, rtol=1e-11)


COMPOSED = ["average", "median", "nanmax", "nanmean", "nanprod", "nanstd", "nansum", "ptp"]


@settings(derandomize=True, deadline=None, max_examples=120)
@given(st.sampled_from(COMPOSED), reductions())
def test_composed_reductions_are_right_for_every_shape_and_axis(name: str, case: Any) -> None:
    x, options = case
    if options.get("axis") == () or (name == "nanstd" and x.size < 2):
        return  # a reduction of nothing, a constant zero
    fun = lambda x: getattr(np, name)(x, **options)  # noqa: E731
    value = make_vjp(fun)(x)[1]
    onp.testing.assert_allclose(value, getattr(onp, name)(x, **options), rtol=1e-14)
    if name == "nanstd" and not onp.all(value):
        return  # the tip of std: tested elsewhere
    check_grads(fun)(x)
    check_duality(fun, x, rtol=1e-11)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(
    st.sampled_from(["cumsum", "cumprod", "sort", "nancumsum", "diff"]),
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5),
    st.integers(-3, 2),
)
def test_functions_along_an_axis_are_right_for_every_shape(
    name: str, shape: tuple[int, ...], axis: int
) -> None:
    x = onp.random.default_rng(len(shape)).uniform(-2, 2, shape)
    axis = axis % len(shape) - (len(shape) if axis < 0 else 0)
    fun = lambda x: getattr(np, name)(x, axis=axis)  # noqa: E731
    onp.testing.assert_array_equal(make_vjp(fun)(x)[1], getattr(onp, name)(x, axis=axis))
    check_grads(fun)(x)
    check_duality(fun, x, rtol=1e-11)


@pytest.mark.parametrize("name", NAMES)
def test_arguments_may_be_positional_keywords_or_methods(name: str, rng: Any) -> None:
    x = rng.uniform(0.5, 2, (2, 3, 4))
    expected = grad(lambda x: np.sum(np.sin(getattr(np, name)(x, axis=1))))(x)
    forms = (
        lambda x: getattr(np, name)(x, 1),
        lambda x: getattr(np, name)(x, axis=-2),
        lambda x: getattr(np, name)(x, axis=(1,)),
        lambda x: getattr(np, name)(x, axis=onp.int64(1)),
        lambda x: getattr(x, name)(1),
        lambda x: getattr(x, name)(axis=1),
        lambda x: getattr(onp, name)(x, axis=1),
    )
    for form in forms:
        got = grad(lambda x, form=form: np.sum(np.sin(form(x))))(x)
        onp.testing.assert_allclose(got, expected, rtol=1e-13)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([2.0, 3.0, 5.0], [15, 10, 6]),
        ([0.0, 3.0, 5.0], [15, 0, 0]),
        ([0.0, 3.0, 0.0], [0, 0, 0]),
        ([7.0], [1]),
        ([0.0], [1]),
        ([], []),
    ],
)
def test_products_are_right_at_zeros(x: list[float], expected: list[float]) -> None:
    onp.testing.assert_array_equal(grad(np.prod)(onp.array(x)), expected)
    _, tangent = make_jvp(np.prod)(onp.array(x))(onp.ones(len(x)))
    assert tangent == sum(expected)


def test_second_derivatives_of_products_are_right_at_zeros() -> None:
    x = onp.array([0.0, 3.0, 0.0, 5.0, 7.0])
    check_grads(np.prod, order=3)(x)
    check_grads(lambda x: np.prod(x, axis=1))(onp.array([[0.0, 2.0, 1.0], [0.0, 0.0, 3.0]]))


def test_products_of_long_rows() -> None:
    x = onp.linspace(0.9, 1.1, 1001)
    onp.testing.assert_allclose(grad(np.prod)(x), onp.prod(x) / x, rtol=1e-12)


@pytest.mark.parametrize("name", ["sum", "prod"])
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 3)])
def test_empty_reductions_have_empty_gradients(name: str, shape: tuple[int, ...]) -> None:
    for axis in (None, 0, -1):
        gradient = grad(lambda x, axis=axis: np.sum(getattr(np, name)(x, axis)))(onp.ones(shape))
        assert gradient.shape == shape


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "max", "var", "std", "median", "nansum"])
def test_writing_into_out_is_refused_by_name(name: str) -> None:
    with pytest.raises(NotImplementedError, match=r"out="):
        grad(lambda x: getattr(np, name)(x, out=onp.zeros(())))(onp.ones(3))


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "var", "std"])
def test_entries_that_a_mask_leaves_out_have_no_derivative(name: str, rng: Any) -> None:
    x = rng.uniform(0.5, 2, (2, 3))
    mask = onp.array([True, False, True])
    gradient = grad(lambda x: np.sum(getattr(np, name)(x, axis=1, where=mask)))(x)
    kept = grad(lambda x: np.sum(getattr(np, name)(x, axis=1)))(x[:, mask])
    onp.testing.assert_allclose(gradient[:, mask], kept, rtol=1e-13)
    onp.testing.assert_array_equal(gradient[:, 1], 0)


def test_lists_of_traced_numbers_have_mean_and_spread() -> None:
    gradient = grad(lambda x: np.mean([x[0], 3 * x[1]]) + np.var([x[0], x[1]]))(onp.array([1.0, 3]))
    onp.testing.assert_allclose(gradient, [0.5 - 1, 1.5 + 1])


def test_a_masked_sum_with_a_start_value() -> None:
    mask = onp.array([True, False, True])
    fun = lambda x: np.sum(x * x, where=mask, initial=5.0)  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(onp.arange(3.0)), [0, 0, 4])
    assert make_jvp(fun)(onp.arange(3.0))(onp.ones(3)) == (9.0, 4.0)


def test_sums_along_a_list_of_axes_are_numpys_error() -> None:
    with pytest.raises(TypeError):
        grad(lambda x: np.sum(x, axis=[0, 1]))(onp.ones((2, 2)))
