"""Functions that take lists of traced numbers, and traced operands by keyword."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_jvp
from autodiff.extend import defvjp
from autodiff.rules import primitive_vjps

X = onp.array([1.0, 3.0, 4.0])
LISTED = ["amax", "amin", "cumprod", "cumsum", "max", "min", "prod", "sum"]
COMPOSED = ["average", "mean", "median", "nanmax", "nansum", "ptp", "sort", "std", "var"]


@pytest.mark.parametrize("name", [*LISTED, *COMPOSED])
def test_a_list_of_traced_numbers_is_an_array(name: str) -> None:
    fun = getattr(np, name)
    of_list = grad(lambda x: np.sum(fun([x[0], 2.0, x[2] * x[1]])))(X)
    of_array = grad(lambda x: np.sum(fun(np.array([x[0], 2.0, x[2] * x[1]]))))(X)
    onp.testing.assert_array_equal(of_list, of_array)
    assert of_list.any() == (name != "median")
    rows = lambda x: fun([x, x + 1.0], axis=0)  # noqa: E731
    onp.testing.assert_array_equal(make_jvp(rows)(X)(X)[0], rows(X))


@pytest.mark.parametrize("name", ["all", "any", "argmax", "argmin", "argsort", "count_nonzero"])
def test_questions_about_a_list_of_traced_numbers_pass_untraced(name: str) -> None:
    answers: list[Any] = []
    grad(lambda x: (answers.append(getattr(np, name)([x[1], x[2], x[0]])), x[0])[1])(X)
    onp.testing.assert_array_equal(answers[0], getattr(onp, name)([3.0, 4.0, 1.0]))


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: np.clip(a=x, a_min=x - 1, a_max=9.0),
        lambda x: np.mean(a=x),
        lambda x: np.var(a=x, axis=0),
        lambda x: np.diff(a=x),
        lambda x: np.convolve(a=x, v=x, mode="same"),
        lambda x: np.median(a=x),
        lambda x: np.interp(1.5, xp=X, fp=x),
        lambda x: np.average(X, weights=x),
    ],
)
def test_traced_operands_may_be_keywords(fun: Any) -> None:
    slope = make_jvp(fun)(X)(onp.ones(3))[1]
    gradient = grad(lambda x: np.sum(fun(x)))(X)
    assert onp.sum(slope) == pytest.approx(onp.sum(gradient), abs=1e-15)


def test_a_routed_function_uses_the_rule_that_is_registered_now() -> None:
    known = primitive_vjps[np.mean]
    defvjp(np.mean, lambda ans, x: lambda g: g * onp.full(3, 7.0))
    try:
        onp.testing.assert_array_equal(grad(np.mean)(X), 7.0)
    finally:
        primitive_vjps[np.mean] = known
    onp.testing.assert_allclose(grad(np.mean)(X), 1 / 3)
