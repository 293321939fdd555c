"""`checkpoint`: keep a function's arguments instead of its intermediate results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from ..nests import Structure, flatten, unflatten
from .levels import run_loop
from .plan import make_plan
from .reversal import Loop


def checkpoint(fun: Callable[..., Any]) -> Callable[..., Any]:
    """`fun`, recomputed in the backward pass: what it computes on the way is not kept till then.

    Costs one more run of `fun`, and keeps its arguments and traced values that it closes over.
    Arguments and results may be nests of tuples, lists and dicts; keywords are followed too. `fun`
    must do the same each time that it is run. In a gradient of a gradient by reverse mode twice the
    values are right, but nothing is saved.
    """

    @wraps(fun, updated=())
    def recomputed(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = flatten((args, kwargs))
        found: list[Structure] = []

        def step(n: int, flat: list[Any], x: list[Any]) -> list[Any]:
            given, keywords = unflatten(structure, flat)
            ends, end_structure = flatten(fun(*given, **keywords))
            found[:] = [end_structure]
            return ends

        ends = run_loop(Loop(step, 1, partial(make_plan, 1)), leaves, [])
        return unflatten(found[0], ends)

    return recomputed
