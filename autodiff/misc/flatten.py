"""Nests of containers as one vector, and back; both ways are differentiable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .. import numpy as np
from ..builtins import isinstance  # noqa: A004  (sees through boxes)
from ..core import make_vjp


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Join the numbers and arrays in a nest of lists, tuples and dicts into one vector.

    The keys of dicts are taken in sorted order.

    Returns: the vector, shape (number of entries,), and the function that takes such a vector, a
    box included, back to a nest like `value`.
    """
    # Joining is linear, and its transpose takes a vector apart.
    unflatten, vector = make_vjp(_joined, value)
    return vector, unflatten


def _joined(value: Any) -> Any:
    pieces = [np.ravel(leaf) for leaf in _leaves(value)]
    return np.concatenate(pieces) if pieces else np.array([])


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for entry in value:
            yield from _leaves(entry)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _leaves(value[key])
    else:
        yield value


def flatten_func(
    func: Callable[..., Any], example: Any
) -> tuple[Callable[..., Any], Callable[[Any], Any], Any]:
    """Turn a function of a nest (and more) into the same function of a vector.

    Returns: that function, the function from vectors to nests, the vector of `example`.
    """
    vector, unflatten = flatten(example)

    def flat_func(x: Any, *args: Any, **kwargs: Any) -> Any:
        return flatten(func(unflatten(x), *args, **kwargs))[0]

    return flat_func, unflatten, vector
