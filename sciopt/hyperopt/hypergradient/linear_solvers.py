"""Solvers of A x = b that need products with the symmetric matrix A only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Product = Callable[[Vector], Vector]

_REFRESH = 50  # iterations of cg after which the residual is computed anew, free of drift
_POWER_STEPS = 20
_GROWN = 1e6  # relative residual at which an iteration has clearly diverged


@dataclass(frozen=True, eq=False)
class Solution:
    """What a solver reached.

    Attributes:
        x: the approximate solution.
        residual: ||A x - b|| / ||b||.
        iterations: taken.
        is_definite: False if a direction of curvature at most zero was met: A is then not positive
            definite, and x not to be trusted.
    """

    x: Vector
    residual: float
    iterations: int
    is_definite: bool = True


Solver = Callable[[Product, Vector, Vector, int, float], Solution]
"""``(product, b, start, iterations, tolerance) -> Solution``."""


def cg(product: Product, b: Vector, start: Vector, iterations: int, tolerance: float) -> Solution:
    """Conjugate gradients (Hestenes and Stiefel, 1952); stops where the curvature is not positive.

    Error after k iterations: of the order (1 - 2 / sqrt(condition number))^k.
    """
    size = _norm(b)
    x = start.copy()
    r = b - product(x) if x.any() else b.copy()
    p, square = r.copy(), float(r @ r)
    taken = 0
    while taken < iterations and np.sqrt(square) > tolerance * size:
        along = product(p)
        curvature = float(p @ along)
        if not curvature > 0:
            return Solution(x, _norm(b - product(x)) / size, taken, is_definite=False)
        length = square / curvature
        x = x + length * p
        taken += 1
        r = b - product(x) if taken % _REFRESH == 0 else r - length * along
        previous, square = square, float(r @ r)
        p = r + (square / previous) * p
    return Solution(x, _norm(b - product(x)) / size, taken)


def neumann(
    product: Product, b: Vector, start: Vector, iterations: int, tolerance: float
) -> Solution:
    """x = eta sum_k (I - eta A)^k b (Lorraine et al., 2020), of the remainder after `start`.

    eta is 1 / lambda_max from power iterations. Error after k terms: (1 - 1 / condition number)^k.
    """
    size = _norm(b)
    largest = largest_eigenvalue(product, b.size)
    if not largest > 0:
        return Solution(start, _norm(b - product(start)) / size, 0, is_definite=False)
    eta = 1 / largest
    term = eta * (b - product(start) if start.any() else b)
    x, taken = start.copy(), 0
    # The remainder b - A x is term / eta all along.
    while taken < iterations and tolerance * size < _norm(term) / eta < _GROWN * size:
        x = x + term
        term = term - eta * product(term)
        taken += 1
    residual = _norm(term) / eta / size
    return Solution(x, residual, taken, is_definite=bool(residual < _GROWN))


def fixed_point(
    product: Product, b: Vector, start: Vector, iterations: int, tolerance: float
) -> Solution:
    """x <- x - eta (A x - b) (Grazzi et al., 2020), with the eta and the error of `neumann`.

    It keeps no sum: rounding errors of earlier iterations die out.
    """
    size = _norm(b)
    largest = largest_eigenvalue(product, b.size)
    if not largest > 0:
        return Solution(start, _norm(b - product(start)) / size, 0, is_definite=False)
    x, taken = start.copy(), 0
    r = b - product(x)
    while taken < iterations and tolerance * size < _norm(r) < _GROWN * size:
        x = x + r / largest
        r = b - product(x)
        taken += 1
    residual = _norm(r) / size
    return Solution(x, residual, taken, is_definite=bool(residual < _GROWN))


def largest_eigenvalue(product: Product, size: int) -> float:
    """The eigenvalue of largest magnitude, by power iterations from a fixed random vector.

    An estimate from below, by some percent; half the true value would still be enough for eta.
    """
    x = np.random.default_rng(0).standard_normal(size)
    value = 0.0
    for _ in range(_POWER_STEPS):
        x = x / _norm(x)
        y = product(x)
        value = float(x @ y)
        if not y.any():
            break
        x = y
    return value


SOLVERS: dict[str, Solver] = {"cg": cg, "neumann": neumann, "fixed-point": fixed_point}


def _norm(x: Vector) -> float:
    return float(np.linalg.norm(x))
