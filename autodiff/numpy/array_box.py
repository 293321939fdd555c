"""ArrayBox: a traced float, complex number or array, which behaves as an array to its user.

Its arithmetic is in `operators` and `indexing`, which install it together with its rules; its
methods are in `methods`, conversions to Python's numbers in `conversion`, what raw NumPy does with
it in `protocols`, and assignment to its entries in `writable`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as onp

from ..cotangents import additive_types
from ..tracer import Box, getval
from .wrapper import wrapped_namespace

anp = wrapped_namespace


class ArrayBox(Box):
    """A traced float, complex number or array."""

    __slots__ = ()
    __array_priority__ = 100.0

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes, as plain integers."""
        return onp.shape(getval(self._value))

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return onp.size(getval(self._value))

    @property
    def dtype(self) -> onp.dtype[Any]:
        """The dtype of the value."""
        plain = getval(self._value)
        return plain.dtype if hasattr(plain, "dtype") else onp.asarray(plain).dtype

    @property
    def T(self) -> Any:  # noqa: N802
        """The transpose, traced."""
        return anp["transpose"](self)

    @property
    def real(self) -> Any:
        """The real part, traced."""
        return anp["real"](self)

    @property
    def imag(self) -> Any:
        """The imaginary part, traced."""
        return anp["imag"](self)

    def __getitem__(self, index: Any) -> Any:
        """self[index]; `indexing` puts its own function in this place."""
        raise NotImplementedError

    def __setitem__(self, index: Any, value: Any) -> None:
        """self[index] = value; `writable` puts its own function in this place."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self._value)))

    def __hash__(self) -> int:
        return id(self)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """The entries in another dtype; nothing flows through a conversion to integers."""
        return anp["astype"](self, dtype, *args, **kwargs)

    def __neg__(self) -> Any:
        return anp["negative"](self)

    def __abs__(self) -> Any:
        return anp["abs"](self)

    # Comparisons give plain arrays under differentiation; traces of other kinds may see them.

    def __eq__(self, other: object) -> Any:
        return anp["equal"](self, other)

    def __ne__(self, other: object) -> Any:
        return anp["not_equal"](self, other)

    def __lt__(self, other: Any) -> Any:
        return anp["less"](self, other)

    def __le__(self, other: Any) -> Any:
        return anp["less_equal"](self, other)

    def __gt__(self, other: Any) -> Any:
        return anp["greater"](self, other)

    def __ge__(self, other: Any) -> Any:
        return anp["greater_equal"](self, other)


_KNOWN = (onp.ndarray, onp.generic, ArrayBox, float, int, complex, list, tuple)


def has_a_say(x: Any) -> bool:
    """Whether `x` is of another library that takes part in NumPy's arithmetic: it gets its turn."""
    return not isinstance(x, _KNOWN) and hasattr(type(x), "__array_ufunc__")


for _type in (
    onp.ndarray,
    float,
    complex,
    onp.float16,
    onp.float32,
    onp.float64,
    onp.longdouble,
    onp.complex64,
    onp.complex128,
    onp.clongdouble,
):
    ArrayBox.register(_type)
    additive_types.add(_type)
additive_types.add(ArrayBox)
