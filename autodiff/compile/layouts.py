"""How plain values lie in memory when they are recorded."""

from __future__ import annotations

from typing import Any

import numpy as onp


def strides_of(x: Any) -> tuple[int, ...]:
    """The strides of an array; () for a number."""
    return x.strides if isinstance(x, onp.ndarray) else ()


def stand_in(x: Any) -> Any:
    """A read-only array of the same shape and dtype that takes no memory; a number as it is."""
    return onp.broadcast_to(onp.zeros((), x.dtype), x.shape) if isinstance(x, onp.ndarray) else x


def shares_memory(ans: Any, operands: list[Any]) -> bool:
    """Whether a result, or one of several, may be a view of an operand."""
    if isinstance(ans, (tuple, list)):
        return any(shares_memory(entry, operands) for entry in ans)
    if not isinstance(ans, onp.ndarray):
        return False
    for operand in operands:
        if not isinstance(operand, onp.ndarray):
            continue
        if ans.base is None and operand.base is None:  # the memory of each is its own
            if ans is operand:
                return True
        elif onp.may_share_memory(ans, operand):
            return True
    return False


def frozen(array: Any) -> Any:
    """An array that nobody changes: a copy, unless it is one."""
    if array.base is None and not array.flags.writeable:
        return array
    array = onp.array(array)
    array.flags.writeable = False
    return array


def laid_out(x: Any, strides: tuple[int, ...]) -> Any:
    """An array with the entries of `x` that lies with these strides; a number as it is."""
    if not isinstance(x, onp.ndarray) or x.strides == strides:
        return x
    steps = [(n - 1) * s for n, s in zip(x.shape, strides)] if x.size else []
    before, after = -sum(s for s in steps if s < 0), sum(s for s in steps if s > 0)
    buffer = onp.empty(before + after + x.itemsize, onp.uint8)
    array: Any = onp.ndarray(x.shape, x.dtype, buffer, before, strides)
    array[...] = x
    return array
