"""The boxes of recordings: arrays whose values are hidden."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as onp

from ..boxes import recorded_types
from ..cotangents import additive_types
from ..numpy.array_box import ArrayBox
from ..numpy.vspaces import array_vspace
from ..numpy.wrapper import wrapped_namespace, wrapper_of
from ..tracer import Box, box_types
from ..vspace import VSpace
from .placeholders import CONVERSIONS, Placeholder, refusing


class RecordedArray(ArrayBox):
    """An array, number or truth value of a recording. Its `_value` is a Placeholder."""

    __slots__ = ()

    def __init__(self, value: Placeholder, owner: Any, key: int) -> None:
        self._value = value
        self._owner = owner
        self._key = key

    @property
    def dtype(self) -> Any:
        """The dtype of the value."""
        return self._value.dtype


def _operator(fun: Callable[..., Any], reflected: bool) -> Callable[..., Any]:
    def operate(self: RecordedArray, other: Any) -> Any:
        return fun(other, self) if reflected else fun(self, other)

    return operate


# Of truth values and integers, which other traces do not box.
for _name in ("and", "or", "xor"):
    for _reflected in (False, True):
        _fun: Any = wrapper_of(getattr(onp, f"bitwise_{_name}"))
        setattr(RecordedArray, f"__{'r' * _reflected}{_name}__", _operator(_fun, _reflected))


def _power(self: RecordedArray, exponent: Any) -> Any:
    # NumPy's operator squares where the exponent is 2: that rounds differently than power does.
    is_array = isinstance(self._value._array, (onp.ndarray, onp.generic))
    if is_array and type(exponent) in (int, float):
        return self._owner.run(wrapper_of(onp.power), operator.pow, (self, exponent), {})
    return wrapper_of(onp.power)(self, exponent)  # type: ignore[misc]


setattr(RecordedArray, "__pow__", _power)  # noqa: B010
setattr(RecordedArray, "__invert__", wrapped_namespace["invert"])  # noqa: B010

for _name, _what in CONVERSIONS.items():
    setattr(RecordedArray, _name, refusing(_what))
box_types.add(RecordedArray)
recorded_types.add(RecordedArray)
additive_types.add(RecordedArray)
Box.type_mappings[RecordedArray] = ArrayBox
VSpace.register(Placeholder, lambda value: array_vspace(value.shape, value.dtype))
