"""Convolution of arrays along chosen axes, traced: Autograd's n-dimensional form, and SciPy's."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as onp

from .. import numpy as np
from ..core import def_linear, defvjp
from ..numpy.broadcasting import metadata, unbroadcast_f
from ..tracer import primitive

_LARGE = 10**6
"""Products in a sum over windows from which it is worth asking for a Fourier transform."""

_FEW = 30
"""Entries of a kernel up to which shifted arrays are added faster than windows are contracted."""

Axes = Sequence[Sequence[int]]


@primitive
def correlate_windows(a: Any, k: Any) -> Any:
    """Sum over every position of the kernel that lies inside of the array.

    ``out[m, p, i] = sum over d, j of a[m, d, i + j] k[p, d, j]``, i and j being multi-indices.

    Args:
        a: shape (M, D, *n).
        k: shape (P, D, *w), not longer than `a` along any of its last axes.

    Returns: shape (M, P, *(n - w + 1)).
    """
    rank = a.ndim - 2
    if not rank:
        return onp.matmul(a, k.T)
    if a.shape[:2] == k.shape[:2] == (1, 1) and a.size * k.size > _LARGE:
        import scipy.signal  # slow to import, and small arrays do without

        return scipy.signal.correlate(a[0, 0], onp.conj(k[0, 0]), "valid")[None, None]
    windows = onp.lib.stride_tricks.sliding_window_view(a, k.shape[2:], tuple(range(2, 2 + rank)))
    if a.shape[:2] == k.shape[:2] == (1, 1):  # tensordot would copy all windows
        if k.size <= _FEW:
            return _by_shifts(a[0, 0], k[0, 0])[None, None]
        axes = list(range(2 * rank))
        return onp.einsum(windows[0, 0], axes, k[0, 0], axes[rank:], axes[:rank])[None, None]
    inner = [1, *range(2 + rank, 2 + 2 * rank)]
    sums = onp.tensordot(windows, k, (inner, [1, *range(2, 2 + rank)]))  # (M, *out, P)
    return onp.moveaxis(sums, -1, 1)


def _by_shifts(a: Any, k: Any) -> Any:
    """`correlate_windows` of one channel, one entry of the kernel after the other."""
    shape = [n - w + 1 for n, w in zip(a.shape, k.shape)]
    total = onp.zeros(shape, onp.result_type(a, k))
    for place in onp.ndindex(k.shape):
        total += a[tuple(slice(i, i + n) for i, n in zip(place, shape))] * k[place]
    return total


def _swap(x: Any) -> Any:
    return np.swapaxes(x, 0, 1)


def _reversed(k: Any) -> Any:
    rank = len(metadata(k).shape) - 2
    return np.flip(k, tuple(range(2, 2 + rank))) if rank else k


def _padded(x: Any, widths: Sequence[int]) -> Any:
    """Zeros around the last axes: `widths` of them at both ends."""
    return np.pad(x, ((0, 0), (0, 0), *((w, w) for w in widths))) if widths else x


def _array_vjp(ans: Any, a: Any, k: Any) -> Any:
    widths = [w - 1 for w in metadata(k).shape[2:]]
    return unbroadcast_f(a, lambda g: correlate_windows(_padded(g, widths), _swap(_reversed(k))))


def _kernel_vjp(ans: Any, a: Any, k: Any) -> Any:
    return unbroadcast_f(k, lambda g: _swap(correlate_windows(_swap(a), _swap(g))))


defvjp(correlate_windows, _array_vjp, _kernel_vjp)
def_linear(correlate_windows)


def convolve(
    A: Any,  # noqa: N803  (Autograd's name)
    B: Any,  # noqa: N803
    axes: Axes | None = None,
    dot_axes: Axes = ((), ()),
    mode: str = "full",
) -> Any:
    """Convolve A and B along pairs of axes, contract others, multiply the rest one by one.

    Args:
        axes: two lists of axes, of A and of B: convolved pairwise. All, in order, by default.
        dot_axes: two lists of axes of equal lengths: multiplied and summed pairwise.
        mode: "full"; "same", the middle part as long as A; "valid", where both overlap entirely.

    Returns: shape (remaining axes of A, remaining axes of B, convolved axes).

    Raises:
        ValueError: an unknown mode, lists of axes that do not match, or, in mode "valid", neither
            operand at least as long as the other along all of the axes.
    """
    A, B = np.asarray(A), np.asarray(B)  # noqa: N806
    if axes is None:
        axes = (range(A.ndim), range(B.ndim))
    rest_a, a = _grouped(A, axes[0], dot_axes[0])
    rest_b, b = _grouped(B, axes[1], dot_axes[1])
    long, short = metadata(a).shape[1:], metadata(b).shape[1:]
    if len(long) != len(short) or long[0] != short[0]:
        raise ValueError(f"convolve: axes {axes!r} and {dot_axes!r} do not pair the operands' axes")
    sums = _convolved(a, b, mode)
    return np.reshape(sums, (*rest_a, *rest_b, *metadata(sums).shape[2:]))


def _grouped(x: Any, axes: Sequence[int], dot_axes: Sequence[int]) -> tuple[Any, Any]:
    """The lengths of the remaining axes, and x in the shape (remaining, contracted, *convolved)."""
    shape = metadata(x).shape
    conv, dot = ([axis % len(shape) for axis in group] for group in (axes, dot_axes))
    rest = [axis for axis in range(len(shape)) if axis not in conv and axis not in dot]
    lengths = [[shape[axis] for axis in group] for group in (rest, dot, conv)]
    moved = np.transpose(x, tuple(rest + dot + conv))
    return lengths[0], np.reshape(moved, (prod(lengths[0]), prod(lengths[1]), *lengths[2]))


def _convolved(a: Any, b: Any, mode: str) -> Any:
    n, w = metadata(a).shape[2:], metadata(b).shape[2:]
    if mode == "valid":
        if all(x >= y for x, y in zip(n, w)):
            return correlate_windows(a, _reversed(b))
        if all(x <= y for x, y in zip(n, w)):
            return _swap(correlate_windows(b, _reversed(a)))
        raise ValueError(f"convolve: in mode 'valid' one of {n} and {w} must hold the other")
    if mode == "same":
        widths = [((y - 1) - (y - 1) // 2, (y - 1) // 2) for y in w]
        padded = np.pad(a, ((0, 0), (0, 0), *widths)) if widths else a
        return correlate_windows(padded, _reversed(b))
    if mode != "full":
        raise ValueError(f"convolve: mode must be 'full', 'same' or 'valid', got {mode!r}")
    if prod(n) >= prod(w):
        return correlate_windows(_padded(a, [y - 1 for y in w]), _reversed(b))
    return _swap(correlate_windows(_padded(b, [x - 1 for x in n]), _reversed(a)))


def fftconvolve(in1: Any, in2: Any, mode: str = "full") -> Any:
    """As scipy.signal.fftconvolve along all axes; a transform is used where it is quicker."""
    return convolve(in1, in2, mode=mode)


def correlate(in1: Any, in2: Any, mode: str = "full") -> Any:
    """As scipy.signal.correlate along all axes: convolution with in2 reversed and conjugated."""
    kernel = np.conj(np.flip(np.asarray(in2)))
    shorter = np.shape(in1) != np.shape(in2) and all(
        a <= b for a, b in zip(np.shape(in1), np.shape(in2))
    )
    if mode == "valid" and shorter:  # SciPy slides the shorter one, whichever it is
        return np.flip(np.conj(correlate(in2, in1, mode)))
    return convolve(in1, kernel, mode=mode)
