"""Entries at indices: read, chosen by computed indices, written, added up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.numpy.assignment import index_add

from .draws import Source, any_of, whole_numbers


def indexed(draw: Source, pool: list[Any]) -> Any:
    """Entries at fixed indices: one array of them or several, between slices."""
    x = any_of(draw, pool)
    if not x.shape or 0 in x.shape:
        return None
    n, count = x.shape[0], draw.whole(1, 6)
    p = draw.places(n, count)
    options: list[Callable[[], Any]] = [
        lambda: x[p],
        lambda: np.take(x, p, 0),
        lambda: np.take(x, p[0], 0),
        lambda: x[p.reshape(-1, 1)],
        lambda: x[None, p, ...],
        lambda: x[onp.empty(0, int)],
    ]
    if len(x.shape) > 1:
        q = draw.places(x.shape[1], count)
        options += [
            lambda: x[:, q],
            lambda: x[p, q],
            lambda: x[p[:, None], q],
            lambda: x[p, ::-1],
            lambda: x[::-1, q],
            lambda: x[0, q],
            lambda: x[p, None, 0],
        ]
    if len(x.shape) == 2:
        options.append(lambda: np.take_along_axis(x, onp.tile(p[:, None], (1, x.shape[1])), 0))
    if len(x.shape) > 2:
        r = draw.places(x.shape[2], count)
        options += [lambda: x[p, :, r], lambda: x[:, q, r], lambda: x[p, q, r], lambda: x[0, :, r]]
    return draw.choice(options)()


def chosen(draw: Source, pool: list[Any]) -> Any:
    """Entries at indices that the program computes."""
    x, k = any_of(draw, pool), whole_numbers(draw, pool)
    if not x.shape or 0 in x.shape or k.dtype == onp.uint64:
        return None
    n = x.shape[0]
    options: list[Callable[[], Any]] = [
        lambda: x[k % n],
        lambda: np.take(x, k % n, 0),
        lambda: x[np.clip(k, 0, n - 1)],
        lambda: x[np.argmax(x, 0)],
    ]
    if k.dtype.kind == "i":
        options.append(lambda: x[k % n - n])
    if len(x.shape) > 1:
        m = x.shape[1]
        options += [lambda: x[k % n, k % m], lambda: x[:, k % m], lambda: x[k % n, ::2]]
    return draw.choice(options)()


def written(draw: Source, pool: list[Any]) -> Any:
    """A copy in which some entries are written, or added to."""
    x = any_of(draw, pool)
    if not x.shape or 0 in x.shape or x.dtype.kind != "f":
        return None
    p = draw.places(x.shape[0], draw.whole(1, 4))
    y = np.zeros(x.shape, x.dtype)
    y[...] = x
    kind = draw.whole(0, 6)
    if kind == 0:
        y[p[0]] = 2.0
        y[::2] *= 3.0
    elif kind == 1:
        y[p] = 0.5
    elif kind == 2:
        y[::-1] += 2 * x
    elif kind == 3:
        y[1:] = x[:-1]
    elif kind == 4:
        y[onp.asarray(draw.rng.random(x.shape) > 0.5)] = -1.0
    elif kind == 5:
        return index_add(x, p, x[p] * 2)
    else:
        y[..., ::2] = x[..., ::2] * x[..., :1]
    return y
