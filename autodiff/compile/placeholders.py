"""Placeholders: what stands where the value of a recorded array would be looked at.

Shape, dtype and length are known while a function is recorded, and are the same in every replay.
Entries are not: whatever asks for them gets a RecordingError, which names the user's line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as onp

_LIBRARIES = tuple(
    str(Path(file).parent) for file in (Path(__file__).parent, onp.__file__, Path(onp.__file__))
)
_WAY_OUT = (
    "a recording must hold for any values: choose between arrays with autodiff.numpy.where, make"
    " the number an argument of the recorded function, or keep it out of the recording as a static"
    " value (closed over, not an argument)"
)


class RecordingError(TypeError):
    """A function cannot be recorded: what it does depends on the values of its inputs."""


class TracedClosureError(RecordingError):
    """A function that is recorded uses a value that a derivative around the recording follows."""


def refusal(
    what: str, way_out: str = _WAY_OUT, kind: type[RecordingError] = RecordingError
) -> RecordingError:
    """The error for `what` the user's program does, with the line that does it."""
    return kind(f"{what} is not possible while recording, at {user_line()}: {way_out}")


def user_line() -> str:
    """File and line of the user's program that is running now."""
    place = user_place()
    assert place is not None
    return f"{place[0]}:{place[1]}"


def user_place(outermost: Any = None) -> tuple[str, int] | None:
    """As `user_line`, apart.

    Args:
        outermost: the code of a function; None is given if nothing within it is the user's.
    """
    frame: Any = sys._getframe(1)
    while True:
        code = frame.f_code
        if code is outermost:
            return None
        file = code.co_filename
        inside = _inside.get(file)
        if inside is None:
            inside = _inside[file] = file.startswith(("<", *_LIBRARIES))
        if not inside or frame.f_back is None:
            return file, frame.f_lineno
        frame = frame.f_back


_inside: dict[str, bool] = {}
"""Whether files belong to the libraries, as far as it was asked."""


_OF_SHAPE: tuple[Callable[..., Any], ...] = (
    onp.shape,
    onp.ndim,
    onp.size,
    onp.result_type,
    onp.iscomplexobj,
    onp.isrealobj,
    onp.may_share_memory,
    onp.can_cast,
)
"""NumPy's functions of shape, dtype and memory alone."""


class Placeholder:
    """An array's shape and dtype, in the array's place. It passes for an instance of its class."""

    __slots__ = ("_array", "dtype", "shape")

    def __init__(self, array: Any) -> None:
        self._array = array
        if not isinstance(array, (onp.ndarray, onp.generic)):
            array = onp.asarray(array)
        self.shape: tuple[int, ...] = array.shape
        self.dtype = array.dtype

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self._array)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(onp.prod(self.shape))

    @property
    def flags(self) -> Any:
        """The layout in memory."""
        return onp.asarray(self._array).flags

    def __len__(self) -> int:
        return len(self._array)

    def __repr__(self) -> str:
        return f"<recorded {self.dtype}{list(self.shape)}>"

    def __array_function__(self, fun: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if fun not in _OF_SHAPE:
            raise refusal(f"numpy.{fun.__name__} of the values of a recorded array")
        return fun(*map(_revealed, args), **kwargs)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        raise refusal(f"numpy.{ufunc.__name__} of the values of a recorded array")


def _revealed(x: Any) -> Any:
    return x._array if type(x) is Placeholder else x


def refusing(what: str) -> Callable[..., Any]:
    """A method that raises RecordingError."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        raise refusal(what)

    return method


CONVERSIONS = {
    "__bool__": "a decision on the value of a recorded array (if, while, and, or, not, in)",
    "__float__": "float() of a recorded array",
    "__int__": "int() of a recorded array",
    "__complex__": "complex() of a recorded array",
    "__index__": "using a recorded array as a plain integer",
    "__array__": "making a plain NumPy array of a recorded array (to read entries of a plain array"
    " at recorded places, write autodiff.numpy.take)",
    "__round__": "round() of a recorded array",
    "__contains__": "asking what is in a recorded array",
    "item": "item() of a recorded array",
    "tolist": "tolist() of a recorded array",
}
"""Methods that give plain values: they raise."""

for _name, _what in CONVERSIONS.items():
    setattr(Placeholder, _name, refusing(_what))
for _name in [
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "rtruediv",
    "pow",
    "rpow",
    "neg",
    "abs",
    "mod",
    "rmod",
    "floordiv",
    "rfloordiv",
    "matmul",
    "rmatmul",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "invert",
    "and",
    "or",
    "xor",
    "getitem",
    "iter",
]:
    setattr(Placeholder, f"__{_name}__", refusing("using the values of a recorded array"))
Placeholder.__hash__ = lambda self: id(self)  # type: ignore[method-assign]
