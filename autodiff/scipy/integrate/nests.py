"""Arguments of a right-hand side: nests of containers, with their traced leaves taken out.

A primitive looks for boxes among its positional arguments only. So the leaves of a nest that are
traced, or could be, become arguments of their own, and the nest is put together again inside.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as onp

from ... import numpy as np
from ...numpy.broadcasting import metadata, unbroadcast
from ...tracer import getval, isbox

Rebuild = Callable[[list[Any]], Any]


def take_leaves(nest: Any, leaves: list[Any]) -> Rebuild:
    """Append the traced leaves of `nest` to `leaves`.

    Returns: the function that makes the nest from such leaves, the other leaves being constants.
    """
    plain = getval(nest)
    if isinstance(plain, dict):
        return _rebuild(lambda xs: dict(zip(plain, xs)), [nest[key] for key in plain], leaves)
    if isinstance(plain, (tuple, list)):
        kind = type(plain)
        make = kind._make if hasattr(kind, "_make") else kind
        return _rebuild(make, [nest[k] for k in range(len(plain))], leaves)
    if not isbox(nest):
        return lambda values: nest
    position = len(leaves)
    leaves.append(nest)
    return lambda values: values[position]


def _rebuild(make: Callable[[list[Any]], Any], entries: list[Any], leaves: list[Any]) -> Rebuild:
    parts = [take_leaves(entry, leaves) for entry in entries]
    return lambda values: make([part(values) for part in parts])


def ravel_all(leaves: list[Any]) -> Any:
    """All entries of all leaves, in one vector."""
    parts = [np.ravel(leaf) for leaf in leaves]
    return np.concatenate(parts) if parts else onp.zeros(0)


def unravel_like(vector: Any, leaves: list[Any]) -> list[Any]:
    """The inverse of `ravel_all`, in the shapes and dtypes of `leaves`."""
    start, values = 0, []
    for meta in map(metadata, leaves):
        stop = start + prod(meta.shape)
        values.append(unbroadcast(np.reshape(vector[start:stop], meta.shape), meta))
        start = stop
    return values
