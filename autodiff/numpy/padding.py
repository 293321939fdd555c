"""numpy.pad in every mode: one axis after the other, as NumPy does it.

Along one axis, every mode but the constant ones is a choice of entries (edge, reflect, symmetric,
wrap), a straight line of entries (linear_ramp, odd reflections), or a statistic of those next to
the border. All are written with traced functions, so they have no rules of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .broadcasting import metadata
from .composed import composed
from .indexing import scatter
from .joining import asarray
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp

Pair = tuple[Any, Any]

_OPTIONS: dict[str, tuple[str, ...]] = {
    "constant": ("constant_values",),
    "edge": (),
    "empty": (),
    "linear_ramp": ("end_values",),
    "maximum": ("stat_length",),
    "mean": ("stat_length",),
    "median": ("stat_length",),
    "minimum": ("stat_length",),
    "reflect": ("reflect_type",),
    "symmetric": ("reflect_type",),
    "wrap": (),
}


@composed("pad")
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """As numpy.pad; `constant_values` and `end_values` may be traced too.

    Raises:
        NotImplementedError: `mode` is a function: it would write into arrays.
        ValueError: an unknown mode, or an option of another mode.
    """
    if callable(mode):
        raise NotImplementedError("pad of a traced array cannot take a function as mode")
    if mode not in _OPTIONS:
        raise ValueError(f"pad: unknown mode {mode!r}; there are {', '.join(_OPTIONS)}")
    for option in options:
        if option not in _OPTIONS[mode]:
            raise ValueError(f"pad: mode {mode!r} has no option {option!r}")
    array = asarray(array)
    shape = metadata(array).shape
    widths = _widths(pad_width, len(shape))
    if mode in ("constant", "empty"):
        return _pad_constant(array, widths, options.get("constant_values", 0))
    for axis, width in enumerate(widths):
        if any(width):
            moved = anp["moveaxis"](array, axis, -1) if len(shape) > 1 else array
            padded = _pad_last(moved, width, mode, axis, len(shape), options)
            array = anp["moveaxis"](padded, -1, axis) if len(shape) > 1 else padded
    return array


def _widths(pad_width: Any, rank: int) -> list[tuple[int, int]]:
    """(before, after) for each axis."""
    if isinstance(pad_width, dict):
        pairs = [(0, 0)] * rank
        for axis, width in pad_width.items():
            pairs[axis] = _widths(width, 1)[0]
        return pairs
    widths = onp.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad: pad_width must be integers, got {widths.dtype}")
    if widths.size and widths.min() < 0:
        raise ValueError("pad: pad_width must not be negative")
    return [(int(b), int(a)) for b, a in onp.broadcast_to(widths, (rank, 2))]


def _per_axis(values: Any, rank: int) -> Callable[[int], Pair]:
    """For each axis, the two values that an option gives: numbers, pairs or pairs per axis."""
    if not isinstance(values, (list, tuple)) and onp.ndim(values) == 0:
        return lambda axis: (values, values)
    spread = anp["broadcast_to"](asarray(values), (rank, 2))
    return lambda axis: (spread[axis, 0], spread[axis, 1])


# -- constants around the array --------------------------------------------------------------------


def _pad_constant(x: Any, widths: list[tuple[int, int]], values: Any) -> Any:
    shape, dtype = metadata(x)
    if _is_zero(values):
        inner = tuple(slice(before, before + n) for (before, _), n in zip(widths, shape))
        padded = tuple(before + n + after for (before, after), n in zip(widths, shape))
        return scatter(x, inner, padded)
    of = _per_axis(values, len(shape))
    for axis, width in enumerate(widths):
        if any(width):
            have = metadata(x).shape
            sides = [
                anp["broadcast_to"](
                    anp["astype"](asarray(value), dtype), (*have[:axis], n, *have[axis + 1 :])
                )
                for value, n in zip(of(axis), width)
            ]
            x = concatenate_args(axis, sides[0], x, sides[1])
    return x


def _is_zero(values: Any) -> bool:
    return type(values) in (int, float) and values == 0


# -- everything else, along the last axis ----------------------------------------------------------


def _pad_last(
    x: Any, width: tuple[int, int], mode: str, axis: int, rank: int, options: dict[str, Any]
) -> Any:
    n = metadata(x).shape[-1]
    if n == 0:
        raise ValueError(f"pad: mode {mode!r} has nothing to pad the empty axis {axis} with")
    if mode == "linear_ramp":
        return _ramp(x, width, _per_axis(options.get("end_values", 0), rank)(axis))
    if mode in ("maximum", "mean", "median", "minimum"):
        lengths = _per_axis(options.get("stat_length"), rank)(axis)
        return _statistic(x, width, mode, lengths)
    kind = options.get("reflect_type", "even")
    if kind not in ("even", "odd"):
        raise ValueError(f"pad: reflect_type must be 'even' or 'odd', got {kind!r}")
    if kind == "odd" and n > 1:
        return _odd(x, width, mode)
    source = onp.pad(onp.arange(n), width, mode=mode)  # type: ignore[call-overload]
    before, after = source[: width[0]], source[width[0] + n :]
    return concatenate_args(-1, x[..., before], x, x[..., after])


def _odd(x: Any, width: tuple[int, int], mode: str) -> Any:
    """Reflect about the border's value: the extension goes on with the array's slope.

    With period P (once there, once back), f(t + P) = f(t) + 2 (last - first), and in the second
    half of a period f(t) = 2 last - f(mirrored t).
    """
    n = metadata(x).shape[-1]
    period, mirror = (2 * n - 2, 2 * n - 2) if mode == "reflect" else (2 * n, 2 * n - 1)
    first, last = x[..., :1], x[..., -1:]
    sides = []
    for positions in (onp.arange(-width[0], 0), onp.arange(n, n + width[1])):
        laps, t = onp.divmod(positions, period)
        back = t >= n
        entries = x[..., onp.where(back, mirror - t, t)]
        signs = onp.where(back, -1, 1).astype(metadata(x).dtype)
        steps = (2 * laps).astype(metadata(x).dtype)
        twice = onp.where(back, 2, 0).astype(metadata(x).dtype)
        sides.append(signs * entries + steps * (last - first) + twice * last)
    return concatenate_args(-1, sides[0], x, sides[1])


def _ramp(x: Any, width: tuple[int, int], ends: Pair) -> Any:
    """Straight lines from the border's values to the end values."""
    dtype = metadata(x).dtype
    sides = []
    for n, end, edge in zip(width, ends, (x[..., :1], x[..., -1:])):
        weight = (onp.arange(n) / max(n, 1)).astype(dtype)  # 0 at the end value
        sides.append((1 - weight) * anp["astype"](asarray(end), dtype) + weight * edge)
    return concatenate_args(-1, sides[0], x, anp["flip"](sides[1], -1))


def _statistic(x: Any, width: tuple[int, int], mode: str, lengths: Pair) -> Any:
    shape, dtype = metadata(x)
    n = shape[-1]
    sides = []
    for k, (count, length) in enumerate(zip(width, lengths)):
        near = n if length is None else min(int(length), n)
        if near == 0 and mode in ("maximum", "minimum"):
            raise ValueError(f"pad: stat_length of 0 has no {mode}")
        part = x if near == n else x[..., :near] if k == 0 else x[..., n - near :]
        value = anp[_REDUCTIONS[mode]](part, -1, keepdims=True)
        sides.append(anp["broadcast_to"](anp["astype"](value, dtype), (*shape[:-1], count)))
    return concatenate_args(-1, sides[0], x, sides[1])


_REDUCTIONS = {"maximum": "max", "mean": "mean", "median": "median", "minimum": "min"}
