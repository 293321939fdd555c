"""Primitives that somebody wrote in NumPy: their own body is recorded, in place of an opaque call.

The body meets boxes that hide their values, so that it cannot take one in. It could still do other
things with boxes than with arrays; hence it must give the same bits as the primitive does, on made
up operands of the recorded types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from types import FunctionType
from typing import Any

import numpy as onp

from .layouts import strides_of
from .operations import Constant, Operation, Recording
from .recording import record

_LONGEST = 200
"""Operations of a body; a longer one is most likely a loop that is better left to the primitive."""
_FOREIGN = ("numpy", "scipy")
_NUMBERS: dict[str, Any] = {"b": False, "i": 0, "f": 0.75, "c": 0.75 + 0.5j}


@dataclass(frozen=True)
class OperandType:
    """Shape, dtype and strides of an operand; weak, whether it is a number of Python."""

    shape: tuple[int, ...]
    dtype: Any
    strides: tuple[int, ...]
    weak: bool


def body_of(operation: Operation, types: Sequence[OperandType]) -> Recording | None:
    """The recording of what a primitive does, a function of its operands that are values.

    Returns: None if the primitive is no function of Python with one array as its result, or if it
    looks at values, does other things with boxes than with arrays, or takes very many operations.
    """
    function = operation.function
    if not isinstance(function, FunctionType) or operation.shape is None or operation.weak:
        return None
    if (function.__module__ or "").split(".")[0] in _FOREIGN:
        return None
    examples = [_example(each) for each in types]

    def body(*values: Any) -> Any:
        given = iter(values)
        return operation(
            [x.value if isinstance(x, Constant) else next(given) for x in operation.operands]
        )

    try:
        with onp.errstate(all="ignore"):
            recording = record(body, *examples)
            if len(recording.operations) > _LONGEST:
                return None
            same = _same(recording.replay(*examples), body(*examples), operation)
    except Exception:  # noqa: BLE001  (whatever a body does when it meets boxes)
        return None
    return recording if same else None


def _same(found: Any, expected: Any, operation: Operation) -> bool:
    """Whether two results are equal to the last bit, and of the type that was recorded."""
    if type(found) is not type(expected) or not isinstance(found, (onp.ndarray, onp.generic)):
        return False
    return (
        found.shape == expected.shape == operation.shape
        and found.dtype == expected.dtype == operation.dtype
        and strides_of(found) == strides_of(expected)
        and onp.ascontiguousarray(found).tobytes() == onp.ascontiguousarray(expected).tobytes()
    )


def _example(wanted: OperandType) -> Any:
    """Made up values of a type: different ones between 0.5 and 1.5; zeros, for they may be indices.

    They are laid out in memory as the operand was.
    """
    if wanted.weak:
        return _NUMBERS[wanted.dtype.kind]
    if not wanted.shape:
        return _entries(1, wanted.dtype)[0]
    if 0 in wanted.shape:
        return onp.empty(wanted.shape, wanted.dtype)
    spans = [(n - 1) * s for n, s in zip(wanted.shape, wanted.strides)]
    offset = -sum(span for span in spans if span < 0)
    size = offset + sum(span for span in spans if span > 0) + wanted.dtype.itemsize
    buffer = onp.zeros(-(-size // 16) * 16, onp.uint8)
    array: Any = onp.ndarray(wanted.shape, wanted.dtype, buffer, offset, wanted.strides)
    array[...] = _entries(prod(wanted.shape), wanted.dtype).reshape(wanted.shape)
    return array


def _entries(count: int, dtype: Any) -> Any:
    if dtype.kind not in "fc":
        return onp.zeros(count, dtype)
    return (0.5 + (onp.arange(count) * 0.618034) % 1).astype(dtype)
