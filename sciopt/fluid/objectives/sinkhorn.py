"""Entropic optimal transport between two masses on one grid, with squared distance as the cost.

With the cost C of moving a unit from cell to cell and a Gaussian of width b, eps = 2 b^2,

    OT(m, n) = max over f, g of  <m, f> + <n, g> - eps <m n, exp((f + g - C) / eps) - 1>,
    S(m, n)  = OT(m, n) - OT(m, m) / 2 - OT(n, n) / 2.

S is the Sinkhorn divergence: not negative, zero for m = n only, and near the squared Wasserstein
distance W2^2 where b is small. f and g are found by the updates f = -eps log sum_y n(y)
exp((g(y) - C) / eps) and its mirror image, in the log domain. The cost is a sum over the axes, so
the sum over y is two products with small matrices.

The derivative is taken at the potentials (envelope theorem): dOT/dm = f, dOT/dn = g, whatever path
led there. So nothing of the iterations is recorded; the gradient's error is of the order of what
the last update still changed, the value's of its square. Second derivatives are not right.

Source: Feydy et al. (2019), Interpolating between Optimal Transport and MMD using Sinkhorn
Divergences; over-relaxation: Thibault et al. (2021), Overrelaxed Sinkhorn-Knopp Algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import stop_gradient

Costs = tuple[NDArray[onp.float64], NDArray[onp.float64]]

_APPROACH = 10
"""Updates in which the width comes down from the largest distance to the one asked for."""

_OWN_UPDATES = 20
"""Leave 1e-9 of a potential: each divides its error by two at least."""

_RELAXATION = 1.8
"""Of 1, 1.7, 1.8 and 1.9, the one that left the smallest error on blobs, bars and noise."""

_LARGEST_EXPONENT = 700.0  # exp(-700) is still a normal float64


@dataclass(frozen=True, eq=False)
class _Kernel:
    """exp(-C / eps) as a factor for each axis."""

    rows: NDArray[onp.float64]
    columns: NDArray[onp.float64]
    eps: float

    def softmin(self, potential: Any, log_mass: Any) -> Any:
        """-eps log sum_y exp(log_mass(y) + (potential(y) - C(x, y)) / eps), (..., mx, my)."""
        exponent = log_mass + potential / self.eps
        # The largest exponents are taken out row by row, so that no sum underflows.
        largest = np.max(exponent, axis=-1, keepdims=True)
        exponent = np.log(np.exp(exponent - largest) @ self.columns) + largest
        largest = np.max(exponent, axis=-2, keepdims=True)
        return -self.eps * (np.log(self.rows @ np.exp(exponent - largest)) + largest)


def sinkhorn_divergence(m: Any, n: Any, costs: Costs, width: float, iterations: int = 60) -> Any:
    """S(m, n) for each pair of masses.

    Args:
        m, n: positive masses, shape (..., mx, my), float64, each summing to one.
        costs: squared distances along each axis, shapes (mx, mx) and (my, my).
        width: b, in the unit of the distances; details below it are not told apart.
        iterations: updates at that width. 60 leave at most 1e-5 of the gradient for b = 0.04 of
            the largest distance; a narrower b needs more.
    Returns: shape (...).
    Raises: ValueError if b is so narrow for the largest distance that float64 cannot hold exp(-C).
    """
    fixed_m, fixed_n = stop_gradient(m), stop_gradient(n)
    f, g = _cross_potentials(fixed_m, fixed_n, costs, width, iterations)
    p, q = (_own_potential(mass, costs, width) for mass in (fixed_m, fixed_n))
    return np.sum(m * (f - p) + n * (g - q), axis=(-2, -1))


def least_width(costs: Costs) -> float:
    """The narrowest width that `sinkhorn_divergence` can work with."""
    return float(onp.sqrt(max(c.max() for c in costs) / (2 * _LARGEST_EXPONENT)))


def _widths(costs: Costs, width: float) -> list[float]:
    largest = float(onp.sqrt(sum(c.max() for c in costs)))
    return onp.geomspace(max(largest, width), width, _APPROACH + 1)[:-1].tolist()


def _kernel(costs: Costs, width: float) -> _Kernel:
    if width < least_width(costs):
        raise ValueError(
            f"a transport width of {width:g} is too narrow for float64; at least"
            f" {least_width(costs):.3g} is possible on this grid"
        )
    eps = 2 * width**2
    return _Kernel(onp.exp(-costs[0] / eps), onp.exp(-costs[1] / eps), eps)


def _cross_potentials(m: Any, n: Any, costs: Costs, width: float, iterations: int) -> Any:
    log_m, log_n = np.log(m), np.log(n)
    f, g = np.zeros_like(m), np.zeros_like(n)
    for wide in _widths(costs, width):
        kernel = _kernel(costs, wide)
        f = kernel.softmin(g, log_n)
        g = kernel.softmin(f, log_m)
    kernel = _kernel(costs, width)
    for _ in range(iterations):
        f = f + _RELAXATION * (kernel.softmin(g, log_n) - f)
        g = g + _RELAXATION * (kernel.softmin(f, log_m) - g)
    f = kernel.softmin(g, log_n)
    return f, kernel.softmin(f, log_m)


def _own_potential(m: Any, costs: Costs, width: float) -> Any:
    """The potential of OT(m, m), for both sides; the mean of old and new converges fast."""
    log_m, p = np.log(m), np.zeros_like(m)
    for wide in [*_widths(costs, width), *[width] * _OWN_UPDATES]:
        p = (p + _kernel(costs, wide).softmin(p, log_m)) / 2
    return p
