"""Several sums in one loop: eight partial results for each, so that the loop is vectorised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .arrays import INT64, memory_type
from .bindings import ir
from .loops import for_range

LANES = 8


def emit_sums(
    builder: Any,
    dtypes: Sequence[np.dtype[Any]],
    length: int,
    values_at: Callable[[Any], Sequence[Any]],
) -> list[Any]:
    """Emit a loop over a length, and the sums of what is computed in it.

    Args:
        dtypes: of the sums, floats.
        values_at: counter -> what is added to each sum. It may emit other things too.
    """
    kinds = [memory_type(dtype) for dtype in dtypes]
    arrays = [builder.alloca(kind, LANES) for kind in kinds]
    for kind, array in zip(kinds, arrays):
        for lane in range(LANES):
            place = _place(builder, kind, array, ir.Constant(INT64, lane))
            builder.store(ir.Constant(kind, 0.0), place)

    def add(counter: Any, lane: Any) -> None:
        for kind, array, value in zip(kinds, arrays, values_at(counter)):
            place = _place(builder, kind, array, lane)
            builder.store(builder.fadd(builder.load(place, typ=kind), value), place)

    whole = length - length % LANES
    if whole:
        with for_range(builder, 0, whole, LANES) as group, for_range(builder, 0, LANES) as lane:
            add(builder.add(group, lane), lane)
    if whole < length:
        with for_range(builder, whole, length) as counter:
            add(counter, builder.sub(counter, ir.Constant(INT64, whole)))
    return [_total(builder, kind, array) for kind, array in zip(kinds, arrays)]


def _place(builder: Any, kind: Any, array: Any, lane: Any) -> Any:
    return builder.gep(array, [lane], inbounds=True, source_etype=kind)


def _total(builder: Any, kind: Any, array: Any) -> Any:
    places = [_place(builder, kind, array, ir.Constant(INT64, lane)) for lane in range(LANES)]
    totals = [builder.load(place, typ=kind) for place in places]
    while len(totals) > 1:  # ((0 1) (2 3)) ((4 5) (6 7))
        totals = [builder.fadd(a, b) for a, b in zip(totals[::2], totals[1::2])]
    return totals[0]
