"""Other names for the entries of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np

from .draws import Source, any_of


def view(draw: Source, pool: list[Any]) -> Any:
    x = any_of(draw, pool)
    rank, size = len(x.shape), int(onp.prod(x.shape))
    options: list[Callable[[], Any]] = [
        lambda: x.T,
        lambda: np.reshape(x, -1),
        lambda: np.ravel(x),
        lambda: np.ravel(x, "F"),
        lambda: np.reshape(x, x.shape[::-1]),
        lambda: np.flip(x),
        lambda: np.expand_dims(x, 0),
        lambda: np.squeeze(x),
        lambda: np.broadcast_to(x, (2, *x.shape)),
        lambda: x[..., None],
    ]
    if rank:
        options += _along(draw, x)
    if rank > 1:
        options += [
            lambda: np.transpose(x, tuple(draw.rng.permutation(rank))),
            lambda: np.diagonal(x),
            lambda: np.tril(x),
        ]
    if size % 2 == 0 and size:
        options.append(lambda: np.reshape(x, (2, size // 2)))
    return draw.choice(options)()


def _along(draw: Source, x: Any) -> list[Callable[[], Any]]:
    axis = draw.whole(0, len(x.shape) - 1)
    n = x.shape[axis]
    lead = (slice(None),) * axis
    start, step = draw.whole(0, max(n - 1, 0)), draw.choice((1, 2, 3, -1, -2))
    options: list[Callable[[], Any]] = [
        lambda: x[(*lead, slice(start, None, step))],
        lambda: x[::-1],
        lambda: np.moveaxis(x, axis, 0),
        lambda: np.swapaxes(x, axis, -1),
        lambda: x[(*lead, None)],
        lambda: x[(*lead, slice(1, None))] - 0 if n > 1 else x,
    ]
    if n:
        options.append(lambda: x[(*lead, start)])
        options.append(lambda: x[(*lead, start - n)])
    return options
