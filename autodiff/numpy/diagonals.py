"""Matrices made from their diagonals."""

from __future__ import annotations

from typing import Any

from .broadcasting import metadata
from .composed import composed, untraced
from .indexing import scatter
from .joining import asarray
from .wrapper import wrapped_namespace as anp

untraced(["diag_indices_from", "tril_indices_from", "triu_indices_from"])


@composed("diag")
def diag(v: Any, k: int = 0) -> Any:
    """As numpy.diag: the matrix with a diagonal, or the diagonal of a matrix."""
    v = asarray(v)
    rank = len(metadata(v).shape)
    if rank == 1:
        return make_diagonal(v, k, -2, -1)
    if rank == 2:
        return anp["diagonal"](v, k)
    raise ValueError(f"diag: the array must have 1 or 2 axes, it has {rank}")


@composed("diagflat")
def diagflat(v: Any, k: int = 0) -> Any:
    """As numpy.diagflat."""
    return make_diagonal(anp["ravel"](asarray(v)), k, -2, -1)


def make_diagonal(D: Any, offset: int = 0, axis1: int = -1, axis2: int = -2) -> Any:  # noqa: N803
    """The inverse of ``diagonal(A, offset, axis1, axis2)`` for matrices that are zero elsewhere.

    Args:
        D: shape (..., n), the diagonals along the last axis.

    Returns: shape (..., n + abs(offset), n + abs(offset)), the two last axes where `axis1` and
    `axis2` say.
    """
    *lead, n = metadata(D).shape
    size = n + abs(offset)
    # In the flattened matrix a diagonal is every (size + 1)-th entry: a slice, no index arrays.
    start = offset if offset > 0 else -offset * size
    flat = scatter(D, (..., slice(start, start + n * (size + 1), size + 1)), (*lead, size * size))
    square = anp["reshape"](flat, (*lead, size, size))
    rank = len(lead) + 2
    rows, columns = axis1 % rank, axis2 % rank
    if rows == columns:
        raise ValueError(f"make_diagonal: axis1 and axis2 are the same axis, {rows}")
    # axis1 counts the rows of A, axis2 its columns: with offset 0 the two may be swapped.
    if offset == 0 and {rows, columns} == {rank - 1, rank - 2}:
        return square
    return anp["moveaxis"](square, (-2, -1), (rows, columns))


anp["make_diagonal"] = make_diagonal
