"""Fourier transforms: every length, norm and axis, in both modes."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autodiff.numpy as np
from autodiff import grad
from autodiff.core import make_jvp, make_vjp
from autodiff.test_util import check_duality, check_grads

SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)
NORMS = [None, "backward", "ortho", "forward"]
OF_COMPLEX = ["fft", "ifft", "irfft", "hfft"]
OF_REAL = ["rfft", "ihfft"]


def _data(*shape: int, real: bool = True) -> Any:
    rng = onp.random.default_rng(0)
    return rng.standard_normal(shape) + (0 if real else 1j * rng.standard_normal(shape))


@SETTINGS
@given(
    st.sampled_from(OF_COMPLEX + OF_REAL),
    st.integers(1, 6),
    st.none() | st.integers(1, 8),
    st.sampled_from([0, -1]),
    st.sampled_from(NORMS),
)
def test_transforms_of_any_length(name: str, size: int, n: Any, axis: int, norm: Any) -> None:
    if n is None and size == 1 and name in ("irfft", "hfft"):
        return  # a signal of no entries, which NumPy refuses
    x = _data(*((size, 3) if axis == 0 else (3, size)), real=name in OF_REAL)
    fun = lambda x: getattr(np.fft, name)(x, n, axis, norm)  # noqa: E731
    _, value = make_vjp(fun, x)
    onp.testing.assert_allclose(value, getattr(onp.fft, name)(x, n, axis, norm), atol=1e-14)
    check_duality(fun, x, rtol=1e-11)


@SETTINGS
@given(
    st.sampled_from(["fftn", "ifftn", "rfftn", "irfftn", "fft2", "ifft2", "rfft2", "irfft2"]),
    st.sampled_from([(0, 1), (2, 0), (-1,), (1, 1), (0, 1, -1)]),
    st.none() | st.lists(st.sampled_from([2, 3, 4, 5]), min_size=3, max_size=3),
    st.sampled_from(NORMS),
)
def test_transforms_along_any_axes(name: str, axes: Any, lengths: Any, norm: Any) -> None:
    x = _data(2, 3, 4, real=name.startswith("rfft"))
    s = lengths and lengths[: len(axes)]
    fun = lambda x: getattr(np.fft, name)(x, s, axes, norm)  # noqa: E731
    _, value = make_vjp(fun, x)
    onp.testing.assert_allclose(value, getattr(onp.fft, name)(x, s, axes, norm), atol=1e-13)
    check_duality(fun, x, rtol=1e-11)


def test_a_length_of_minus_one_is_that_of_the_axis() -> None:
    x = _data(2, 3, 4)
    for name in ("fftn", "rfftn", "irfftn"):
        fun = lambda x: getattr(np.fft, name)(x, (3, -1), (1, 2))  # noqa: B023, E731
        _, value = make_vjp(fun, x)
        onp.testing.assert_allclose(value, getattr(onp.fft, name)(x, (3, -1), (1, 2)), atol=1e-14)
        check_duality(fun, x, rtol=1e-11)


@pytest.mark.parametrize("name", OF_COMPLEX)
def test_real_input_has_real_derivatives(name: str) -> None:
    fun = lambda x: np.sum(np.abs(getattr(np.fft, name)(x)) ** 2)  # noqa: E731
    gradient = grad(fun)(_data(5))
    assert gradient.dtype == onp.float64
    check_grads(fun)(_data(5))


@pytest.mark.parametrize("name", OF_COMPLEX + OF_REAL)
def test_single_precision_is_kept(name: str) -> None:
    x = _data(4).astype(onp.float32)
    vjp, value = make_vjp(getattr(np.fft, name), x)
    assert value.dtype in (onp.float32, onp.complex64)
    assert vjp(onp.ones_like(value)).dtype == onp.float32
    assert make_jvp(getattr(np.fft, name), x)(x)[1].dtype == value.dtype


def test_filters_are_differentiable_twice() -> None:
    taps = _data(4)
    low_pass = lambda x: np.fft.irfft(np.fft.rfft(x) * taps, 7) ** 2  # noqa: E731
    check_grads(low_pass)(_data(7))
    check_grads(lambda x: np.abs(np.fft.fftshift(np.fft.fft2(x))) ** 2)(_data(3, 4))


def test_parsevals_theorem_gives_the_gradient() -> None:
    x = _data(6)
    power = lambda x: np.sum(np.abs(np.fft.fft(x, norm="ortho")) ** 2)  # noqa: E731
    onp.testing.assert_allclose(grad(power)(x), 2 * x, rtol=1e-13)


def test_frequencies_are_numpys() -> None:
    assert np.fft.fftfreq(5, 0.5).tolist() == onp.fft.fftfreq(5, 0.5).tolist()


def test_misfits_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        grad(lambda x: np.real(np.fft.fftn(x, (2,), (0, 1))[0, 0]))(_data(2, 2))
    with pytest.raises(NotImplementedError, match="out="):
        grad(lambda x: np.real(np.fft.fft(x, out=onp.empty(3, complex))[0]))(_data(3))
    with pytest.raises(IndexError):
        grad(lambda x: np.real(np.fft.fft(x, axis=2)[0, 0]))(_data(2, 2))
    for name in ("fft", "hfft", "ihfft"):
        with pytest.raises(ValueError, match="norm"):
            grad(lambda x, f=name: np.real(getattr(np.fft, f)(x, norm="odd")[0]))(_data(3))
