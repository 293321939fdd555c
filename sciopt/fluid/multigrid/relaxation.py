"""The two Chebyshev steps of a relaxation, for one row of a level.

    z = a D^-1 r,    x += z + b D^-1 (r - A z),    1/a, 1/b = 5/4 +- 3/4 cos(pi/4)

A residual is used as soon as it is there, and is written only where another row needs it.
"""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES, ascending, choose

from .compiling import part
from .lanes import sum_of_lanes
from .rows import times

_FIRST = np.float32(1 / (1.25 + 0.75 * np.cos(np.pi / 4)))
_SECOND = np.float32(1 / (1.25 - 0.75 * np.cos(np.pi / 4)))


@part
def first_step_row(levels, level, place, r, at, lines, to, ny):
    """z, from the residual at `at` in r."""
    open_inverse = levels.stencils[level, 2] * _FIRST
    for j in range(0, ny, LANES):
        store(lines, to + j, _by_inverse(levels, open_inverse, _FIRST, place + j, load(r, at + j)))


@part
def second_step_row(levels, level, corners, place, pitch, b, lines, above, here, below, x, ny):
    """x from zero, by the z of three rows and what it leaves of b."""
    straight, corner = levels.stencils[level, 0], levels.stencils[level, 1]
    open_inverse = levels.stencils[level, 2] * _SECOND
    for j in range(0, ny, LANES):
        k = place + j
        product = times(
            levels, corners, straight, corner, k, pitch, lines, above + j, here + j, below + j
        )
        residual = load(b, k) - product
        step = _by_inverse(levels, open_inverse, _SECOND, k, residual)
        store(x, k, load(lines, here + j) + step)


@part
def last_step_row(levels, level, corners, place, pitch, lines, above, here, below, r, b, x, ny):
    """x further on, by the z of three rows and what it leaves of the residual at `r`.

    Returns: the sum of b x over the row.
    """
    straight, corner = levels.stencils[level, 0], levels.stencils[level, 1]
    open_inverse = levels.stencils[level, 2] * _SECOND
    total = ascending(np.float32(0), x.dtype) * np.float32(0)
    for j in range(0, ny, LANES):
        k = place + j
        product = times(
            levels, corners, straight, corner, k, pitch, lines, above + j, here + j, below + j
        )
        residual = load(lines, r + j) - product
        step = _by_inverse(levels, open_inverse, _SECOND, k, residual)
        value = load(x, k) + (load(lines, here + j) + step)
        store(x, k, value)
        inside = ascending(np.float32(j), x.dtype) < np.float32(ny)
        total = total + choose(inside, value * load(b, k), np.float32(0))
    return np.float64(sum_of_lanes(total))


@part
def _by_inverse(levels, open_inverse, step, k, r):
    if levels.plain[k // LANES]:
        return r * open_inverse
    return r * load(levels.inverse, k) * step
