"""Rows that come one by one, along axis 0 of an array: the outputs of a loop's steps."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .. import numpy as np
from ..tracer import isbox


class Rows:
    """The outputs of each step, first to last. Plain ones are written into their array at once.

    Args:
        length: number of steps.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._stacks: list[Any] = []  # arrays; lists where rows are traced; None for no value

    def put(self, n: int, outputs: list[Any]) -> None:
        """Add the outputs of step `n`, as many as those before."""
        if n == 0:
            self._stacks = [_begun(leaf, self._length) for leaf in outputs]
        for k, leaf in enumerate(outputs):
            stack = self._stacks[k]
            if type(stack) is onp.ndarray and isbox(leaf):  # followed from this step on
                stack = self._stacks[k] = list(stack[:n])
            if type(stack) is list:
                stack.append(leaf)
            elif stack is not None:
                stack[n] = leaf

    def stacked(self) -> list[Any]:
        """One array for each output."""
        return [np.stack(stack) if type(stack) is list else stack for stack in self._stacks]


def _begun(leaf: Any, length: int) -> Any:
    if leaf is None or isbox(leaf):
        return None if leaf is None else []
    plain = onp.asarray(leaf)
    return onp.empty((length, *plain.shape), plain.dtype)
