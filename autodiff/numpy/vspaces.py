"""The vector spaces of floats, complex numbers and arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as onp

from ..vspace import VSpace
from .broadcasting import metadata
from .wrapper import wrapped_namespace as anp


class ArrayVSpace(VSpace):
    """Real arrays of one shape and dtype.

    Attributes: shape, dtype, size, ndim.
    """

    def __init__(self, value: Any) -> None:
        self._set(*metadata(value))

    def _set(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape = shape
        # Integers have no tangents of their own type.
        self.dtype = dtype if dtype.kind in "fcO" else onp.dtype(float)

    @property
    def size(self) -> int:  # type: ignore[override]
        return int(onp.prod(self.shape))

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def zeros(self) -> Any:
        return onp.zeros(self.shape, self.dtype)

    def ones(self) -> Any:
        return onp.ones(self.shape, self.dtype)

    def standard_basis(self) -> Iterator[Any]:
        for index in onp.ndindex(*self.shape):
            vector = onp.zeros(self.shape, self.dtype)
            vector[index] = 1
            yield vector

    def randn(self) -> Any:
        return _normal(self.shape).astype(self.dtype)

    def add(self, x: Any, y: Any) -> Any:
        return x + y

    def scalar_mul(self, x: Any, a: Any) -> Any:
        return x * a

    def inner_prod(self, x: Any, y: Any) -> Any:
        return anp["dot"](anp["ravel"](x), anp["ravel"](y))


class ComplexArrayVSpace(ArrayVSpace):
    """Complex arrays as a real vector space of twice the size."""

    iscomplex = True

    @property
    def size(self) -> int:  # type: ignore[override]
        return 2 * int(onp.prod(self.shape))

    def ones(self) -> Any:
        return onp.full(self.shape, 1 + 1j, self.dtype)

    def standard_basis(self) -> Iterator[Any]:
        for index in onp.ndindex(*self.shape):
            for unit in (1.0, 1.0j):
                vector = onp.zeros(self.shape, self.dtype)
                vector[index] = unit
                yield vector

    def randn(self) -> Any:
        return (_normal(self.shape) + 1j * _normal(self.shape)).astype(self.dtype)

    def inner_prod(self, x: Any, y: Any) -> Any:
        return anp["real"](anp["dot"](anp["conj"](anp["ravel"](x)), anp["ravel"](y)))

    def covector(self, x: Any) -> Any:
        return anp["conj"](x)


def _normal(shape: tuple[int, ...]) -> Any:
    return onp.asarray(onp.random.randn(*shape))  # noqa: NPY002  (randn is documented to use it)


def array_vspace(shape: tuple[int, ...], dtype: Any) -> ArrayVSpace:
    """The space of arrays of this shape and dtype, without an array at hand."""
    kind = ComplexArrayVSpace if dtype.kind == "c" else ArrayVSpace
    space = kind.__new__(kind)
    space._set(shape, dtype)
    return space


VSpace.register(onp.ndarray, lambda value: array_vspace(value.shape, value.dtype))
for _real in (float, onp.float16, onp.float32, onp.float64, onp.longdouble):
    ArrayVSpace.register(_real)
for _complex in (complex, onp.complex64, onp.complex128, onp.clongdouble):
    ComplexArrayVSpace.register(_complex)
