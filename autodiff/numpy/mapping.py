"""Functions applied along axes and entry by entry: loops in Python, as in NumPy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as onp

from .broadcasting import metadata
from .composed import composed, holds_box
from .joining import array, asarray, stack
from .wrapper import replace
from .wrapper import wrapped_namespace as anp


@composed("apply_along_axis")
def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """As numpy.apply_along_axis."""
    arr = asarray(arr)
    rank = len(metadata(arr).shape)
    axis = range(rank)[axis]
    rows = anp["moveaxis"](arr, axis, -1)
    outer = metadata(rows).shape[:-1]
    if 0 in outer:
        raise ValueError("apply_along_axis: an axis other than the given one is empty")
    results = [asarray(func1d(rows[index], *args, **kwargs)) for index in onp.ndindex(outer)]
    inner = metadata(results[0]).shape
    made = anp["reshape"](stack(results), outer + inner)
    # The axes of a result come to stand where the reduced axis was.
    at = range(len(outer), len(outer) + len(inner))
    return anp["moveaxis"](made, tuple(at), tuple(range(axis, axis + len(inner))))


@composed("apply_over_axes")
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """As numpy.apply_over_axes."""
    value = asarray(a)
    rank = len(metadata(value).shape)
    for axis in onp.atleast_1d(axes).tolist():
        axis = range(rank)[axis]
        result = func(value, axis)
        if len(metadata(result).shape) != rank:
            result = anp["expand_dims"](result, axis)
        if len(metadata(result).shape) != rank:
            raise ValueError("apply_over_axes: the function must keep the axes, or drop the given")
        value = result
    return value


def fromiter(iter: Iterable[Any], dtype: Any, count: int = -1, **options: Any) -> Any:  # noqa: A002
    """As numpy.fromiter, of numbers of which some may be traced."""
    entries = list(iter)
    if holds_box(entries):
        return array(entries if count < 0 else entries[:count], dtype)
    return onp.fromiter(entries, dtype, count, **options)


anp["fromiter"] = replace(onp.fromiter, fromiter)


class vectorize(onp.vectorize):  # noqa: N801  (NumPy's name)
    """As numpy.vectorize; where an argument is traced, so is each call of the function.

    `otypes` is left aside then: the results keep the dtype that the function gives them.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self._pyfunc_known() or not holds_box((args, list(kwargs.values()))):
            return super().__call__(*args, **kwargs)
        names = [name for name in kwargs if name not in self.excluded]
        looped = [k for k in range(len(args)) if k not in self.excluded]
        operands = [asarray(args[k]) for k in looped] + [asarray(kwargs[name]) for name in names]
        ranks = self._core_ranks(len(operands))
        shapes = [metadata(x).shape for x in operands]
        outer = onp.broadcast_shapes(*(s[: len(s) - r] for s, r in zip(shapes, ranks)))
        operands = [
            anp["broadcast_to"](x, outer + shape[len(shape) - rank :])
            for x, shape, rank in zip(operands, shapes, ranks)
        ]
        results = []
        for index in onp.ndindex(outer):
            given = [x[index] for x in operands]
            positional = list(args)
            for k, value in zip(looped, given):
                positional[k] = value
            results.append(
                self.pyfunc(*positional, **{**kwargs, **dict(zip(names, given[len(looped) :]))})
            )
        return _collected(results, outer)

    def _pyfunc_known(self) -> bool:
        return callable(self.pyfunc)

    def _core_ranks(self, count: int) -> list[int]:
        """How many last axes of each operand go to one call of the function."""
        if self.signature is None:
            return [0] * count
        inputs = re.findall(r"\(([^()]*)\)", self.signature.split("->")[0])
        if len(inputs) != count:
            raise TypeError(f"vectorize: {self.signature} takes {len(inputs)} arrays, got {count}")
        return [len(dims.split(",")) if dims.strip() else 0 for dims in inputs]


def _collected(results: list[Any], outer: tuple[int, ...]) -> Any:
    """One array of the results of all calls, or a tuple of arrays if each result is a tuple."""
    if not results:
        raise ValueError("vectorize: cannot tell the type of no result at all")
    if isinstance(results[0], tuple):
        return tuple(_collected([r[k] for r in results], outer) for k in range(len(results[0])))
    made = stack([asarray(r) for r in results])
    return anp["reshape"](made, outer + metadata(made).shape[1:])


anp["vectorize"] = vectorize
