"""A traced number as a number of Python: float, int, complex, round, format, copy, `in`.

`float(x)`, `int(x)` and `math.sin(x)`, which calls float, give plain numbers: no derivative passes.
NumPy calls the same functions when ``array[0] = x`` stores x in a plain array, which would lose the
derivative without a word; that is refused. (The same by ``array.fill(x)`` looks like ``float(x)``
from here.)
"""

from __future__ import annotations

import dis
import operator
import sys
from collections.abc import Callable
from typing import Any

import numpy as onp

from ..tracer import box_types, getval
from .array_box import ArrayBox
from .wrapper import wrapped_namespace as anp
from .writable import WritableArray, copied

_DETACHED = (
    "would lose the derivative of a traced value; make the array inside the differentiated"
    " function with autodiff.numpy (zeros, empty, array, ...), or take the plain value with"
    " autodiff.value_of(x)"
)


def _converting(convert: Callable[[Any], Any]) -> Callable[[ArrayBox], Any]:
    def method(self: ArrayBox) -> Any:
        caller = sys._getframe(1)
        if dis.opname[caller.f_code.co_code[caller.f_lasti]] == "STORE_SUBSCR":
            raise TypeError(f"writing into a plain NumPy array {_DETACHED}")
        return convert(_number(self))

    method.__name__ = f"__{convert.__name__}__"
    method.__doc__ = f"The plain value, as {convert.__name__} gives it."
    return method


def _number(x: Any) -> Any:
    plain = getval(x)
    if onp.ndim(plain):
        raise TypeError("only arrays of no axes can be converted to Python's numbers")
    return plain


def _array(self: ArrayBox, dtype: Any = None, copy: bool | None = None) -> Any:
    """The plain array, where nothing traced is in it.

    Raises:
        TypeError: a derivative would be lost.
    """
    if type(self) is WritableArray and type(value := self._value) not in box_types:
        return onp.array(value, dtype)
    raise TypeError(f"making a plain NumPy array {_DETACHED}")


def _round(self: ArrayBox, ndigits: int | None = None) -> Any:
    """The plain value, rounded as Python rounds."""
    return round(_number(self).item() if hasattr(_number(self), "item") else _number(self), ndigits)


def _format(self: ArrayBox, spec: str) -> str:
    """The plain value in a format; without one, what `str` says."""
    return format(getval(self), spec) if spec else str(self)


def _item(self: ArrayBox, *index: Any) -> Any:
    """The one entry, or the one at `index`, as a traced number: float() of it is plain.

    Raises:
        ValueError: there are several entries, and no index.
    """
    if not index:
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return anp["reshape"](self, ())[()] if self.shape else self
    if len(index) == 1 and not isinstance(index[0], tuple):
        return anp["ravel"](self)[index[0]]
    return self[index[0] if len(index) == 1 else index]


def _tolist(self: ArrayBox) -> Any:
    """The entries as nested lists of traced numbers."""
    return [_tolist(row) if _ndim(row) else row for row in self] if _ndim(self) else self


def _ndim(x: Any) -> int:
    return len(onp.shape(getval(x)))


def _copy(self: ArrayBox, order: str = "C") -> Any:
    """A copy, which can be written to."""
    return (
        copied(self, order)
        if getval(self).__class__ is onp.ndarray and self.dtype.kind in "fc"
        else self
    )


def _contains(self: ArrayBox, value: Any) -> bool:
    return bool(onp.any(getval(self) == getval(value)))


def _reduce_ex(self: ArrayBox, protocol: int) -> Any:
    raise TypeError("a traced value cannot be pickled: pickle autodiff.value_of(x)")


_METHODS: dict[str, Any] = {
    "__float__": _converting(float),
    "__int__": _converting(int),
    "__complex__": _converting(complex),
    "__index__": _converting(operator.index),
    "__array__": _array,
    "__round__": _round,
    "__format__": _format,
    "__contains__": _contains,
    "__copy__": _copy,
    "__deepcopy__": lambda self, memo: _copy(self),
    "__reduce_ex__": _reduce_ex,
    "__divmod__": lambda self, other: (self // other, self % other),
    "__rdivmod__": lambda self, other: (other // self, other % self),
    "__pos__": lambda self: anp["positive"](self),
    "item": _item,
    "tolist": _tolist,
    "copy": _copy,
}

for _name, _method in _METHODS.items():
    if not _name.startswith("__"):
        _method.__name__ = _name
    setattr(ArrayBox, _name, _method)
