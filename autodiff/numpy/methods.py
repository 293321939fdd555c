"""The methods of traced arrays: NumPy's functions, under the same names, with self in front.

Functions are looked up when they are called, as other modules may have put their own in place.
Methods that change an array in place are assignments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tracer import getval
from .array_box import ArrayBox
from .wrapper import wrapped_namespace as anp
from .writable import WritableArray, copied

FUNCTIONS = [
    "all",
    "any",
    "argmax",
    "argmin",
    "argpartition",
    "argsort",
    "clip",
    "cumprod",
    "cumsum",
    "diagonal",
    "dot",
    "max",
    "mean",
    "min",
    "nonzero",
    "prod",
    "ptp",
    "ravel",
    "repeat",
    "round",
    "searchsorted",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "take",
    "trace",
    "var",
]
"""Methods that are the function of that name."""


def _function(name: str) -> Callable[..., Any]:
    def method(self: ArrayBox, *args: Any, **kwargs: Any) -> Any:
        return anp[name](self, *args, **kwargs)

    return _named(method, name)


def _of_shape(name: str) -> Callable[..., Any]:
    """A method that takes its shape or axes as one tuple or as several integers."""

    def method(self: ArrayBox, *args: Any, **kwargs: Any) -> Any:
        if len(args) > 1:
            args = (args,)
        return anp[name](self, *args, **kwargs)

    return _named(method, name)


def _named(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    method.__name__ = name
    method.__doc__ = f"As numpy.{name} of this array."
    return method


def _refused(name: str, instead: str) -> Callable[..., Any]:
    def method(self: ArrayBox, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"a traced array has no method {name}: {instead}")

    return _named(method, name)


def _flatten(self: ArrayBox, order: Any = "C") -> Any:
    """The entries along one axis, in a new array."""
    flat = anp["ravel"](self, order)
    return copied(flat) if type(flat) is WritableArray else flat


def _compress(self: ArrayBox, condition: Any, axis: int | None = None) -> Any:
    """As numpy.compress of this array."""
    return anp["compress"](condition, self, axis)


def _choose(self: ArrayBox, choices: Any, **options: Any) -> Any:
    """As numpy.choose by this array, which is one of integers."""
    return anp["choose"](getval(self), choices, **options)


def _fill(self: Any, value: Any) -> None:
    """Write one value everywhere."""
    self[...] = value


def _sort(self: Any, axis: int = -1, **options: Any) -> None:
    """Sort in place."""
    self[...] = anp["sort"](self, axis, **options)


def _partition(self: Any, kth: Any, axis: int = -1, **options: Any) -> None:
    """Partition in place."""
    self[...] = anp["partition"](self, kth, axis, **options)


def _put(self: Any, indices: Any, values: Any, mode: str = "raise") -> None:
    """As numpy.put into this array."""
    anp["put"](self, indices, values, mode)


for _name in FUNCTIONS:
    setattr(ArrayBox, _name, _function(_name))
for _name in ("reshape", "transpose"):
    setattr(ArrayBox, _name, _of_shape(_name))
for _name in ("conj", "conjugate"):
    setattr(ArrayBox, _name, _function(_name))
for _method in (_flatten, _compress, _choose, _fill, _sort, _partition, _put):
    _method.__name__ = _method.__name__[1:]
    setattr(ArrayBox, _method.__name__, _method)
for _name, _instead in {
    "resize": "make a new array with autodiff.numpy.resize",
    "view": "convert with astype",
    "tobytes": "take the plain value with autodiff.value_of",
    "tofile": "take the plain value with autodiff.value_of",
}.items():
    setattr(ArrayBox, _name, _refused(_name, _instead))


def _set_flat(self: Any, values: Any) -> None:
    self[...] = anp["reshape"](anp["resize"](values, self.size), self.shape)


_PROPERTIES: dict[str, Any] = {
    "flat": property(lambda self: anp["ravel"](self), _set_flat, doc="The entries in one row."),
    "mT": property(lambda self: anp["swapaxes"](self, -1, -2), doc="The matrices transposed."),
    "itemsize": property(lambda self: self.dtype.itemsize, doc="Bytes of an entry."),
    "nbytes": property(lambda self: self.size * self.dtype.itemsize, doc="Bytes of the entries."),
}
for _name, _property in _PROPERTIES.items():
    setattr(ArrayBox, _name, _property)
