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


@pytest.mark.parametrize("name", ["max", "min", "amax", "amin"])
def test_ties_of_extremes_share_the_derivative(name: str) -> None:
    x = onp.array([[1.0, 1.0], [1.0, 0.0]])
    extreme = getattr(np, name)
    expected = {"a": [[1, 1], [1, 0]], "i": [[0, 0], [0, 1]]}[name[-2]]
    gradient = grad(extreme)(x)
    onp.testing.assert_allclose(gradient * (3 if name.endswith("ax") else 1), expected)
    assert make_jvp(extreme)(x)(onp.ones((2, 2)))[1] == pytest.approx(1.0)


@pytest.mark.parametrize("fun", [np.std, np.var, lambda x: np.std(x, axis=0, keepdims=True)])
def test_the_spread_of_equal_values_has_zero_gradient(fun: Any) -> None:
    x = onp.full(4, 2.5)
    vjp, value = make_vjp(fun)(x)
    onp.testing.assert_array_equal(vjp(onp.ones_like(value)), onp.zeros(4))
    assert not make_jvp(fun)(x)(onp.arange(4.0))[1].any()
    assert onp.isfinite(grad(lambda x: np.sum(grad(lambda x: np.sum(fun(x)))(x)))(x)).all()


def test_too_few_degrees_of_freedom_give_nan_as_in_numpy() -> None:
    with pytest.warns(RuntimeWarning, match="[Dd]egrees of freedom"), onp.errstate(all="ignore"):
        gradient = grad(lambda x: np.var(x, ddof=1))(onp.ones(1))
    assert onp.isnan(gradient).all()


@pytest.mark.parametrize("name", ["sum", "prod"])
@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 3)])
def test_empty_reductions_have_empty_gradients(name: str, shape: tuple[int, ...]) -> None:
    for axis in (None, 0, -1):
        gradient = grad(lambda x, axis=axis: np.sum(getattr(np, name)(x, axis)))(onp.ones(shape))
        assert gradient.shape == shape


def test_options_without_a_rule_are_refused_by_name() -> None:
    x = onp.ones(3)
    mask = onp.array([True, False, True])
    for name in ("mean", "max", "prod", "var", "std"):
        options: dict[str, Any] = {"where": mask}
        if name == "max":
            options["initial"] = 0.0
        with pytest.raises(
            NotImplementedError, match=r"of .* with (where|initial)= is not defined"
        ):
            grad(lambda x, n=name, o=options: getattr(np, n)(x, **o))(x)
    with pytest.raises(NotImplementedError, match="sum with out="):
        grad(lambda x: np.sum(x, out=onp.zeros(())))(x)


def test_a_masked_sum_with_a_start_value() -> None:
    mask = onp.array([True, False, True])
    fun = lambda x: np.sum(x * x, where=mask, initial=5.0)  # noqa: E731
    onp.testing.assert_array_equal(grad(fun)(onp.arange(3.0)), [0, 0, 4])
    assert make_jvp(fun)(onp.arange(3.0))(onp.ones(3)) == (9.0, 4.0)


def test_sums_along_a_list_of_axes_are_numpys_error() -> None:
    with pytest.raises(TypeError):
        grad(lambda x: np.sum(x, axis=[0, 1]))(onp.ones((2, 2)))


def test_cumulative_sums_along_every_axis(rng: Any) -> None:
    x = rng.standard_normal((2, 3))
    for axis in (None, 0, 1, -1):
        check_grads(lambda x, axis=axis: np.cumsum(x, axis))(x)
    check_grads(lambda x: np.cumsum(x, dtype=float))(x)
    check_grads(np.cumsum)(0.5)
