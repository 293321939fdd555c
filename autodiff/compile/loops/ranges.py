"""What integers of a program lie between, as far as it shows without running it.

Indices that are known to be within bounds need no check, and a remainder of what is nearly in range
is one comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import add, sub

import numpy as onp

from ..ir import Number, Program, Value

Range = tuple[int, int]
_LARGEST = 2**60


def integer_ranges(program: Program) -> dict[Number, Range]:
    """Value -> (least, largest), for the integers of which something is known."""
    known: dict[Number, Range] = {}
    for k, value in enumerate(program.values):
        if value.shape is None or value.dtype.kind not in "iu" or 0 in value.shape:
            continue
        found = _range(value, known)
        if found is not None and max(map(abs, found)) < _LARGEST:
            known[k] = found
    return known


def _range(value: Value, known: dict[Number, Range]) -> Range | None:
    if value.op == "constant":
        array = value.param("data").array
        return int(array.min()), int(array.max())
    rule = _RULES.get(value.op)
    if rule is None:
        if value.kind == "view" or value.op in ("copy", "roll", "gather"):
            return known.get(value.operands[0])
        return None
    return rule(value, [known.get(x) for x in value.operands])


def _remainder(value: Value, ranges: list[Range | None]) -> Range | None:
    divisor = ranges[1]
    return (0, divisor[1] - 1) if divisor is not None and divisor[0] > 0 else None


def _sum(
    operation: Callable[[int, int], int], value: Value, ranges: list[Range | None]
) -> Range | None:
    one, other = ranges
    if one is None or other is None:
        return None
    ends = [operation(a, b) for a in one for b in other]
    limits = onp.iinfo(value.dtype)
    if min(ends) < limits.min or max(ends) > limits.max:
        return None
    return min(ends), max(ends)


def _clipped(largest: bool, value: Value, ranges: list[Range | None]) -> Range | None:
    one, other = ranges
    if one is None or other is None:
        return None
    pick = max if largest else min
    return pick(one[0], other[0]), pick(one[1], other[1])


def _any_of(value: Value, ranges: list[Range | None]) -> Range | None:
    found = ranges[1:] if value.op == "select" else ranges
    if any(each is None for each in found):
        return None
    return min(each[0] for each in found if each), max(each[1] for each in found if each)


def _cast(value: Value, ranges: list[Range | None]) -> Range | None:
    found, limits = ranges[0], onp.iinfo(value.dtype)
    return found if found and limits.min <= found[0] and found[1] <= limits.max else None


_RULES: dict[str, Callable[[Value, list[Range | None]], Range | None]] = {
    "remainder": _remainder,
    "add": partial(_sum, add),
    "subtract": partial(_sum, sub),
    "maximum": partial(_clipped, True),
    "minimum": partial(_clipped, False),
    "select": _any_of,
    "concatenate": _any_of,
    "cast": _cast,
}
