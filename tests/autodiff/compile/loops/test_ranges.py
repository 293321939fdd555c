"""What integers lie between: never wrong, and known where indices are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops.ranges import integer_ranges
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay

K = onp.array([5, -3, 12, 0, -7])


def _known(fun: Callable[..., Any], *args: Any) -> tuple[Program, Any]:
    program = optimized(lower(record(fun, *args)))
    return program, integer_ranges(program).get(program.outputs[0])


FUNCTIONS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "argument": (lambda k: k + 1, None),
    "remainder": (lambda k: k % 6, (0, 5)),
    "sum": (lambda k: k % 6 + 1, (1, 6)),
    "difference": (lambda k: 2 - k % 6, (-3, 2)),
    "of two": (lambda k: k % 6 - k % 4, (-3, 5)),
    "again": (lambda k: (k % 6 + 1) % 6, (0, 5)),
    "clipped": (lambda k: np.minimum(np.maximum(k % 9 - 2, 0), 3), (0, 3)),
    "shifted": (lambda k: np.roll(k % 6, 1)[::-1], (0, 5)),
    "joined": (lambda k: np.concatenate([k % 6, k % 2 - 1]), (-1, 5)),
    "chosen": (lambda k: np.where(k > 2, k % 6, -2), (-2, 5)),
    "narrowed": (lambda k: (k % 6).astype("int8"), (0, 5)),
    "too narrow": (lambda k: (k % 1000).astype("int8"), None),
    "negative divisor": (lambda k: k % -6, None),
    "product": (lambda k: k * 0, None),
    "overflowing": (lambda k: (k % 100).astype("int8") + onp.int8(100), None),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_ranges(name: str) -> None:
    fun, wanted = FUNCTIONS[name]
    program, found = _known(fun, K)
    assert found == wanted
    if found is not None:
        (values,) = Replay(program)(K)
        assert values.min() >= found[0]
        assert values.max() <= found[1]
