"""ArrayBox: a traced float, complex number or array, which behaves as an array to its user.

Its arithmetic is in `operators` and `indexing`, which install it together with its rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as onp

from ..cotangents import additive_types
from ..tracer import Box, getval
from .wrapper import wrapped_namespace, wrapper_of

anp = wrapped_namespace


_REFLECTED: dict[onp.ufunc, str] = {
    onp.add: "__radd__",
    onp.subtract: "__rsub__",
    onp.multiply: "__rmul__",
    onp.true_divide: "__rtruediv__",
}
"""What ``array + box`` does: NumPy asks `__array_ufunc__`, which asks the operator."""


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
        return onp.asarray(getval(self._value)).dtype

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

    def __pos__(self) -> Any:
        return self

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

    def __array_ufunc__(self, ufunc: onp.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Trace raw NumPy: ``numpy.sin(box)``, ``array * box``."""
        wrapped = wrapper_of(ufunc)
        if method != "__call__" or wrapped is None or "out" in kwargs:
            return NotImplemented
        reflected = _REFLECTED.get(ufunc)
        if reflected is not None and inputs[1] is self and not kwargs:
            return getattr(self, reflected)(inputs[0])
        return wrapped(*inputs, **kwargs)


def _method(fun: Callable[..., Any], name: str) -> Callable[..., Any]:
    def method(self: ArrayBox, *args: Any, **kwargs: Any) -> Any:
        return fun(self, *args, **kwargs)

    return _named(method, name)


def _shape_method(fun: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A method that takes its shape or axes as one tuple or as several integers."""

    def method(self: ArrayBox, *args: Any, **kwargs: Any) -> Any:
        if len(args) > 1:
            args = (args,)
        return fun(self, *args, **kwargs)

    return _named(method, name)


def _named(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    method.__name__ = name
    method.__doc__ = f"As numpy.{name} of this array."
    return method


for _name in [
    "all",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "clip",
    "cumsum",
    "dot",
    "max",
    "mean",
    "min",
    "nonzero",
    "prod",
    "ravel",
    "repeat",
    "round",
    "searchsorted",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "trace",
    "var",
]:
    setattr(ArrayBox, _name, _method(anp[_name], _name))
for _name in ("reshape", "transpose"):
    setattr(ArrayBox, _name, _shape_method(anp[_name], _name))
ArrayBox.flatten = _method(anp["ravel"], "flatten")  # type: ignore[attr-defined]
ArrayBox.conj = _method(anp["conj"], "conj")  # type: ignore[attr-defined]

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
