"""Entries in order: sort, partition, unique. Where to move an entry is not differentiated.

Ties: each of the equal entries keeps the derivative of the place that it was moved to.
"""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..core import defjvp, defvjp
from ..tracer import getval, primitive
from .broadcasting import metadata
from .composed import composed, untraced
from .joining import asarray
from .wrapper import wrapped_namespace as anp

untraced(
    [
        "digitize",
        "in1d",
        "isin",
        "lexsort",
        "nanargmax",
        "nanargmin",
    ]
)


@primitive
def permute_along_axis(x: Any, order: Any, axis: int, back: bool = False) -> Any:
    """numpy.take_along_axis by an `order` in which each index along `axis` appears once.

    Args:
        back: undo it instead.
    """
    if not back:
        return onp.take_along_axis(x, order, axis)
    undone = onp.empty_like(x)
    onp.put_along_axis(undone, order, x, axis)
    return undone


# The inverse of a permutation is also its adjoint: nothing needs to be added up.
defvjp(
    permute_along_axis,
    lambda ans, x, order, axis, back=False: lambda g: permute_along_axis(g, order, axis, not back),
)
defjvp(permute_along_axis, "same")


def _ordered(x: Any, order: Any, axis: int | None) -> Any:
    return permute_along_axis(anp["ravel"](x) if axis is None else x, order, axis or 0)


@composed("sort")
def sort(
    x: Any, axis: int | None = -1, kind: str | None = None, order: Any = None, **options: Any
) -> Any:
    """As numpy.sort, of an array with any number of axes."""
    x = asarray(x)
    return _ordered(x, anp["argsort"](x, axis, kind, order, **options), axis)


@composed("partition")
def partition(
    x: Any, kth: Any, axis: int | None = -1, kind: str = "introselect", order: Any = None
) -> Any:
    """As numpy.partition, of an array with any number of axes."""
    x = asarray(x)
    return _ordered(x, anp["argpartition"](x, kth, axis, kind, order), axis)


@composed("sort_complex")
def sort_complex(x: Any) -> Any:
    """As numpy.sort_complex."""
    ordered = anp["sort"](x)
    have = metadata(ordered).dtype
    return anp["astype"](ordered, onp.result_type(have, onp.complex64))


@composed("unique")
def unique(
    x: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False,
    axis: int | None = None, **options: Any,
) -> Any:  # fmt: skip
    """As numpy.unique of all entries; of equal ones the first has the derivative.

    Raises:
        NotImplementedError: the unique slices along an axis are asked for.
    """
    if axis is not None:
        raise NotImplementedError("the derivative of unique with axis= is not defined")
    x = asarray(x)
    _, first, inverse, counts = onp.unique(getval(x), True, True, True, **options)
    values = anp["ravel"](x)[first]
    asked = [(return_index, first), (return_inverse, inverse), (return_counts, counts)]
    extra = tuple(found for wanted, found in asked if wanted)
    return (values, *extra) if extra else values
