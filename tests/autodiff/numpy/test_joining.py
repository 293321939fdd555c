"""Arrays made of arrays: NumPy's values and errors, dtypes, and their cost."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, jacobian, make_jvp, make_vjp
from autodiff.core import record_tape
from autodiff.test_util import check_grads

M = onp.arange(6.0).reshape(2, 3)


def _value(fun: Any, x: Any = M) -> Any:
    return make_vjp(fun)(x)[1]


@pytest.mark.parametrize(
    "build",
    [
        lambda xp, x: xp.array([x, x + 1]),
        lambda xp, x: xp.array([[x[0, 0], 2], [3, x[1, 1]]], dtype=onp.float32),
        lambda xp, x: xp.array([[[x[0, 0]], [1.5]]]),
        lambda xp, x: xp.array([x[0], (1, x[1, 2], 3.0)]),
        lambda xp, x: xp.array(x, ndmin=4),
        lambda xp, x: xp.array(x[0, 0], ndmin=1),
        lambda xp, x: xp.array([x[0, 0] + 1j, 2]),
        lambda xp, x: xp.asarray([x, x], order="F"),
        lambda xp, x: xp.asarray(x, dtype=complex),
        lambda xp, x: xp.asanyarray([x[0, 0]]),
        lambda xp, x: xp.require(x.T, requirements="C"),
        lambda xp, x: xp.vstack((x, x[0]), dtype=onp.float32, casting="same_kind"),
        lambda xp, x: xp.hstack((x[0], 5, x[1])),
        lambda xp, x: xp.dstack((x, x)),
        lambda xp, x: xp.dstack((x[0, 0], 1.0)),
        lambda xp, x: xp.column_stack((x[0], x.T, 2 * x[1])),
        lambda xp, x: xp.stack((x, x), axis=-1, dtype=complex),
        lambda xp, x: xp.concatenate((x, x), axis=None),
        lambda xp, x: xp.append(x, 7.0),
        lambda xp, x: xp.append(arr=x, values=x, axis=1),
        lambda xp, x: xp.block([[x, x[:, :1]], [onp.zeros((1, 4))]]),
        lambda xp, x: xp.block([[[x, x]], [[x, x]]]),
        lambda xp, x: xp.atleast_3d(x[0]),
        lambda xp, x: xp.atleast_3d(x),
        lambda xp, x: xp.atleast_1d(x[0, 0]),
        lambda xp, x: xp.atleast_2d(x[0], 1.0)[0],
        lambda xp, x: xp.atleast_2d(x[0], 1.0)[1],
        lambda xp, x: xp.r_[x[0], 0, 1:4, 7:1:-2, x[0, 1]],
        lambda xp, x: xp.r_["0,2", x[0], x],
        lambda xp, x: xp.r_["-1", x, x],
        lambda xp, x: xp.r_["0,3,1", x, x],
        lambda xp, x: xp.r_["0,3,-2", x[0], [1, 2, 3]],
        lambda xp, x: xp.r_["1,2,0", x[0], 5 * x[0]],
        lambda xp, x: xp.r_[x[0, 0] : x[0, 2] : 5j],
        lambda xp, x: xp.c_[x[0], x[1], onp.ones(3)],
        lambda xp, x: xp.c_[x, x],
    ],
)  # fmt: skip
def test_traced_joins_have_numpys_values_shapes_and_dtypes(build: Any) -> None:
    expected = build(onp, M)
    got = _value(lambda x: build(np, x))
    assert onp.shape(got) == onp.shape(expected)
    onp.testing.assert_allclose(got, expected, rtol=1e-7)
    assert onp.asarray(got).dtype == onp.asarray(expected).dtype


def test_plain_arrays_go_to_numpy_itself() -> None:
    onp.testing.assert_array_equal(np.r_[1:3, 0.5], [1, 2, 0.5])
    assert np.stack([M, M]).__class__ is onp.ndarray
    onp.testing.assert_array_equal(np.array([[1, 2]], ndmin=3), onp.array([[1, 2]], ndmin=3))
    assert np.asarray(M) is M
    assert np.array([1, 2]).dtype == onp.array([1, 2]).dtype
    assert np.mgrid[0:2, 0:3].shape == (2, 2, 3)
    assert np.s_[1:2] == slice(1, 2)
    assert np.index_exp[1] == (1,)


def test_an_object_array_that_raw_numpy_made_of_boxes_becomes_a_traced_one() -> None:
    def fun(x: Any) -> Any:
        holder = onp.empty(2, object)
        holder[0], holder[1] = x[0], 2.0
        return np.sum(np.array(holder) ** 2)

    onp.testing.assert_array_equal(grad(fun)(onp.array([3.0, 1.0])), [6, 0])


def test_an_array_of_many_boxes_is_one_operation() -> None:
    x = onp.linspace(0, 1, 1000)

    def gather(x: Any) -> Any:
        made = np.array(list(x))
        return np.sum(made * made)

    tape, *_ = record_tape(gather, x)
    assert len(tape) == 1 + len(x) + 3  # the root, the entries read, array, product and sum
    onp.testing.assert_allclose(grad(gather)(x), 2 * x)


def test_many_arrays_are_joined_in_one_operation() -> None:
    def joined(x: Any) -> Any:
        return np.sum(np.concatenate([x] * 4000))

    tape, *_ = record_tape(joined, M[0])
    assert len(tape) == 3
    onp.testing.assert_array_equal(grad(joined)(M[0]), onp.full(3, 4000.0))


def test_joins_in_two_orders_and_forward_mode() -> None:
    check_grads(lambda x: np.array([[x, x**2], [1.0, x**3]]))(0.7)
    check_grads(lambda x: np.array([x[0], [x[1, 0], 1.0, 2.0]]))(M)
    check_grads(lambda x: np.block([[np.sin(x)], [x**2]]))(M)
    _, tangent = make_jvp(lambda x: np.array([x[0, 0], 1, x[1, 2]]))(M)(onp.ones((2, 3)))
    onp.testing.assert_array_equal(tangent, [1, 0, 1])
    onp.testing.assert_array_equal(jacobian(lambda x: np.array([x, 2 * x]))(1.5), [1, 2])


def test_what_cannot_be_joined_is_refused() -> None:
    for message, error, fun in [
        ("rows have different lengths", ValueError, lambda x: np.array([[x[0, 0], 1], [2]])),
        ("one shape", ValueError, lambda x: np.stack([x, x[0]])),
        ("cannot cast", TypeError, lambda x: np.vstack([x, x], dtype=int, casting="safe")),
        ("cannot take out=", NotImplementedError, lambda x: np.concatenate([x], out=M.copy())),
        ("not in tuples", TypeError, lambda x: np.block([(x, x)])),
        ("different depths", ValueError, lambda x: np.block([[x], x])),
        ("a list is empty", ValueError, lambda x: np.block([[x], []])),
        ("directive 'r'", NotImplementedError, lambda x: np.r_["r", x[0]]),
        ("array must not contain infs", ValueError, lambda x: np.asarray_chkfinite(x / 0.0)),
    ]:
        with pytest.raises(error, match=message), onp.errstate(all="ignore"):
            grad(lambda x, f=fun: np.sum(np.real(f(x))))(M)
