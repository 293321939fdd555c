"""What a call of a compiled function looks like, found in little time."""

from __future__ import annotations

from typing import Any

import numpy as onp

_BY_VALUE = frozenset((int, bool, str, type(None)))
_NUMBERS = frozenset((float, onp.float64, onp.float32, onp.int64))


class _UnknownError(Exception):
    """A leaf that is traced, or of a kind that is looked at more closely elsewhere."""


def signature(opened: Any, values: list[Any], nest: Any, leaves: list[Any]) -> Any:
    """Everything that the program of a call depends on, to be hashed.

    Args:
        opened: the function, by its identity.
        values: what it closes over.
        nest: the arguments; its arrays and floats are appended to `leaves`.

    Returns: None for arguments of other kinds than plain arrays and numbers in plain nests.
    """
    try:
        closed = tuple([_sign(value, None) for value in values])
        return id(opened), closed, _sign(nest, leaves)
    except _UnknownError:
        return None


def _sign(x: Any, leaves: list[Any] | None) -> Any:
    kind = x.__class__
    if kind is onp.ndarray:
        if leaves is not None:
            leaves.append(x)
        return x.dtype, x.shape, x.strides
    if kind in _NUMBERS:
        if leaves is not None:
            leaves.append(x)
        return kind
    if kind is dict:
        return (dict, *x, *[_sign(entry, leaves) for entry in x.values()])
    if kind is tuple or kind is list:
        return (kind, *[_sign(entry, leaves) for entry in x])
    if kind in _BY_VALUE:
        return kind, x
    raise _UnknownError
