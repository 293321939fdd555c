"""A traced number is a number of Python to its user; what is plain is plain on purpose."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.test_util import check_grads
from autodiff.tracer import isbox

X = onp.array([0.5, 1.25, 2.0])


@pytest.mark.parametrize("x", [2.625, onp.float32(2.625), onp.array(2.625)], ids=repr)
def test_numbers_of_python(x: Any) -> None:
    def fun(y: Any) -> Any:
        assert (float(y), int(y), complex(y)) == (2.625, 2, 2.625 + 0j)
        assert (round(y), round(y, 1), f"{y:.2f}", f"{y:8.1e}") == (3, 2.6, "2.62", " 2.6e+00")
        assert math.sin(y) == math.sin(2.625)
        assert f"{y}" == str(y)
        return y * 2.0

    assert grad(lambda x: grad(fun)(x) * fun(x))(x) == pytest.approx(4.0)


def test_arrays_are_not_numbers() -> None:
    def fun(x: Any) -> Any:
        for convert in (float, int, complex, round, operator.index):
            with pytest.raises(TypeError):
                convert(x)
        with pytest.raises(TypeError):
            f"{x:.2f}"
        with pytest.raises(TypeError):
            operator.index(x[0])
        with pytest.raises(TypeError):
            iter(x[0])
        with pytest.raises(ValueError, match="size 1"):
            x.item()
        return np.sum(x)

    grad(fun)(X)


def test_integers_are_indices() -> None:
    def fun(x: Any) -> Any:
        index = x.astype(int)[2:].reshape(())
        return ["a", "b", "c"].index("abc"[index]) * np.sum(x)

    onp.testing.assert_array_equal(grad(fun)(X), [2.0, 2.0, 2.0])


def test_entries_taken_out_stay_traced() -> None:
    check_grads(lambda x: x.item(1) * x.item((0,)) + x[2:].item() * sum(x.tolist()))(X)
    check_grads(lambda x: x.reshape(1, 3).tolist()[0][2] * x)(X)
    assert grad(lambda x: x.item() * x)(3.0) == 6.0
    assert grad(lambda x: sum(x[:0].tolist()) + x[0] * x[0])(X)[0] == 1.0


def test_copies_are_of_their_own() -> None:
    def fun(x: Any) -> Any:
        for y in (copy.copy(x), copy.deepcopy(x), x.copy(), (+x).copy()):
            y[0] = x[1] * x[1]
        assert copy.copy(x[0]) is not None
        return np.sum(x * y)

    check_grads(fun)(X)


def test_membership_looks_at_values() -> None:
    def fun(x: Any) -> Any:
        assert 1.25 in x
        assert x[2] in x
        assert 7.0 not in x
        return np.sum(x)

    grad(fun)(X)


def test_division_with_remainder() -> None:
    def fun(x: Any) -> Any:
        quotient, remainder = divmod(x, 0.75)
        assert not isbox(quotient)
        other = divmod(7.0, x)[1]
        return quotient + remainder * remainder + other

    assert float(grad(fun)(2.0)) == pytest.approx(2 * 0.5 - 3.0)


def test_pickling_is_refused() -> None:
    with pytest.raises(TypeError, match="value_of"):
        grad(lambda x: (pickle.dumps(x), x)[1])(1.0)


def test_storing_in_a_plain_array_is_not_a_conversion() -> None:
    """NumPy calls float for it, which may be called for any other purpose."""
    for dtype in (float, int, complex, onp.float32):
        plain = onp.zeros(3, dtype)

        def fun(x: Any, plain: Any = plain) -> Any:
            plain[1] = x[0]
            return np.sum(x)

        with pytest.raises((TypeError, ValueError)) as refusal:
            grad(fun)(X)
        assert "derivative" in str(refusal.value.__cause__ or refusal.value)
