"""Padding in every mode: NumPy's values, linear where it should be, refusals."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad, jacobian, make_vjp
from autodiff.test_util import check_duality, check_grads

MODES = [
    ("constant", {}),
    ("constant", {"constant_values": (1.5, -2.0)}),
    ("edge", {}),
    ("linear_ramp", {"end_values": ((1.0, 2.0),)}),
    ("maximum", {"stat_length": 2}),
    ("mean", {}),
    ("mean", {"stat_length": (1, 3)}),
    ("median", {"stat_length": 3}),
    ("minimum", {}),
    ("reflect", {}),
    ("reflect", {"reflect_type": "odd"}),
    ("symmetric", {}),
    ("symmetric", {"reflect_type": "odd"}),
    ("wrap", {}),
]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.sampled_from(MODES),
    st.lists(st.integers(1, 4), min_size=1, max_size=3),
    st.lists(st.integers(0, 7), min_size=6, max_size=6),
)
def test_padding_gives_numpys_values_and_transposed_modes(
    mode: tuple[str, dict[str, Any]], shape: list[int], widths: list[int]
) -> None:
    name, options = mode
    x = onp.random.default_rng(0).standard_normal(shape)
    width = list(zip(widths[::2], widths[1::2]))[: len(shape)]
    fun = lambda x: np.pad(x, width, name, **options)  # noqa: E731
    onp.testing.assert_allclose(make_vjp(fun)(x)[1], onp.pad(x, width, name, **options), rtol=1e-12)
    check_duality(fun, x, rtol=1e-11)


def test_widths_may_be_given_in_numpys_every_form() -> None:
    x = onp.arange(6.0).reshape(2, 3)
    for width in (2, (1, 2), [[1, 2]], ((1, 2), (0, 3)), onp.array([[1], [2]])):
        for mode in ("constant", "wrap"):
            made = make_vjp(lambda x, w=width, m=mode: np.pad(array=x, pad_width=w, mode=m))(x)[1]
            onp.testing.assert_array_equal(made, onp.pad(x, width, mode))
    by_axis = make_vjp(lambda x: np.pad(x, {-1: (1, 2)}))(x)[1]  # as NumPy 2.2 has it
    onp.testing.assert_array_equal(by_axis, onp.pad(x, ((0, 0), (1, 2))))


def test_edges_collect_the_cotangents_of_their_copies() -> None:
    onp.testing.assert_array_equal(
        grad(lambda x: np.sum(np.pad(x, (2, 3), "edge")))(onp.ones(3)), [3, 1, 4]
    )
    onp.testing.assert_array_equal(
        jacobian(lambda x: np.pad(x, 1, "reflect", reflect_type="odd"))(onp.ones(2)),
        [[2, -1], [1, 0], [0, 1], [-1, 2]],
    )


def test_constants_and_end_values_may_be_traced() -> None:
    def fun(x: Any, ends: Any) -> Any:
        return np.pad(x, ((1, 2),), constant_values=ends) * np.pad(
            x, (1, 2), "linear_ramp", end_values=ends[0]
        )

    check_grads(fun, (0, 1))(onp.array([0.3, -0.8]), onp.array([0.5, 1.5]))
    check_grads(lambda c: np.pad(onp.eye(2), 1, constant_values=c))(0.7)
    check_grads(lambda c: np.pad(onp.eye(2), 1, constant_values=((c, 1), (2, c * c))))(0.7)


def test_what_cannot_be_padded_is_refused() -> None:
    def run(*args: Any, **options: Any) -> None:
        grad(lambda x: np.sum(np.pad(x, *args, **options)))(onp.ones(3))

    with pytest.raises(NotImplementedError, match="function as mode"):
        run(1, lambda vector, width, axis, options: None)
    with pytest.raises(ValueError, match="unknown mode 'mirror'"):
        run(1, "mirror")
    with pytest.raises(ValueError, match="has no option 'stat_length'"):
        run(1, "edge", stat_length=2)
    with pytest.raises(ValueError, match="must not be negative"):
        run(-1)
    with pytest.raises(TypeError, match="must be integers"):
        run(1.5)
    with pytest.raises(ValueError, match="'even' or 'odd'"):
        run(1, "reflect", reflect_type="strange")
    with pytest.raises(ValueError, match="empty axis 0"):
        grad(lambda x: np.sum(np.pad(x, 1, "edge")))(onp.ones(0))
    assert make_vjp(lambda x: np.pad(x, 1))(onp.ones((0, 2)))[1].shape == (2, 4)
