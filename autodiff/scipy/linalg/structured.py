"""Matrices made of fewer numbers than they have entries: block_diag, toeplitz and their kin."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ... import numpy as np
from ...numpy.broadcasting import metadata
from .namespace import composed


@composed("block_diag")
def block_diag(*arrs: Any) -> Any:
    """As scipy.linalg.block_diag, of matrices, vectors (rows) and numbers."""
    blocks = [np.atleast_2d(np.asarray(a)) for a in arrs]
    width = sum(metadata(block).shape[1] for block in blocks)
    rows, start = [], 0
    for block in blocks:
        n = metadata(block).shape[1]
        rows.append(np.pad(block, ((0, 0), (start, width - start - n))))
        start += n
    return np.concatenate(rows, axis=0)


def _vector(c: Any) -> Any:
    return np.ravel(np.asarray(c))


@composed("toeplitz")
def toeplitz(c: Any, r: Any = None) -> Any:
    """As scipy.linalg.toeplitz: first column c, first row r (or conj(c)), from its second entry."""
    c = _vector(c)
    r = np.conj(c) if r is None else _vector(r)
    entries = np.concatenate([c[::-1], r[1:]])
    n, m = metadata(c).shape[0], metadata(r).shape[0]
    return entries[n - 1 - onp.arange(n)[:, None] + onp.arange(m)]


@composed("hankel")
def hankel(c: Any, r: Any = None) -> Any:
    """As scipy.linalg.hankel: first column c, last row r without its first entry (or zeros)."""
    c = _vector(c)
    r = np.zeros_like(c) if r is None else _vector(r)
    entries = np.concatenate([c, r[1:]])
    n, m = metadata(c).shape[0], metadata(r).shape[0]
    return entries[onp.arange(n)[:, None] + onp.arange(m)]


@composed("circulant")
def circulant(c: Any) -> Any:
    """As scipy.linalg.circulant of a vector: its columns are c, turned on by one each."""
    c = np.asarray(c)
    n = metadata(c).shape[-1]
    return c[..., (onp.arange(n)[:, None] - onp.arange(n)) % n]
