"""Cases of writing entries: the primitives behind ``y[i] = v``, and copies."""

from __future__ import annotations

from typing import Any

import numpy as onp

from autodiff.gradient_flow import on_gradient
from autodiff.numpy import assignment
from autodiff.numpy.creation import copy_entries

from .table import Case, cplx, real

SET, WRITE = (f"autodiff.numpy.assignment.{name}" for name in ("index_set", "write_entries"))
COPY = "autodiff.numpy.creation.copy_entries"
HOOK = "autodiff.gradient_flow._watched"
PLACES = (onp.array([0, 2]), onp.array([1, 0]))


def _set(index: Any) -> Any:
    return lambda xp, x, v: assignment.index_set(x, index, v)


def _filled(xp: Any, x: Any) -> Any:
    y = xp.zeros((2, 3), x.dtype)
    for i in range(2):
        for j in range(3):
            y[i, j] = x[j] * x[i]
    y[1] += x
    return y * y


def _watched(xp: Any, x: Any) -> Any:
    return on_gradient(x * x, lambda g: None)


def _ours(name: str, fun: Any, *args: Any) -> Case:
    return Case(name, fun, args, in_autograd=False)


CASES = [
    _ours(SET, _set(1), real(3, 2), real(2, seed=2)),
    _ours(SET, _set((slice(None), 1)), real(3, 2), real(seed=2)),
    _ours(SET, _set(slice(None, None, -2)), real(3, 2), real(1, 2, seed=2)),
    _ours(SET, _set(onp.array([True, False, True])), real(3, 2), real(2, 2, seed=2)),
    _ours(SET, _set(onp.array([0, 0, 2])), real(3), real(3, seed=2)),
    _ours(SET, _set(([0, 0], [1, 1])), real(3, 2), real(2, seed=2)),
    _ours(SET, _set(...), onp.array(0.5), real(seed=2)),
    _ours(SET, _set(slice(0, 0)), real(3), real(seed=2)),
    _ours(SET, _set(slice(1, None)), real(3), real(1, 1, 2, seed=2)),
    _ours(SET, _set([0, 1]), cplx(3), cplx(2, seed=6)),
    _ours(SET, _set([0, 1]), cplx(3), real(2, seed=6)),
    _ours(
        WRITE, lambda xp, x, a, b: assignment.write_entries(x, PLACES, a, b), real(3, 2),
        real(seed=2), real(seed=3),
    ),
    _ours(
        WRITE, lambda xp, x, a, b: assignment.write_entries(x, PLACES[:1], a, b), real(3, 2),
        real(2, seed=2), real(2, seed=3),
    ),
    _ours(WRITE, _filled, real(3)),
    _ours(COPY, lambda xp, x: copy_entries(x) * x, real(2, 3)),
    _ours(HOOK, _watched, real(3)),
]  # fmt: skip
