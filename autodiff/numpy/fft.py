"""Discrete Fourier transforms: all linear, so a tangent is transformed as its value is.

A cotangent goes through the transpose of the transform's matrix. That of `fft` is symmetric, so
`fft` is its own transpose. `rfft` and `irfft` are each other's, but for a conjugate, the scale, and
a weight: a frequency between zero and Nyquist stands for two entries of a real signal's spectrum.

Transforms along several axes are written as those along one: repeated axes, too, are as in NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from .broadcasting import match_dtype, metadata
from .composed import in_place_of, refuse
from .wrapper import wrap_namespace
from .wrapper import wrapped_namespace as anp

_namespace: dict[str, Any] = {}
wrap_namespace(onp.fft, _namespace)
_fft, _ifft, _rfft, _irfft = (_namespace[name] for name in ("fft", "ifft", "rfft", "irfft"))

_INVERSE_NORM = {None: "forward", "backward": "forward", "forward": "backward", "ortho": "ortho"}
"""The norm by which the inverse transform has the scale of a transform with norm = the key."""


def _inverse_norm(norm: str | None) -> str:
    try:
        return _INVERSE_NORM[norm]
    except KeyError:
        raise ValueError(
            f"fft: norm must be None, 'backward', 'ortho' or 'forward', got {norm!r}"
        ) from None


def _resized(x: Any, n: int, axis: int) -> Any:
    """x with n entries along `axis`: cut off, or zeros appended."""
    shape = metadata(x).shape
    axis %= len(shape)
    if shape[axis] > n:
        return x[(slice(None),) * axis + (slice(n),)]
    if shape[axis] < n:
        missing = (*shape[:axis], n - shape[axis], *shape[axis + 1 :])
        return anp["concatenate"]([x, onp.zeros(missing, metadata(x).dtype)], axis)
    return x


# -- one axis --------------------------------------------------------------------------------------


def _symmetric_vjp(transform: Callable[..., Any]) -> Callable[..., Any]:
    def vjp(
        ans: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None
    ) -> Callable[[Any], Any]:
        refuse("fft", out=out)
        shape, dtype = metadata(a)

        def pull(g: Any) -> Any:
            return match_dtype(_resized(transform(g, None, axis, norm), shape[axis], axis), dtype)

        return pull

    return vjp


def _weights(n: int, axis: int, rank: int, dtype: Any, inner: float) -> Any:
    """1 for frequency zero and for Nyquist's (n even), `inner` between, along `axis` of rfft."""
    weights = onp.full(n // 2 + 1, inner, onp.finfo(dtype).dtype)
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return weights.reshape([-1 if k == axis % rank else 1 for k in range(rank)])


def _rfft_vjp(
    ans: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None
) -> Callable[[Any], Any]:
    refuse("rfft", out=out)
    shape, dtype = metadata(a)
    length = shape[axis] if n is None else n
    weights = _weights(length, axis, len(shape), metadata(ans).dtype, 0.5)

    def pull(g: Any) -> Any:
        signal = _irfft(anp["conj"](g) * weights, length, axis, _inverse_norm(norm))
        return match_dtype(_resized(signal, shape[axis], axis), dtype)

    return pull


def _irfft_vjp(
    ans: Any, a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None
) -> Callable[[Any], Any]:
    refuse("irfft", out=out)
    shape, dtype = metadata(a)
    length = metadata(ans).shape[axis]
    weights = _weights(length, axis, len(shape), metadata(ans).dtype, 2.0)

    def pull(g: Any) -> Any:
        spectrum = anp["conj"](_rfft(g, None, axis, _inverse_norm(norm))) * weights
        return match_dtype(_resized(spectrum, shape[axis], axis), dtype)

    return pull


defvjp(_fft, _symmetric_vjp(_fft))
defvjp(_ifft, _symmetric_vjp(_ifft))
defvjp(_rfft, _rfft_vjp)
defvjp(_irfft, _irfft_vjp)
for _transform in (_fft, _ifft, _rfft, _irfft):
    defjvp(_transform, "same")

for _name, _back in (("fftshift", "ifftshift"), ("ifftshift", "fftshift")):
    defvjp(
        _namespace[_name],
        lambda ans, x, axes=None, _back=_namespace[_back]: lambda g: _back(g, axes),
    )
    defjvp(_namespace[_name], "same")

# -- several axes ----------------------------------------------------------------------------------


def composed(name: str) -> Callable[[Any], Any]:
    """Let the decorated function stand for numpy.fft's function of this name."""
    return in_place_of(onp.fft, _namespace, name)


def _lengths_and_axes(
    a: Any, s: Sequence[int] | None, axes: Sequence[int] | None, *, of_spectrum: bool = False
) -> list[tuple[int, int]]:
    """The length and the number of every axis to transform along, as NumPy reads `s` and `axes`.

    Args:
        of_spectrum: the last axis holds the non-negative frequencies of a real signal.
    """
    shape = metadata(a).shape
    if axes is None:
        axes = range(-(len(shape) if s is None else len(s)), 0)
    if s is None:
        lengths = [shape[axis] for axis in axes]
        if of_spectrum:
            lengths[-1] = 2 * (lengths[-1] - 1)
    elif len(s) != len(axes):
        raise ValueError(f"fft: s and axes must have one length, got {s} and {tuple(axes)}")
    else:
        lengths = [shape[axis] if n == -1 else n for n, axis in zip(s, axes)]
    return list(zip(lengths, axes))


def _along(transform: Any, a: Any, steps: Sequence[tuple[int, int]], norm: Any) -> Any:
    for n, axis in steps:
        a = transform(a, n, axis, norm)
    return a


@composed("fftn")
def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.fftn."""
    refuse("fftn", out=out)
    return _along(_fft, a, _lengths_and_axes(a, s, axes)[::-1], norm)


@composed("ifftn")
def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.ifftn."""
    refuse("ifftn", out=out)
    return _along(_ifft, a, _lengths_and_axes(a, s, axes)[::-1], norm)


@composed("rfftn")
def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.rfftn: real along the last of the axes, which is transformed first."""
    refuse("rfftn", out=out)
    *others, last = _lengths_and_axes(a, s, axes)
    return _along(_fft, _along(_rfft, a, [last], norm), others[::-1], norm)


@composed("irfftn")
def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.irfftn: real along the last of the axes, which is transformed last."""
    refuse("irfftn", out=out)
    *others, last = _lengths_and_axes(a, s, axes, of_spectrum=True)
    return _along(_irfft, _along(_ifft, a, others, norm), [last], norm)


def _in_two(transform: Callable[..., Any]) -> Callable[..., Any]:
    def in_two(
        a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None
    ) -> Any:
        return transform(a, s, axes, norm, out)

    return in_two


for _name, _general in (("fft2", fftn), ("ifft2", ifftn), ("rfft2", rfftn), ("irfft2", irfftn)):
    composed(_name)(_in_two(_general))

# -- signals with a real spectrum ------------------------------------------------------------------


@composed("hfft")
def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.hfft."""
    refuse("hfft", out=out)
    return _irfft(anp["conj"](a), n, axis, _inverse_norm(norm))


@composed("ihfft")
def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """As numpy.fft.ihfft."""
    refuse("ihfft", out=out)
    return anp["conj"](_rfft(a, n, axis, _inverse_norm(norm)))


globals().update(_namespace)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.numpy.fft' has no attribute {name!r}")
