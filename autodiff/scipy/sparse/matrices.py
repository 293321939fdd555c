"""A matrix of traced entries in fixed places, and its products."""

from __future__ import annotations

from typing import Any

import numpy as onp
import scipy.sparse

from ... import numpy as np
from ...numpy.broadcasting import metadata
from ...numpy.indexing import scatter


class coo_array:  # noqa: N801  (SciPy's name)
    """A sparse matrix by coordinates: entries at places named twice add up.

    Args:
        entries: ``(data, (row, col))``, vectors of one length, of which `data` may be traced.
        shape: of the matrix.

    Attributes: data, row, col, shape.

    Raises:
        ValueError: the vectors differ in length, or a place is outside of the matrix.
    """

    def __init__(self, entries: tuple[Any, tuple[Any, Any]], shape: tuple[int, int]) -> None:
        data, (row, col) = entries
        self.data = np.asarray(data)
        self.row, self.col = onp.asarray(row), onp.asarray(col)
        self.shape = (int(shape[0]), int(shape[1]))
        lengths = {metadata(self.data).shape, self.row.shape, self.col.shape}
        if len(lengths) != 1 or self.row.ndim != 1:
            raise ValueError(f"coo_array: data, row and col must be equally long, got {lengths}")
        for places, length in zip((self.row, self.col), self.shape):
            if places.size and not (places.min() >= 0 and places.max() < length):
                raise ValueError(f"coo_array: a place is outside of the shape {self.shape}")

    @property
    def T(self) -> coo_array:  # noqa: N802
        """The transpose."""
        return coo_array((self.data, (self.col, self.row)), self.shape[::-1])

    def __matmul__(self, x: Any) -> Any:
        """The product with a vector (n,) or a dense matrix (n, k)."""
        x = np.asarray(x)
        if metadata(x).shape[0] != self.shape[1]:
            raise ValueError(f"coo_array {self.shape} @ array {metadata(x).shape}: do not fit")
        return product(self.data, x, self.row, self.col, self.shape[0])

    def toarray(self) -> Any:
        """The dense matrix."""
        return scatter(self.data, (self.row, self.col), self.shape)


def product(data: Any, x: Any, row: Any, col: Any, rows: int) -> Any:
    """The matrix of `rows` rows with `data` at (row, col), times x."""
    shape = metadata(x).shape
    factor = data if len(shape) == 1 else np.expand_dims(data, -1)
    return scatter(factor * x[col], row, (rows, *shape[1:]))


def as_coo(matrix: Any) -> coo_array:
    """A matrix of ours as it is, one of SciPy's in our form.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(matrix, coo_array):
        return matrix
    if not scipy.sparse.issparse(matrix):
        raise TypeError(
            "expected a sparse matrix of scipy.sparse or autodiff.scipy.sparse.coo_array, got"
            f" {type(matrix).__name__}"
        )
    coo: Any = matrix
    coo = coo.tocoo()
    return coo_array((coo.data, (coo.row, coo.col)), coo.shape)
