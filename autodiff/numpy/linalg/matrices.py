"""Words that the rules of linear algebra are written in: traced, on stacks of matrices.

A cotangent g of x pairs with a change dx as Re sum(g dx), without a conjugate. So the cotangent of
X in Y = A X B is A^T G B^T, and in Y = X^H it is the conjugate transpose of G.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as onp

from ..broadcasting import metadata
from ..wrapper import wrapped_namespace as anp

mul, _conj, _real, _sum = (anp[name] for name in ("matmul", "conj", "real", "sum"))


def is_complex(x: Any) -> bool:
    """Whether the dtype is complex."""
    return metadata(x).dtype.kind == "c"


def transpose(x: Any) -> Any:
    """The last two axes swapped."""
    return anp["swapaxes"](x, -1, -2)


def conj(x: Any) -> Any:
    """The conjugate; real arrays are not copied."""
    return _conj(x) if is_complex(x) else x


def adjoint(x: Any) -> Any:
    """The conjugate transpose of the last two axes."""
    return transpose(conj(x))


def column(v: Any) -> Any:
    """Vectors as matrices of one column."""
    return anp["reshape"](v, (*metadata(v).shape, 1))


def row(v: Any) -> Any:
    """Vectors as matrices of one row."""
    *stack, n = metadata(v).shape
    return anp["reshape"](v, (*stack, 1, n))


@lru_cache(maxsize=32)
def identity(n: int) -> Any:
    """The n by n mask of the diagonal: booleans, which promote no dtype. Read-only."""
    return _frozen(onp.eye(n, dtype=bool))


@lru_cache(maxsize=32)
def below(n: int) -> Any:
    """The n by n mask of the entries below the diagonal. Read-only."""
    return _frozen(onp.tri(n, k=-1, dtype=bool))


def _frozen(mask: Any) -> Any:
    mask.flags.writeable = False
    return mask


def on_diagonal(v: Any) -> Any:
    """Diagonal matrices from vectors: (..., n) to (..., n, n)."""
    return column(v) * identity(metadata(v).shape[-1])


def diagonal(x: Any) -> Any:
    """The diagonals of matrices: (..., n, n) to (..., n)."""
    return anp["diagonal"](x, 0, -2, -1)


def from_triangle(x: Any, lower: bool) -> Any:
    """The Hermitian matrix that LAPACK sees when it reads one triangle of x."""
    strict = below(metadata(x).shape[-1])
    kept = x * (strict if lower else strict.T)
    return kept + adjoint(kept) + _real(x) * identity(len(strict))


def to_triangle(g: Any, lower: bool) -> Any:
    """The transpose of `from_triangle`: the cotangent of x from that of the Hermitian matrix."""
    strict = below(metadata(g).shape[-1])
    return (g + adjoint(g)) * (strict if lower else strict.T) + _real(g) * identity(len(strict))


def rounding(values: Any) -> Any:
    """What eigenvalues or singular values (..., n) are uncertain by, after LAPACK: (..., 1)."""
    eps = float(onp.finfo(metadata(values).dtype).eps)
    return 4 * eps * _sum(anp["absolute"](values), -1, keepdims=True)


def reciprocal_gaps(values: Any) -> Any:
    """1 / (v_j - v_i) for all pairs, (..., n) to (..., n, n); zero where they are equal.

    Equal is: up to rounding. The vectors that belong to equal values are defined up to a rotation
    among themselves, along which a function that has a derivative does not change.
    """
    gaps = row(values) - column(values)
    equal = anp["less_equal"](anp["absolute"](gaps), column(rounding(values)))
    return anp["logical_not"](equal) / (gaps + equal)


def safe_reciprocal(x: Any, tolerance: Any) -> Any:
    """1 / x for x >= 0; zero where x is at most `tolerance`."""
    zero = anp["less_equal"](x, tolerance)
    return anp["logical_not"](zero) / (x + zero)
