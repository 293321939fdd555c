"""Cases of the operators that are defined by an equation: fixed points, roots, linear solves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from autodiff import fixed_point, implicit_root
from autodiff.linear_solve import solve_linear

from .table import Case, real


def _limit(xp: Any, matrix: Any, b: Any) -> Any:
    def step_of(params: Any) -> Callable[[Any], Any]:
        m, c = params
        return lambda x: 0.2 * xp.tanh(xp.matmul(m, x)) + c

    def distance(x: Any, y: Any) -> Any:
        return xp.max(xp.abs(x - y))

    return fixed_point(step_of, (matrix, b), onp.zeros(3), distance, 1e-15)


def _cube_roots(xp: Any, a: Any, b: Any) -> Any:
    """x with x^3 + a x = b, entry by entry, coupled by the mean of x."""

    def residual(x: Any, params: Any) -> Any:
        return x * x * x + params[0] * x + xp.mean(x) - params[1]

    return implicit_root(residual)((a, b), onp.ones(4, dtype=b.dtype))


def _solution(transposed: bool) -> Callable[..., Any]:
    def fun(xp: Any, matrix: Any, b: Any) -> Any:
        return solve_linear(lambda m: lambda v: xp.matmul(m, v), "dense", transposed, matrix, b)

    return fun


_MATRIX = real(3, 3, seed=8) + 3.0 * onp.eye(3)

CASES: list[Case] = [
    Case(
        "autodiff.implicit._fixed_point",
        _limit,
        (real(3, 3, seed=2), real(3, seed=3)),
        in_autograd=False,
        keeps_float32=False,  # iterates of float32 do not come within 1e-15
    ),
    Case(
        "autodiff.implicit._root",
        _cube_roots,
        (real(4, low=0.5, high=2.0, seed=4), real(4, seed=5)),
        in_autograd=False,
    ),
    *(
        Case(
            "autodiff.linear_solve.solve_linear",
            _solution(transposed),
            (_MATRIX, real(3, seed=6)),
            in_autograd=False,
        )
        for transposed in (False, True)
    ),
]
