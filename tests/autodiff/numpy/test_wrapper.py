"""The namespace: NumPy's names, each function wrapped once."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.numpy import wrapper
from autodiff.running import settled
from autodiff.scipy import special
from autodiff.tracer import isbox


def test_names_types_and_constants_are_numpys() -> None:
    assert np.pi is onp.pi
    assert np.float32 is onp.float32
    assert np.ndarray is onp.ndarray
    assert np.newaxis is None
    assert np.sin.__name__ == "sin"
    assert np.sum.__doc__ == onp.sum.__doc__
    missing = [
        n for n in dir(onp) if callable(getattr(onp, n)) and not hasattr(np, n) and n[0] != "_"
    ]
    assert [n for n in missing if n != "test"] == []


def test_two_names_of_one_function_share_a_primitive() -> None:
    assert np.abs is np.absolute
    assert np.conj is np.conjugate
    assert np.acos is np.arccos
    assert np.pow is np.power
    assert wrapper.wrap(onp.sin) is np.sin is wrapper.wrapper_of(onp.sin)
    assert wrapper.wrapper_of(len) is None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sine'"):
        np.sine  # noqa: B018


@pytest.mark.parametrize("name", sorted(set(wrapper._NOTRACE) & set(dir(onp))))
def test_functions_without_derivative_pass_through_grad(name: str) -> None:
    x = onp.array([1.0, 2.0, 3.0])
    fun = getattr(np, name)
    two = [
        "floor_divide",
        "searchsorted",
        "logical_and",
        "logical_or",
        "logical_xor",
        "allclose",
        "isclose",
        "array_equal",
        "array_equiv",
        "greater",
        "greater_equal",
        "less",
        "less_equal",
        "equal",
        "not_equal",
    ]

    def loss(y: Any) -> Any:
        if name in two:
            result = fun(y, y)
        elif name == "fix":  # deprecated from NumPy 2.5 on
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                result = fun(y)
        elif name in ("argpartition", "full_like"):
            result = fun(y, 1)
        else:
            result = fun(y)
        assert not isbox(settled(result))
        return np.sum(y * y)

    onp.testing.assert_array_equal(grad(loss)(x), 2 * x)


def test_functions_on_plain_values_cost_no_trace() -> None:
    onp.testing.assert_array_equal(np.sin(onp.ones(2)), onp.sin(onp.ones(2)))
    assert np.sum([1.0, 2.0]) == 3.0
    out = onp.zeros(2)
    assert np.sin(onp.ones(2), out=out) is out


def test_conversion_of_numbers_and_arrays() -> None:
    assert np.astype(1.7, int) == 1
    assert type(np.astype(1.5, onp.float32)) is onp.float32
    x = onp.ones((2, 3))
    assert np.astype(x, onp.float32).dtype == onp.float32
    assert np.astype(x, float, copy=False) is x


def test_functions_without_rules_say_so() -> None:
    with pytest.raises(NotImplementedError, match=r"VJP of agm .*argument\(s\) 0, 1"):
        grad(lambda x: np.sum(special.agm(x, x)))(onp.ones(2))
