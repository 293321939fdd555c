"""Random programs of NumPy: shapes, dtypes, broadcasting, views, reductions, indexing.

A program is a list of operations drawn from a seed, run on a pool of arrays; each takes operands
from the pool and puts its result there. Values stay finite and small, so that sums can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np

DTYPES = ("float64", "float32", "int64", "bool")
UNARY = ("tanh", "exp", "sin", "cos", "negative", "absolute", "floor", "square", "sign", "sqrt")
BINARY = ("add", "subtract", "multiply", "maximum", "minimum", "less", "equal", "true_divide")
REDUCTIONS = ("sum", "max", "mean", "min", "prod", "any")


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

    def array(self, shape: tuple[int, ...], dtype: str) -> Any:
        values = self.rng.normal(size=shape)
        if dtype == "bool":
            return onp.asarray(values > 0)
        array = onp.asarray((3 * values) if dtype == "int64" else values, dtype)
        if self.chance(0.2):
            array = onp.asfortranarray(array)
        return array


def inputs(seed: int) -> list[Any]:
    """The arguments that the program of this seed is made for."""
    draw = Source(seed)
    shape = draw.shape()
    arrays = [
        draw.array(shape, draw.choice(DTYPES[:2])),
        draw.array(draw.shape(), draw.choice(DTYPES)),
    ]
    arrays.append(draw.array(shape[-1:], draw.choice(DTYPES)))
    if draw.chance(0.3):
        arrays.append(float(draw.rng.normal()))
    return arrays


def changed(args: list[Any], seed: int) -> list[Any]:
    """Other arguments of the same types."""
    rng = onp.random.default_rng([seed, 1])
    found = []
    for x in args:
        if isinstance(x, float):
            found.append(float(rng.normal()))
            continue
        other = onp.empty_like(x)
        values = rng.normal(size=x.shape)
        other[...] = values > 0 if x.dtype == bool else 3 * values if x.dtype == int else values
        found.append(other)
    return found


def program(seed: int, length: int = 8) -> Callable[..., Any]:
    """The function that the seed stands for."""

    def fun(*args: Any) -> Any:
        draw = Source(seed + 10**9)
        pool, draw.number = list(args[:3]), args[3] if len(args) > 3 else 0.75
        for _ in range(draw.whole(1, length)):
            step = draw.choice(STEPS)
            made = step(draw, pool)
            if made is not None:
                pool.append(made)
        return tuple(pool[3:][-4:])

    return fun


def _small(x: Any) -> Any:
    """Floats, brought back to where functions neither overflow nor lose all digits."""
    return np.tanh(x) if x.dtype.kind == "f" else x


def _any(draw: Source, pool: list[Any]) -> Any:
    return draw.choice(pool)


def _float(draw: Source, pool: list[Any]) -> Any:
    x = _any(draw, pool)
    return x if x.dtype.kind == "f" else x.astype("float64")


def _unary(draw: Source, pool: list[Any]) -> Any:
    x, name = _float(draw, pool), draw.choice(UNARY)
    x = np.abs(x) if name == "sqrt" else x
    return getattr(np, name)(x)


def _fits(x: Any, y: Any) -> bool:
    try:
        onp.broadcast_shapes(np.shape(x), np.shape(y))
    except ValueError:
        return False
    return True


def _binary(draw: Source, pool: list[Any]) -> Any:
    x, y, name = _any(draw, pool), draw.choice(pool), draw.choice(BINARY)
    if draw.chance(0.3):
        y = draw.choice((2, 1.0, 0.0, -1.0, -0.0, draw.number, x))
    if not _fits(x, y):
        return None
    if x.dtype == bool and name in ("subtract", "true_divide"):
        return None
    if name == "subtract" and onp.dtype(np.result_type(y)).kind == "b":
        return None
    if name == "true_divide":
        y = y * y + 1.5
    return getattr(np, name)(x, y)


def _operators(draw: Source, pool: list[Any]) -> Any:
    x = _small(_float(draw, pool))
    return draw.choice(
        (
            lambda: x**2,
            lambda: -x * -x,
            lambda: 2 * x + 0.0,
            lambda: x - (-x),
            lambda: (x + 1) * 1.0,
            lambda: 1 / (x * x + 1),
            lambda: x.astype("float32"),
            lambda: np.where(x > 0, x, 0.5),
            lambda: np.where(x, 1, x),
        )
    )()


def _reduce(draw: Source, pool: list[Any]) -> Any:
    x, name = _any(draw, pool), draw.choice(REDUCTIONS)
    rank = len(x.shape)
    if 0 in x.shape and name in ("max", "min", "mean"):
        return None
    axis = draw.choice((None, *range(-rank, rank), tuple(range(rank))[:2]))
    if axis == () or (name == "any" and x.dtype != bool):
        return None
    return getattr(np, name)(_small(x), axis=axis, keepdims=draw.chance(0.3))


def _view(draw: Source, pool: list[Any]) -> Any:
    x = _any(draw, pool)
    rank, size = len(x.shape), int(onp.prod(x.shape))
    options: list[Callable[[], Any]] = [
        lambda: x.T,
        lambda: np.reshape(x, -1),
        lambda: np.ravel(x),
        lambda: np.reshape(x, x.shape[::-1]),
        lambda: np.flip(x),
        lambda: np.expand_dims(x, 0),
        lambda: np.squeeze(x),
        lambda: np.broadcast_to(x, (2, *x.shape)),
        lambda: x[..., None],
    ]
    if rank:
        axis = draw.whole(0, rank - 1)
        n = x.shape[axis]
        lead = (slice(None),) * axis
        start, step = draw.whole(0, max(n - 1, 0)), draw.choice((1, 2, -1))
        options += [
            lambda: x[(*lead, slice(start, None, step))],
            lambda: x[::-1],
            lambda: np.moveaxis(x, axis, 0),
            lambda: np.swapaxes(x, axis, -1),
            lambda: np.roll(x, start + 1, axis),
            lambda: np.concatenate([x, x[(*lead, slice(0, start))]], axis),
            lambda: np.stack([x, x]),
        ]
        if n:
            options.append(lambda: x[(*lead, start)])
    if size % 2 == 0 and size:
        options.append(lambda: np.reshape(x, (2, size // 2)))
    return draw.choice(options)()


def _index(draw: Source, pool: list[Any]) -> Any:
    x = _any(draw, pool)
    if not x.shape or 0 in x.shape:
        return None
    n = x.shape[0]
    places = onp.array([draw.whole(-n, n - 1) for _ in range(draw.whole(1, 6))])
    traced = np.argmax(x, 0) if n > 1 else None
    options: list[Callable[[], Any]] = [lambda: x[places], lambda: np.take(x, places, 0)]
    if len(x.shape) > 1:
        options.append(lambda: x[:, places % x.shape[1]])
        options.append(lambda: x[places, places % x.shape[1]])
    if traced is not None:
        options.append(lambda: x[traced])
    if x.dtype.kind == "f":
        options.append(lambda: _written(x, places))
    return draw.choice(options)()


def _written(x: Any, places: Any) -> Any:
    y = np.zeros(x.shape)
    y[...] = x
    y[places[0]] = 2.0
    y[::2] *= 3.0
    return y


def _product(draw: Source, pool: list[Any]) -> Any:
    x, y = _small(_float(draw, pool)), _small(_float(draw, pool))
    if x.dtype != y.dtype or not x.shape or not y.shape or len(x.shape) > 2:
        return None
    if draw.chance(0.4) and len(x.shape) == 2:
        return x.T @ x
    if y.shape[-2 if len(y.shape) > 1 else 0] != x.shape[-1]:
        y = np.swapaxes(y, -1, 0)
    if y.shape[-2 if len(y.shape) > 1 else 0] != x.shape[-1]:
        return None
    return np.dot(x, y) if draw.chance(0.5) and len(y.shape) < 3 else x @ y


STEPS = (_unary, _binary, _binary, _operators, _operators, _reduce, _view, _view, _index, _product)
