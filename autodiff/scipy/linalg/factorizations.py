"""Factors and spectra of matrices with SciPy's signatures, by those of `autodiff.numpy.linalg`.

Vectors are those of NumPy's solvers: of SciPy's, they may have the other sign.
"""

from __future__ import annotations

from typing import Any

import numpy as onp
import scipy.linalg

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy import linalg
from ...numpy.broadcasting import metadata
from ...tracer import primitive, undifferentiated
from .namespace import composed, wrapped_linalg

_triangular = wrapped_linalg["solve_triangular"]


def _adjoint(x: Any) -> Any:
    return np.conj(np.swapaxes(x, -1, -2))


@composed("det")
def det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """As scipy.linalg.det."""
    return linalg.det(a)


@composed("norm")
def norm(
    a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, check_finite: bool = True  # noqa: A002
) -> Any:  # fmt: skip
    """As scipy.linalg.norm."""
    return linalg.norm(a, ord, axis, keepdims)


@composed("pinv")
def pinv(a: Any, *, rtol: Any = None, check_finite: bool = True) -> Any:
    """As scipy.linalg.pinv, with a cutoff relative to the largest singular value."""
    if rtol is None:
        shape, dtype = metadata(a)
        rtol = max(shape[-2:]) * float(np.finfo(dtype).eps)
    return linalg.pinv(a, rtol)


@composed("cholesky")
def cholesky(
    a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True
) -> Any:
    """As scipy.linalg.cholesky: upper by default. For changes that keep `a` Hermitian."""
    factor = linalg.cholesky(a if lower else _adjoint(a))
    return factor if lower else _adjoint(factor)


@composed("cho_factor")
def cho_factor(
    a: Any, lower: bool = False, overwrite_a: bool = False, check_finite: bool = True
) -> tuple[Any, bool]:
    """As scipy.linalg.cho_factor; the other triangle is zero where SciPy leaves what it finds."""
    return cholesky(a, lower), lower


@composed("eigh")
def eigh(
    a: Any, b: Any = None, *, lower: bool = True, eigvals_only: bool = False,
    overwrite_a: bool = False, overwrite_b: bool = False, check_finite: bool = True,
) -> Any:  # fmt: skip
    """As scipy.linalg.eigh, all values, also of the generalized problem a v = w b v."""
    uplo = "L" if lower else "U"
    if b is None:
        values, vectors = linalg.eigh(a, uplo)
        return values if eigvals_only else (values, vectors)
    factor = linalg.cholesky(b if lower else _adjoint(b))
    full = np.tril(a) + _adjoint(np.tril(a, -1)) if lower else np.triu(a) + _adjoint(np.triu(a, 1))
    half = _triangular(factor, full, lower=True)
    reduced = _triangular(factor, _adjoint(half), lower=True)
    values, vectors = linalg.eigh(reduced)
    return values if eigvals_only else (values, _triangular(factor, vectors, 2, lower=True))


@composed("eigvalsh")
def eigvalsh(a: Any, b: Any = None, *, lower: bool = True, **options: Any) -> Any:
    """As scipy.linalg.eigvalsh, all values."""
    return eigh(a, b, lower=lower, eigvals_only=True, **options)


@composed("qr")
def qr(
    a: Any, overwrite_a: bool = False, lwork: Any = None, mode: str = "full",
    pivoting: bool = False, check_finite: bool = True,
) -> Any:  # fmt: skip
    """As scipy.linalg.qr, modes "full", "r" and "economic", without pivoting."""
    if pivoting or mode not in ("full", "r", "economic"):
        raise NotImplementedError(
            f"the derivative of qr with mode={mode!r}, pivoting={pivoting} is not defined"
        )
    q, r = linalg.qr(a, "reduced" if mode == "economic" else "complete")
    return (r,) if mode == "r" else (q, r)


@composed("svd")
def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, overwrite_a: bool = False,
    check_finite: bool = True, lapack_driver: str = "gesdd",
) -> Any:  # fmt: skip
    """As scipy.linalg.svd."""
    if not compute_uv:
        return linalg.svd(a, compute_uv=False)
    u, s, vh = linalg.svd(a, full_matrices)
    return u, s, vh


@composed("svdvals")
def svdvals(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """As scipy.linalg.svdvals."""
    return linalg.svd(a, compute_uv=False)


# -- a = p l u -------------------------------------------------------------------------------------


@primitive
def unit_lower_factor(a: Any) -> Any:
    """L of a = L U, for a square matrix whose rows already are in the order of their pivots."""
    return scipy.linalg.lu(a)[1]


def _strict(x: Any) -> Any:
    return np.tril(x, -1)


def _right_solve(u: Any, x: Any) -> Any:
    """x u^-1."""
    return np.swapaxes(_triangular(u, np.swapaxes(x, -1, -2), 1), -1, -2)


def _upper_factor(factor: Any, a: Any) -> Any:
    return _triangular(factor, a, 0, True, True)


def _unit_lower_vjp(ans: Any, a: Any) -> Any:
    def pull(g: Any) -> Any:
        inner = _strict(np.matmul(np.swapaxes(ans, -1, -2), g))
        right = _triangular(_upper_factor(ans, a), np.swapaxes(inner, -1, -2))
        return _triangular(ans, np.swapaxes(right, -1, -2), 1, True, True)

    return pull


def _unit_lower_jvp(g: Any, ans: Any, a: Any) -> Any:
    scaled = _right_solve(_upper_factor(ans, a), _triangular(ans, g, 0, True, True))
    return np.matmul(ans, _strict(scaled))


defvjp(unit_lower_factor, _unit_lower_vjp)
defjvp(unit_lower_factor, _unit_lower_jvp)


@primitive
def _permutation(a: Any) -> Any:
    """Which row of the lower factor each row of a square matrix is made of, as lu finds it."""
    return scipy.linalg.lu(a, p_indices=True)[0]


@composed("lu")
def lu(
    a: Any, permute_l: bool = False, overwrite_a: bool = False, check_finite: bool = True,
    p_indices: bool = False,
) -> Any:  # fmt: skip
    """As scipy.linalg.lu of one square matrix. The permutation is plain.

    Raises:
        NotImplementedError: the matrix is not square, or it is a stack of matrices.
    """
    shape = metadata(a).shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise NotImplementedError(f"the derivative of lu of an array of shape {shape}")
    p = _permutation(undifferentiated(a))
    order = np.argsort(p)
    ordered = a[order]
    factor = unit_lower_factor(ordered)
    upper = _upper_factor(factor, ordered)
    if permute_l:
        return factor[p], upper
    return (p if p_indices else np.take(onp.eye(shape[0]), p, 0)), factor, upper
