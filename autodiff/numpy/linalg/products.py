"""numpy.linalg's products: those that numpy has too, powers, and chains of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as onp

from ...core import JVPTrace, Tape
from ...tracer import getval, register_notrace
from ..broadcasting import metadata
from ..wrapper import wrapped_namespace as anp
from .matrices import mul, transpose
from .namespace import composed, linalg

for _kind in (Tape, JVPTrace):
    register_notrace(_kind, linalg["matrix_rank"])


@composed("matmul")
def matmul(x1: Any, x2: Any, /) -> Any:
    """As numpy.linalg.matmul."""
    return mul(x1, x2)


@composed("outer")
def outer(x1: Any, x2: Any, /) -> Any:
    """As numpy.linalg.outer, of two vectors."""
    ranks = [len(metadata(x).shape) for x in (x1, x2)]
    if ranks != [1, 1]:
        raise ValueError(f"linalg.outer: the operands must have one axis each, got {ranks}")
    return anp["outer"](x1, x2)


@composed("tensordot")
def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """As numpy.linalg.tensordot."""
    return anp["tensordot"](x1, x2, axes)


@composed("vecdot")
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As numpy.linalg.vecdot."""
    return anp["vecdot"](x1, x2, axis=axis)


@composed("cross")
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As numpy.linalg.cross, of vectors with three components."""
    sizes = [metadata(x).shape[axis] for x in (x1, x2)]
    if sizes != [3, 3]:
        raise ValueError(f"linalg.cross: both operands need 3 components, got {sizes}")
    return anp["cross"](x1, x2, axis=axis)


@composed("matrix_transpose")
def matrix_transpose(x: Any, /) -> Any:
    """As numpy.linalg.matrix_transpose."""
    return transpose(x)


@composed("diagonal")
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """As numpy.linalg.diagonal, of the matrices in the last two axes."""
    return anp["diagonal"](x, offset, -2, -1)


@composed("trace")
def trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """As numpy.linalg.trace, of the matrices in the last two axes."""
    result = anp["sum"](anp["diagonal"](x, offset, -2, -1), -1)
    return result if dtype is None else anp["astype"](result, dtype)


@composed("matrix_power")
def matrix_power(a: Any, n: int) -> Any:
    """As numpy.linalg.matrix_power, by squaring; negative powers are those of the inverse."""
    if n == 0:
        return onp.linalg.matrix_power(getval(a), 0)  # constant
    square = a if n > 0 else linalg["inv"](a)
    n, result = abs(n), None
    while n:
        if n % 2:
            result = square if result is None else mul(result, square)
        n //= 2
        square = mul(square, square) if n else square
    return result


# -- chains ----------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _splits(sizes: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """Where to split the chain of matrices i..j, of sizes[k] by sizes[k + 1], for fewest products.

    Source: Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, section 15.2.
    """
    n = len(sizes) - 1
    cost = {(i, i): 0 for i in range(n)}
    split = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            cost[i, j], split[i, j] = min(
                (cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                for k in range(i, j)
            )
    return split


@composed("multi_dot")
def multi_dot(arrays: Sequence[Any], *, out: Any = None) -> Any:
    """As numpy.linalg.multi_dot: the products in the order that takes the fewest operations."""
    if out is not None:
        raise NotImplementedError("multi_dot of a traced value cannot take out=")
    chain = list(arrays)
    if len(chain) < 2:
        raise ValueError(f"multi_dot: give at least two arrays, got {len(chain)}")
    shapes = [metadata(x).shape for x in chain]
    first = shapes[0] if len(shapes[0]) > 1 else (1, *shapes[0])
    sizes = (*first, *(shape[-1] for shape in shapes[1:-1]))
    split = _splits((*sizes, shapes[-1][1] if len(shapes[-1]) > 1 else 1))

    def product(i: int, j: int) -> Any:
        if i == j:
            return chain[i]
        k = split[i, j]
        return anp["dot"](product(i, k), product(k + 1, j))

    return product(0, len(chain) - 1)
