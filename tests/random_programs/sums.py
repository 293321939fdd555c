"""Reductions, running sums, products of vectors, matrices and stacks, sums over named axes."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np

from .draws import Source, any_of, floating, small

REDUCTIONS = ("sum", "max", "mean", "min", "prod", "any", "all", "var", "std")
ALONG = ("cumsum", "sort", "argsort", "argmax", "argmin", "diff", "count_nonzero")
NAMED = {
    1: ("i->", "i,i->", "i,j->ij", "i->i"),
    2: ("ij->ji", "ij->j", "ij->", "ij,ij->i", "ij,kj->ik", "ij,kj->ki", "ij,ij->ji", "ij,ik->jk"),
    3: ("ijk->kij", "ijk,ijk->ik", "ijk,ilk->ijl", "ijk->j", "ijk,ljk->il", "ijk,ijk->"),
}


def reduced(draw: Source, pool: list[Any]) -> Any:
    x, name = any_of(draw, pool), draw.choice(REDUCTIONS)
    rank = len(x.shape)
    if 0 in x.shape and name in ("max", "mean", "min", "var", "std"):
        return None
    axes = tuple(int(a) for a in draw.rng.permutation(rank)[:2])
    axis = draw.choice((None, *range(-rank, rank), axes, axes))
    if axis == ():
        return None
    if name in ("any", "all") and x.dtype != bool:
        x = x > 0
    return getattr(np, name)(small(x), axis=axis, keepdims=draw.chance(0.3))


def along(draw: Source, pool: list[Any]) -> Any:
    """Functions of a whole axis, some of which stay calls."""
    x, name = any_of(draw, pool), draw.choice(ALONG)
    if not x.shape or 0 in x.shape or (name in ("diff",) and x.dtype == bool):
        return None
    return getattr(np, name)(x, axis=draw.whole(-len(x.shape), len(x.shape) - 1))


def product(draw: Source, pool: list[Any]) -> Any:
    x, y = small(floating(draw, pool)), small(floating(draw, pool))
    if x.dtype != y.dtype or not x.shape or not y.shape:
        return None
    if len(x.shape) > 1 and draw.chance(0.4):
        turned = np.swapaxes(x, -1, -2)
        return draw.choice(
            (lambda: turned @ x, lambda: x @ turned, lambda: np.stack([x, 2 * x]) @ turned)
        )()
    inner = -2 if len(y.shape) > 1 else 0
    if y.shape[inner] != x.shape[-1]:
        y = np.swapaxes(y, -1, 0)
    if y.shape[inner] != x.shape[-1]:
        if x.size * y.size > 20_000:
            return None
        return draw.choice((lambda: np.outer(x, y), lambda: np.kron(x, y[:2])))()
    dot = draw.chance(0.5) and len(x.shape) < 3 and len(y.shape) < 3
    try:
        return np.dot(x, y) if dot else x @ y
    except ValueError:  # stacks that do not fit
        return None


def contracted(draw: Source, pool: list[Any]) -> Any:
    x, y = small(floating(draw, pool)), any_of(draw, pool)
    if len(x.shape) not in NAMED or x.size > 2000:
        return None
    name = draw.choice(NAMED[len(x.shape)])
    other = y.astype(x.dtype) if y.shape == x.shape else 0.5 - x
    return np.einsum(name, *((x, other) if "," in name else (x,)))
