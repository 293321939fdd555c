"""Arrays side by side, with edges, shifted."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np

from .draws import Source, any_of


def joined(draw: Source, pool: list[Any]) -> Any:
    """Two arrays, or pieces of one, along any axis."""
    x, y = any_of(draw, pool), any_of(draw, pool)
    rank = len(x.shape)
    if rank == 0:
        return np.stack([x, x * 2, x])
    axis = draw.whole(-rank, rank - 1)
    lead = (slice(None),) * (axis % rank)
    part = x[(*lead, slice(0, draw.whole(0, x.shape[axis])))]
    options = [
        lambda: np.concatenate([x, part], axis),
        lambda: np.concatenate([part, x, part], axis),
        lambda: np.concatenate([x, x[::-1]], axis),
        lambda: np.stack([x, x], draw.whole(-rank - 1, rank)),
        lambda: np.tile(x, draw.choice((2, (2, 1), (1, 3)))),
        lambda: np.repeat(x, 2, axis),
    ]
    if x.shape == y.shape:
        options += [lambda: np.concatenate([x, y], axis), lambda: np.stack([y, x], axis)]
    elif len(y.shape) == rank and _but(x.shape, axis) == _but(y.shape, axis):
        options = [lambda: np.concatenate([y, x, y], axis)]
    return draw.choice(options)()


def _but(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    axis %= len(shape)
    return shape[:axis] + shape[axis + 1 :]


def padded(draw: Source, pool: list[Any]) -> Any:
    x = any_of(draw, pool)
    if not x.shape or min(x.shape) < 2 or max(x.shape) > 20:
        return None
    width = [(draw.whole(0, 1), draw.whole(0, 2)) for _ in x.shape]
    mode = draw.choice(("constant", "edge", "wrap", "reflect"))
    if mode == "reflect":
        width = [(1, 0)] * len(x.shape)
    return np.pad(x, width, mode)


def rolled(draw: Source, pool: list[Any]) -> Any:
    """Shifts along one axis, several, or all entries at once."""
    x = any_of(draw, pool)
    rank = len(x.shape)
    if rank == 0:
        return None
    axis, shift = draw.whole(-rank, rank - 1), draw.whole(-7, 7)
    options = [lambda: np.roll(x, shift, axis), lambda: np.roll(x, shift)]
    if rank > 1:
        two = (axis, (axis + 1) % rank if (axis + 1) % rank != axis % rank else axis - 1)
        options.append(lambda: np.roll(x, (shift, draw.whole(-3, 3)), two))
        options.append(lambda: np.roll(np.roll(x, 1, 0), -1, 1) - x if x.dtype != bool else x)
    return draw.choice(options)()
