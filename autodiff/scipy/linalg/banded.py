"""Banded systems. A matrix A of l lower and u upper diagonals is stored as ab[u + i - j, j].

Source: the transpose of a band is a band, with its diagonals in the opposite order.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy.broadcasting import metadata, unbroadcast_f
from .namespace import wrapped_linalg

_banded = wrapped_linalg["solve_banded"]

Bands = tuple[int, int]


def _read(bands: Bands, n: int) -> tuple[Any, Any]:
    """For entry (r, j) of a band the row i = r - u + j of the matrix, and whether there is one."""
    lower, upper = bands
    rows = onp.arange(lower + upper + 1)[:, None] - upper + onp.arange(n)
    return onp.clip(rows, 0, n - 1), (rows >= 0) & (rows < n)


def _transposed(bands: Bands, ab: Any) -> tuple[Bands, Any]:
    lower, upper = bands
    columns, present = _read((upper, lower), metadata(ab).shape[-1])
    order = onp.arange(lower + upper, -1, -1)[:, None]
    return (upper, lower), np.asarray(ab)[order, columns] * present


def _product(bands: Bands, ab: Any, x: Any) -> Any:
    """A x: row i of A is column i of its transpose."""
    n = metadata(x).shape[0]
    (lower, upper), band = _transposed(bands, ab)
    columns, _ = _read((lower, upper), n)
    if len(metadata(x).shape) == 2:
        band = np.expand_dims(band, -1)
    return np.sum(band * x[columns], axis=0)


def _matrix_vjp(ans: Any, l_and_u: Bands, ab: Any, b: Any, *args: Any, **kwargs: Any) -> Any:
    rows, present = _read(l_and_u, metadata(ab).shape[-1])

    def pull(g: Any) -> Any:
        of_b = _banded(*_transposed(l_and_u, ab), g)
        products = of_b[rows] * ans
        if len(metadata(g).shape) == 2:
            products = np.sum(products, axis=-1)
        return -products * present

    return unbroadcast_f(ab, pull)


defvjp(
    _banded,
    _matrix_vjp,
    lambda ans, l_and_u, ab, b, *args, **kwargs: unbroadcast_f(
        b, lambda g: _banded(*_transposed(l_and_u, ab), g)
    ),
    argnums=(1, 2),
)
defjvp(
    _banded,
    lambda g, ans, l_and_u, ab, b, *args, **kwargs: (
        -_banded(l_and_u, ab, _product(l_and_u, g, ans))
    ),
    lambda g, ans, l_and_u, ab, b, *args, **kwargs: _banded(l_and_u, ab, g),
    argnums=(1, 2),
)
