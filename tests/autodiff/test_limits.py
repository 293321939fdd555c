"""What docs/autodiff.md says is not supported: refused with a message, or as described there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.extend import defvjp, primitive
from autodiff.scipy import special

X = onp.array([1.0, 2.0, 3.0])


def write_computed(x: Any) -> Any:
    y = np.sin(x)
    y[0] = 0.0
    return np.sum(y)


def write_outside(x: Any) -> Any:
    y = onp.zeros(3)
    y[0] = x[0]
    return np.sum(y)


def add_outside(x: Any) -> Any:
    y = onp.zeros(3)
    y += x
    return np.sum(y)


REFUSED: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    "write into what was computed": (write_computed, ValueError, "write into a copy"),
    "write into a plain array": (write_outside, ValueError, "sequence"),
    "add to a plain array": (add_outside, TypeError, "plain NumPy array"),
    "make a plain array": (lambda x: np.sum(onp.asarray(x)), TypeError, "lose the derivative"),
    "array of objects": (
        lambda x: np.sum(onp.array([x[0], x[1]], dtype=object)),
        TypeError,
        "lose the derivative",
    ),
    "operand by keyword": (lambda x: np.dot(a=x, b=x), TypeError, "by position"),
    "initial of a sum": (lambda x: np.sum(x, initial=x[0]), TypeError, "initial"),
    "initial of a maximum": (
        lambda x: np.max(onp.ones(3), initial=x[0]) + x[1],
        TypeError,
        "initial",
    ),
    "einsum dtype": (
        lambda x: np.sum(np.einsum("i,i->i", x, x, dtype=float)),
        NotImplementedError,
        "dtype=",
    ),
    "einsum out": (
        lambda x: np.einsum("i,i", x, x, out=onp.zeros(())),
        NotImplementedError,
        "out=",
    ),
    "ufunc out": (lambda x: np.sum(np.add(x, x, out=onp.zeros(3))), TypeError, "out"),
    "ufunc dtype": (lambda x: np.sum(np.add(x, x, dtype=float)), TypeError, "dtype"),
    "ufunc method": (
        lambda x: np.sum(np.logaddexp.accumulate(x)),
        TypeError,
        "cannot be traced",
    ),
    "random": (lambda x: np.sum(np.random.normal(x)), NotImplementedError, "VJP of normal"),
    "random generator": (
        lambda x: np.sum(onp.random.default_rng(0).normal(x)),
        TypeError,
        "lose the derivative",
    ),
    "size from a value": (lambda x: np.sum(np.zeros(x[2]) + x[0]), TypeError, "integer"),
    "order of a Bessel function": (lambda x: np.sum(special.jv(x, 1.0)), NotImplementedError, "jv"),
    "unique slices": (
        lambda x: np.sum(np.unique(x[None], axis=0)),
        NotImplementedError,
        "axis=",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_a_message(what: str) -> None:
    fun, error, message = REFUSED[what]
    with pytest.raises(error, match=message):
        grad(fun)(X)


ARGUMENTS: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda p: p["weight"] * p["count"], {"weight": 1.0, "count": 2}),
    (lambda p: p[0] * p[1], [1.0, 2]),
    (lambda p: p["weight"], {"weight": 1.0, "name": "text"}),
    (lambda p: p["weight"], {"weight": 1.0, "nothing": None}),
    (lambda x: x * 1.0, True),
    (lambda x: x, onp.datetime64("2020")),
    (lambda x: np.sum(x), onp.ma.masked_array([1.0, 2.0])),
]


@pytest.mark.parametrize(("fun", "argument"), ARGUMENTS, ids=range(len(ARGUMENTS)))
def test_arguments_without_a_derivative_are_refused(
    fun: Callable[[Any], Any], argument: Any
) -> None:
    with pytest.raises(TypeError, match=r"differentiate|vector space"):
        grad(fun)(argument)


def test_an_operand_in_the_keywords_of_a_primitive_of_ones_own_misses_its_rule() -> None:
    asked = []

    @primitive
    def scaled(x: Any, factor: Any = 1.0) -> Any:
        asked.append(factor.__class__)
        return x * factor

    defvjp(scaled, lambda ans, x, factor=1.0: lambda g: g * factor)
    assert grad(lambda x: scaled(2.0, factor=x))(3.0) == 2.0  # by the rule of the product in it
    assert asked != [float]


def test_a_size_that_depends_on_a_value_is_a_constant() -> None:
    assert grad(lambda x: np.sum(np.zeros(int(x)) + x))(3.0) == 3.0
    assert grad(lambda x: np.sum(np.where(x > 1.5, 1.0, 0.0) * x))(2.0) == 1.0


def test_constants_are_not_copied() -> None:
    """A plain array that is changed after its use: the backward pass sees the change."""
    weights = onp.ones(3)

    def loss(x: Any) -> Any:
        y = np.sum(weights * x)
        weights[0] = 5.0
        return y

    onp.testing.assert_array_equal(grad(loss)(X), [5.0, 1.0, 1.0])
