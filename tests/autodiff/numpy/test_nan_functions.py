"""NaN is left out: of the value, and of the derivative."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad

X = onp.array([[1.0, onp.nan, 3.0], [onp.nan, 5.0, 2.0]])


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "var", "std", "max", "min", "median"])
def test_gradients_are_those_of_the_other_entries_and_zero_at_nan(name: str) -> None:
    gradient = grad(getattr(np, f"nan{name}"))(X)
    kept = ~onp.isnan(X)
    onp.testing.assert_allclose(gradient[kept], grad(getattr(np, name))(X[kept]), rtol=1e-14)
    onp.testing.assert_array_equal(gradient[~kept], 0)


@pytest.mark.parametrize("name", ["nanmax", "nanmin", "nanmedian"])
def test_a_row_of_nan_gives_nan_and_numpys_warning(name: str) -> None:
    x = onp.array([[onp.nan, onp.nan], [1.0, 2.0]])
    fun = getattr(np, name)
    values = []
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        gradient = grad(lambda x: (values.append(fun(x, axis=1)), np.sum(values[0][1:]))[1])(x)
    assert onp.isnan(values[0][0]._value)
    onp.testing.assert_array_equal(gradient[0], 0)
    assert gradient[1].sum() == 1.0


def test_running_functions_go_past_nan() -> None:
    x = onp.array([2.0, onp.nan, 3.0])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(np.nancumsum(x)))(x), [3, 0, 1])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(np.nancumprod(x)))(x), [5, 0, 2])


def test_what_nan_to_num_replaces_has_no_derivative() -> None:
    x = onp.array([onp.nan, 2.0, onp.inf])
    gradient = grad(lambda x: np.sum(np.nan_to_num(x, nan=4.0, posinf=5.0) ** 2))(x)
    onp.testing.assert_array_equal(gradient, [0, 4, 0])
    grad(lambda x: np.sum(np.nan_to_num(x, copy=False)[1:2]))(x)
    assert onp.isnan(x[0])  # a traced value is never written into
