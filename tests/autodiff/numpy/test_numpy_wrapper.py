"""Helpers that programs take from Autograd's NumPy modules."""

from __future__ import annotations

from typing import Any

import autograd.numpy.numpy_vjps as their_vjps
import autograd.numpy.numpy_wrapper as their_wrapper
import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive
from autodiff.numpy import numpy_boxes, numpy_jvps, numpy_vjps, numpy_vspaces, numpy_wrapper
from autodiff.test_util import check_grads
from autodiff.vspace import vspace

A = onp.arange(6.0).reshape(2, 3)


def test_the_wrapped_namespace_is_there_under_both_names() -> None:
    assert numpy_wrapper.sin is np.sin
    assert numpy_wrapper.pi == onp.pi
    with pytest.raises(AttributeError):
        _ = numpy_wrapper.nonsense
    assert numpy_boxes.ArrayBox is numpy_vjps.ArrayBox is numpy_jvps.ArrayBox
    assert type(vspace(A)) is numpy_vspaces.ArrayVSpace
    assert type(vspace(A + 0j)) is numpy_vspaces.ComplexArrayVSpace
    assert np.floor in numpy_vjps.nograd_functions


@pytest.mark.parametrize("value", [A, 1.0, onp.float32(2), A + 1j, onp.arange(3)])
def test_metadata_has_four_entries(value: Any) -> None:
    assert numpy_wrapper.metadata(value) == their_wrapper.metadata(value)
    assert np.metadata(value) == numpy_wrapper.metadata(value)


@pytest.mark.parametrize(
    "args",
    [
        ("ij,jk->ik", A, A.T),
        ("ij, jk", A, A.T),
        ("...ij,jk", A, A.T),
        ("ii", onp.eye(2)),
        (A, [0, 1], A.T, [1, 2], [0, 2]),
        (A, [0, 1], A.T, [1, 2]),
    ],
)
def test_einsum_input_is_parsed_to_an_equivalent_call(args: tuple[Any, ...]) -> None:
    inputs, result, operands = np.parse_einsum_input(*args)
    onp.testing.assert_array_equal(onp.einsum(f"{inputs}->{result}", *operands), onp.einsum(*args))


def test_boxes_inside_an_object_array_become_one_box() -> None:
    def fun(x: Any) -> Any:
        raw = onp.empty((2, 2), object)
        raw[0, 0], raw[0, 1], raw[1, 0], raw[1, 1] = x, x * x, 1.0, x
        return np.sum(np.wrap_if_boxes_inside(raw) ** 2)

    check_grads(fun)(0.7)
    assert np.wrap_if_boxes_inside(A) is A


@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (3,), (2, 1), (1,), ()])
def test_unbroadcast_is_autograds(shape: tuple[int, ...]) -> None:
    meta = numpy_wrapper.metadata(onp.ones(shape))
    expected = their_vjps.unbroadcast(A, meta)
    onp.testing.assert_array_equal(numpy_vjps.unbroadcast(A, meta), expected)
    if len(shape) == 1:
        moved = their_vjps.unbroadcast(A, numpy_wrapper.metadata(onp.ones(2)), -1)
        ours = numpy_vjps.unbroadcast(A, numpy_wrapper.metadata(onp.ones(2)), -1)
        onp.testing.assert_array_equal(ours, moved)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1), (1,)])
def test_reductions_are_stretched_back(axis: Any) -> None:
    g = onp.sum(A, axis=axis)
    ours, count = numpy_vjps.repeat_to_match_shape(g, A.shape, A.dtype, axis, False)
    theirs, their_count = their_vjps.repeat_to_match_shape(g, A.shape, A.dtype, axis, False)
    onp.testing.assert_array_equal(ours, theirs)
    assert count == their_count
    assert numpy_vjps.repeat_to_match_shape(2.0, (), A.dtype, None, False) == (2.0, 1)


def test_small_helpers() -> None:
    assert numpy_vjps.match_complex(1.0, 2 + 1j) == 2.0
    assert numpy_vjps.match_complex(1j, 2.0) == 2 + 0j
    assert onp.iscomplexobj(numpy_vjps.match_complex(1j, 2.0))
    assert numpy_vjps.match_complex(1.0, 2.0) == 2.0
    assert numpy_vjps.replace_zero(onp.array([0.0, 3.0]), 7.0).tolist() == [7.0, 3.0]
    assert numpy_vjps.balanced_eq(A[0], A[0], A[1]).tolist() == [1.0, 1.0, 1.0]
    assert numpy_vjps.balanced_eq(A[0], A[0], A[0]).tolist() == [0.5, 0.5, 0.5]
    assert numpy_jvps.broadcast(A[0], A).shape == (2, 3)


def test_untake_is_the_adjoint_of_indexing() -> None:
    space = vspace(A)
    index = (onp.array([0, 0]), onp.array([1, 1]))
    sparse = numpy_vjps.untake(onp.ones(2), index, space)
    assert sparse.mut_add(space.zeros())[0].tolist() == [0, 2, 0]
    pick = primitive(lambda x, k: x[k])
    defvjp(pick, lambda ans, x, k: lambda g: numpy_vjps.untake(g, k, vspace(x)), argnums=(0,))
    defjvp(pick, lambda g, ans, x, k: pick(g, k), argnums=(0,))
    check_grads(lambda x: np.sin(pick(x, (0, 1)) * pick(x, 1)), order=3)(A)
