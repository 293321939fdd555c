"""Where the elements of views lie: those of NumPy's own views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.loops.memory_views import places_of
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

X = onp.arange(24.0).reshape(2, 3, 4)

VIEWS: dict[str, Callable[[Any], Any]] = {
    "transposed": lambda x: x.transpose(2, 0, 1),
    "sliced": lambda x: x[:, 1:, ::2],
    "backwards": lambda x: x[::-1, :, ::-1],
    "stretched": lambda x: np.broadcast_to(x[:, :1], (5, 2, 3, 4)),
    "reshaped": lambda x: np.reshape(x, (6, 4)),
    "cut": lambda x: np.reshape(x[:, ::2], (2, 2, 2, 2)),
    "all": lambda x: np.reshape(x[::-1].T[1:], (3, 3, 2))[:, 1],
    "one": lambda x: np.reshape(x[1:, 2:, 3:], (1, 1)),
}


@pytest.mark.parametrize("name", VIEWS)
def test_elements_of_views_are_found_in_memory(name: str) -> None:
    program = optimized(lower(record(VIEWS[name], X)))
    (k,) = program.outputs
    place = places_of(program, {0: (12, 4, 1)}).get(k)
    assert place is not None
    assert place.root == 0
    wanted = onp.asarray(VIEWS[name](X))
    flat = X.reshape(-1)
    for at in onp.ndindex(wanted.shape):
        element = place.offset + sum(i * s for i, s in zip(at, place.strides))
        assert flat[element] == wanted[at]


def test_what_must_be_copied_or_computed_lies_nowhere() -> None:
    for fun in (lambda x: np.reshape(x.T, -1), lambda x: x * 2, lambda x: (x * 2).T):
        program = optimized(lower(record(fun, X)))
        assert places_of(program, {0: (12, 4, 1)}).get(program.outputs[0]) is None
