"""How plain values lie in memory when they are recorded."""

from __future__ import annotations

from typing import Any

import numpy as onp


def strides_of(x: Any) -> tuple[int, ...]:
    """The strides of an array; () for a number."""
    return x.strides if isinstance(x, onp.ndarray) else ()


def shares_memory(ans: Any, operands: list[Any]) -> bool:
    """Whether a result, or one of several, may be a view of an operand."""
    entries = ans if isinstance(ans, (tuple, list)) else (ans,)
    return any(
        onp.may_share_memory(entry, operand)
        for entry in entries
        if isinstance(entry, onp.ndarray)
        for operand in operands
        if isinstance(operand, onp.ndarray)
    )


def frozen(array: Any) -> Any:
    """An array that nobody changes: a copy, unless it is one."""
    if array.base is None and not array.flags.writeable:
        return array
    array = onp.array(array)
    array.flags.writeable = False
    return array
