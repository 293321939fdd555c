"""Random programs of NumPy: shapes, dtypes, layouts, broadcasting, views, reductions, indexing.

A program is a list of operations drawn from a seed, run on a pool of arrays; each takes operands
from the pool and puts its result there. Values stay small, so that sums can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.boxes import recorded_types
from autodiff.tracer import isbox

from .draws import Source, changed, inputs
from .elementwise import binary, choice, integers, operators, quotients, unary
from .joining import joined, padded, rolled
from .places import chosen, indexed, written
from .sums import along, contracted, product, reduced
from .views import view

__all__ = ["changed", "inputs", "program"]

STEPS = (
    unary, binary, binary, operators, operators, choice, quotients, integers, reduced, reduced,
    along, view, view, view, joined, padded, rolled, indexed, chosen, written, product, product,
    contracted,
)  # fmt: skip

LARGEST = 20_000
"""Entries of an array in the pool: products of larger ones would fill the memory."""


def _followed(x: Any) -> Any:
    """An array; integers only as a recording has them, for a gradient cannot follow them."""
    while x.dtype.kind in "iub" and isbox(x) and type(x) not in recorded_types:
        x = x._value
    return x


def program(seed: int, length: int = 8) -> Callable[..., Any]:
    """The function that the seed stands for."""

    def fun(*args: Any) -> Any:
        draw = Source(seed + 10**9)
        pool, draw.number = list(args[:3]), args[3] if len(args) > 3 else 0.75
        for _ in range(draw.whole(1, length)):
            made = draw.choice(STEPS)(draw, pool)
            if made is not None and made.size <= LARGEST:
                pool.append(_followed(made))
        return tuple(pool[3:][-4:])

    return fun
