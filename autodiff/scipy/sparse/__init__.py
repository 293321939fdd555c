"""Sparse matrices of traced entries: ``import autodiff.scipy.sparse``.

SciPy's sparse matrices hold plain numbers. `coo_array` here holds a traced vector of entries, in
places that are fixed: what is differentiated is that vector.
"""

from . import linalg
from .matrices import coo_array

__all__ = ["coo_array", "linalg"]
