"""Autograd's name for the wrapped namespace: all of `autodiff.numpy`, and these helpers.

`metadata` has Autograd's four entries here; the one that the rules of this package use has two.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as onp

from . import broadcasting
from .wrapper import wrap_namespace

__all__ = ["metadata", "parse_einsum_input", "wrap_if_boxes_inside", "wrap_namespace"]


def metadata(A: Any) -> tuple[tuple[int, ...], int, Any, bool]:  # noqa: N803  (Autograd's name)
    """Shape, number of axes, dtype and whether it is complex, of an array or a box of one."""
    shape, dtype = broadcasting.metadata(A)
    return shape, len(shape), dtype, dtype.kind == "c"


def wrap_if_boxes_inside(raw_array: Any, slow_op_name: str | None = None) -> Any:
    """An object array with boxes in it, as a box of an array; other arrays as they are."""
    if raw_array.dtype == onp.object_:
        stacked = _package().array(raw_array.ravel().tolist())
        return _package().reshape(stacked, raw_array.shape)
    return raw_array


def parse_einsum_input(*args: Any) -> tuple[str, str, list[Any]]:
    """Operand subscripts, result subscripts and operands, from either form of einsum's arguments.

    Args:
        args: ``"ij,jk", a, b`` or ``a, [0, 1], b, [1, 2], [0, 2]``.
    """
    if isinstance(args[0], str):
        subscripts, operands = args[0].replace(" ", ""), list(args[1:])
        inputs, arrow, result = subscripts.partition("->")
    else:
        operands = list(args[: len(args) // 2 * 2 : 2])
        inputs = ",".join(_letters(labels) for labels in args[1::2])
        arrow = "->" if len(args) % 2 else ""
        result = _letters(args[-1]) if arrow else ""
    if not arrow:
        letters = [c for c in inputs if c.isalpha()]
        once = sorted(c for c in set(letters) if letters.count(c) == 1)
        result = ("..." if "..." in inputs else "") + "".join(once)
    return inputs, result, operands


def _letters(labels: Any) -> str:
    """Subscripts of the list form as letters: 0 is a, 26 is A."""
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join("..." if label is Ellipsis else alphabet[label] for label in labels)


def _package() -> Any:
    return sys.modules[__package__]


def __getattr__(name: str) -> Any:
    return getattr(_package(), name)
