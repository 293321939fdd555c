"""Convolution against Autograd's and SciPy's."""

from __future__ import annotations

from typing import Any

import autograd.scipy.signal
import numpy as onp
import pytest
import scipy.signal

import autodiff.numpy as np
from autodiff import grad
from autodiff.scipy import signal

RNG = onp.random.default_rng(3)
SPECS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((5,), (3,), {}),
    ((3,), (5,), {}),
    ((4, 5), (2, 3), {}),
    ((2, 4, 5), (3, 2, 2, 3), {"axes": ([1, 2], [2, 3]), "dot_axes": ([0], [1])}),
    ((2, 4, 5), (3, 2, 2, 3), {"axes": ([2, 1], [3, 2]), "dot_axes": ([0], [1])}),
    ((6, 4, 2), (3, 5, 3), {"axes": ([0], [2])}),
    ((2, 4, 5, 3), (5, 2), {"axes": ([1], [0]), "dot_axes": ([0], [1])}),
]


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("left", "right", "options"), SPECS)
def test_values_are_autograds(
    left: tuple[int, ...], right: tuple[int, ...], options: Any, mode: str
) -> None:
    a, b = RNG.normal(size=left), RNG.normal(size=right)
    expected = autograd.scipy.signal.convolve(a, b, mode=mode, **options)
    onp.testing.assert_allclose(signal.convolve(a, b, mode=mode, **options), expected, atol=1e-13)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_correlation_and_plain_convolution_are_scipys(mode: str) -> None:
    a, b = RNG.normal(size=(7, 5)) + 1j, RNG.normal(size=(4, 2)) - 1j * RNG.normal(size=(4, 2))
    for name in ("correlate", "fftconvolve"):
        expected = getattr(scipy.signal, name)(a, b, mode)
        onp.testing.assert_allclose(getattr(signal, name)(a, b, mode), expected, atol=1e-12)
    expected = scipy.signal.correlate(b, a, "valid")
    onp.testing.assert_allclose(signal.correlate(b, a, "valid"), expected, atol=1e-12)


def test_long_signals_go_through_a_transform_and_have_the_same_gradient() -> None:
    a, b = RNG.normal(size=3000), RNG.normal(size=500)
    onp.testing.assert_allclose(signal.convolve(a, b), onp.convolve(a, b), atol=1e-10)
    gradient = grad(lambda b: np.sum(signal.convolve(a, b, mode="valid") ** 2))(b)
    residual = onp.convolve(a, b, "valid")
    onp.testing.assert_allclose(
        gradient, 2 * onp.convolve(a, residual[::-1], "valid")[::-1], atol=1e-7
    )


def test_what_cannot_be_convolved_is_refused() -> None:
    with pytest.raises(ValueError, match="must hold the other"):
        signal.convolve(onp.ones((3, 5)), onp.ones((4, 2)), mode="valid")
    with pytest.raises(ValueError, match="mode must be"):
        signal.convolve(onp.ones(3), onp.ones(2), mode="circular")
    with pytest.raises(ValueError, match="do not pair"):
        signal.convolve(onp.ones((3, 2)), onp.ones((2, 3)), axes=([0], [0]), dot_axes=([1], [1]))
