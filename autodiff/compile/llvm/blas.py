"""Matrix products in compiled code, by the BLAS that SciPy carries.

SciPy exports pointers to its BLAS for Cython; compiled code calls them as external functions. They
speak Fortran: every argument by address, matrices by columns. A row-major matrix is its transpose
there, so C = A B is asked for as C' = B' A'.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np

from .arrays import POINTER, memory_type
from .bindings import ir

_ROUTINES = ("dgemm", "sgemm", "dgemv", "sgemv", "ddot", "sdot")
_PREFIX = "autodiff.blas."
_INT32 = ir.IntType(32)


@cache
def symbols() -> dict[str, int]:
    """Addresses of the routines by the names that `gemm` and its siblings call, for a `Library`."""
    from scipy.linalg import cython_blas

    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.restype, name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    exported: Any = cython_blas.__pyx_capi__
    capsules = {name: exported[name] for name in _ROUTINES}
    return {
        _PREFIX + name: pointer_of(capsule, name_of(capsule)) for name, capsule in capsules.items()
    }


def gemm(
    builder: Any,
    dtype: np.dtype[Any],
    shape: tuple[int, int, int],
    a: Any,
    b: Any,
    c: Any,
    *,
    transpose: tuple[bool, bool] = (False, False),
    accumulate: bool = False,
) -> None:
    """Emit c = op(a) op(b), or c += ..., on C-contiguous float64 or float32 matrices.

    Args:
        shape: (m, k, n), op(a) being (m, k), op(b) (k, n) and c (m, n).
        a, b, c: pointers. c must not overlap the others.
        transpose: whether op transposes a, and b: then a is stored as (k, m), and b as (n, k).
        accumulate: add to c instead of overwriting it.
    """
    m, k, n = shape
    if 0 in (m, n):
        return
    transposed_a, transposed_b = transpose
    numbers = _Arguments(builder, dtype)
    builder.call(
        _declare(builder.module, _letter(dtype) + "gemm", 13),
        [
            numbers.flag(transposed_b),
            numbers.flag(transposed_a),
            numbers.integer(n),
            numbers.integer(m),
            numbers.integer(k),
            numbers.real(1.0),
            b,
            numbers.integer(max(1, k if transposed_b else n)),
            a,
            numbers.integer(max(1, m if transposed_a else k)),
            numbers.real(float(accumulate)),
            c,
            numbers.integer(n),
        ],
    )


def gemv(
    builder: Any,
    dtype: np.dtype[Any],
    shape: tuple[int, int],
    a: Any,
    x: Any,
    y: Any,
    *,
    transpose: bool = False,
    accumulate: bool = False,
) -> None:
    """Emit y = a x (y = a' x if `transpose`), or y += ..., a being C-contiguous of `shape`.

    Without columns (rows if `transpose`) to sum over, y becomes zero, as NumPy has it; BLAS itself
    would leave it alone.
    """
    rows, columns = shape
    if (columns if transpose else rows) == 0:
        return
    if (rows if transpose else columns) == 0:
        # gemm knows products over nothing.
        gemm(builder, dtype, (max(shape), 0, 1), a, x, y, accumulate=accumulate)
        return
    numbers = _Arguments(builder, dtype)
    one = numbers.integer(1)
    builder.call(
        _declare(builder.module, _letter(dtype) + "gemv", 11),
        [
            numbers.flag(not transpose),
            numbers.integer(columns),
            numbers.integer(rows),
            numbers.real(1.0),
            a,
            numbers.integer(columns),
            x,
            one,
            numbers.real(float(accumulate)),
            y,
            one,
        ],
    )


def dot(builder: Any, dtype: np.dtype[Any], length: int, x: Any, y: Any) -> Any:
    """Emit the inner product of two contiguous vectors; returns its value."""
    numbers = _Arguments(builder, dtype)
    one = numbers.integer(1)
    function = _declare(builder.module, _letter(dtype) + "dot", 5, memory_type(dtype))
    return builder.call(function, [numbers.integer(length), x, one, y, one])


class _Arguments:
    """Constants that BLAS takes by address, each once per module."""

    def __init__(self, builder: Any, dtype: np.dtype[Any]) -> None:
        self._module = builder.module
        self._real = memory_type(dtype)

    def flag(self, transpose: bool) -> Any:
        return self._constant(ir.IntType(8), ord("T" if transpose else "N"))

    def integer(self, value: int) -> Any:
        return self._constant(_INT32, value)

    def real(self, value: float) -> Any:
        return self._constant(self._real, value)

    def _constant(self, kind: Any, value: float) -> Any:
        name = f"{_PREFIX}{kind}.{value}"
        found = self._module.globals.get(name)
        if found is None:
            found = ir.GlobalVariable(self._module, kind, name)
            found.initializer = ir.Constant(kind, value)
            found.global_constant = True
            found.linkage = "internal"
        return found


def _letter(dtype: np.dtype[Any]) -> str:
    return {"float64": "d", "float32": "s"}[dtype.name]


def _declare(module: Any, routine: str, pointers: int, result: Any = None) -> Any:
    name = _PREFIX + routine
    found = module.globals.get(name)
    if found is None:
        kind = ir.FunctionType(result or ir.VoidType(), [POINTER] * pointers)
        found = ir.Function(module, kind, name)
        found.attributes.add("nounwind")
    return found
