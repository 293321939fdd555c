"""Draws from a seed, and the arrays that a random program is run on."""

from __future__ import annotations

from typing import Any

import numpy as onp
from other_values import empty_like

import autodiff.numpy as np

DTYPES = ("float64", "float64", "float32", "int64", "int32", "uint8", "int8", "uint64", "bool")


class Source:
    """Draws from a seed.

    Attributes: number, of Python, that the program uses.
    """

    def __init__(self, seed: int) -> None:
        self.rng = onp.random.default_rng(seed)
        self.number: Any = 0.75

    def choice(self, options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def shape(self) -> tuple[int, ...]:
        sizes = (0, 1, 1, 2, 3, 4, 5, 40) if self.chance(0.1) else (1, 2, 3, 4, 5, 17)
        return tuple(self.choice(sizes) for _ in range(self.whole(0, 3)))

    def places(self, n: int, count: int) -> Any:
        """Indices along an axis of that length, negative ones among them, some of them twice."""
        return onp.array([self.whole(-n, n - 1) for _ in range(count)])

    def array(self, shape: tuple[int, ...], dtype: str) -> Any:
        x = onp.asarray(entries(self.rng, shape, onp.dtype(dtype)))
        if not shape or self.chance(0.5):
            return x
        axis = self.whole(0, len(shape) - 1)
        lead = (slice(None),) * axis
        return self.choice(
            (
                lambda: onp.asfortranarray(x),
                lambda: onp.flip(onp.flip(x, axis).copy(), axis),
                lambda: onp.repeat(x, 2, axis)[(*lead, slice(None, None, 2))],
                lambda: onp.swapaxes(onp.swapaxes(x, axis, 0).copy(), axis, 0),
            )
        )()


def entries(rng: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Small numbers of a dtype; zeros among the integers."""
    values = rng.normal(size=shape)
    if dtype.kind == "b":
        return values > 0
    if dtype.kind in "iu":
        values = onp.abs(3 * values) if dtype.kind == "u" else 3 * values
    return onp.asarray(values).astype(dtype)


def inputs(seed: int) -> list[Any]:
    """The arguments that the program of this seed is made for."""
    draw = Source(seed)
    shape = draw.shape()
    arrays = [
        draw.array(shape, draw.choice(DTYPES[:3])),
        draw.array(draw.shape(), draw.choice(DTYPES)),
    ]
    arrays.append(draw.array(shape[-1:], draw.choice(DTYPES)))
    if draw.chance(0.3):
        arrays.append(float(draw.rng.normal()))
    return arrays


def changed(args: list[Any], seed: int) -> list[Any]:
    """Other arguments of the same types and layouts."""
    rng = onp.random.default_rng([seed, 1])
    found = []
    for x in args:
        if isinstance(x, float):
            found.append(float(rng.normal()))
        else:
            other = empty_like(x)
            other[...] = entries(rng, x.shape, x.dtype)
            found.append(other)
    return found


def small(x: Any) -> Any:
    """Floats, brought back to where functions neither overflow nor lose all digits."""
    return np.tanh(x) if x.dtype.kind == "f" else x


def any_of(draw: Source, pool: list[Any]) -> Any:
    return draw.choice(pool)


def floating(draw: Source, pool: list[Any]) -> Any:
    x = any_of(draw, pool)
    return x if x.dtype.kind == "f" else x.astype("float64")


def whole_numbers(draw: Source, pool: list[Any]) -> Any:
    """Integers, made of floats if need be."""
    x = any_of(draw, pool)
    if x.dtype.kind in "iu":
        return x
    dtype = draw.choice(("int64", "int32"))
    return (x if x.dtype.kind == "b" else 7 * np.sin(x)).astype(dtype)


def fits(*arrays: Any) -> bool:
    """Whether arrays broadcast against each other."""
    try:
        onp.broadcast_shapes(*map(np.shape, arrays))
    except ValueError:
        return False
    return True
