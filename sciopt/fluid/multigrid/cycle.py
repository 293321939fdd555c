"""One V-cycle: an approximate solution on all levels, symmetric and cheap.

Each level is relaxed by two Chebyshev steps before and after the coarser levels' correction,

    z = a D^-1 r,    x += z + b D^-1 (r - A z),    1/a, 1/b = 5/4 +- 3/4 cos(pi/4)

which reduce the parts of the error with eigenvalues of D^-1 A from 1/2 to 2 to 22 percent: what the
coarser level does not see. The energy of an edge is w (x_u - x_v)^2 <= 2 w (x_u^2 + x_v^2), so with
D the sum of each cell's positive edges no eigenvalue is above 2, whatever the obstacle. A pass over
memory does a level's whole way down, or up: rows follow each other through its stages while they
are in the cache. Ghost rows go through the stages like others, so that nothing is exchanged on the
way.
"""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES, ascending, choose

from .compiling import kernel
from .lanes import sum_of_lanes
from .levels import GHOST_ROWS
from .rows import close_row, close_rows, prolong_row, residual_row, restrict_row

_FIRST = np.float32(1 / (1.25 + 0.75 * np.cos(np.pi / 4)))
_SECOND = np.float32(1 / (1.25 - 0.75 * np.cos(np.pi / 4)))
_LINES = 4
"""Rows of an intermediate field that are in use at a time: z first, then residuals."""


@kernel
def v_cycle(levels, b, x, lines):
    """Fill x with an approximate solution for the right-hand side b, both on level 0.

    b has its ghosts, x gets them. `lines` is room for 8 rows. Coarser levels of b and x are used.

    Returns: the sum of b x over the cells.
    """
    last = len(levels.table) - 1
    for level in range(last):
        _down(levels, level, b, x, lines)
    _solve_coarsest(levels, b, x)
    product = 0.0
    for level in range(last - 1, -1, -1):
        product = _up(levels, level, b, x, lines)
    if last == 0:
        product = _product(levels, b, x)
    return product


@kernel
def geometry(levels, level):
    """Rows, columns, pitch of a level, and the place of its row 0."""
    nx, ny, pitch, offset = levels.table[level]
    return nx, ny, pitch, offset + GHOST_ROWS * pitch + LANES


@kernel
def _down(levels, level, b, x, lines):
    """Relax a level from zero and give its residual to the next one's right-hand side."""
    nx, ny, pitch, at = geometry(levels, level)
    coarse_nx, coarse_ny, coarse_pitch, coarse_at = geometry(levels, level + 1)
    sign = levels.closing[1]
    for i in range(-3, nx + 3):
        place = at + i * pitch
        _begin_row(levels, level, place, b, place, lines, _line(i, pitch), ny)
        close_row(lines, _line(i, pitch), ny, sign)
        row = i - 1
        if row >= -2:
            place, to = at + row * pitch, _residual_line(row, pitch)
            residual_row(
                levels, level, place, pitch, b, place, lines, _line(row - 1, pitch),
                _line(row, pitch), _line(row + 1, pitch), lines, to, ny,
            )  # fmt: skip
            _end_row(levels, level, place, lines, _line(row, pitch), to, x, ny)
            close_row(x, place, ny, sign)
        row = i - 2
        if row >= -1:
            place, to = at + row * pitch, _residual_line(row, pitch)
            residual_row(
                levels, level, place, pitch, b, place, x, place - pitch, place, place + pitch,
                lines, to, ny,
            )  # fmt: skip
            close_row(lines, to, ny, sign)
            if row >= 1 and row % 2 == 1:
                restrict_row(
                    levels, coarse_at + row // 2 * coarse_pitch, coarse_pitch, lines,
                    _residual_line(row - 2, pitch), _residual_line(row - 1, pitch), to, b,
                    coarse_ny,
                )  # fmt: skip
    close_rows(b, coarse_at, coarse_nx, coarse_ny, coarse_pitch, levels.closing)


@kernel
def _line(i, pitch):
    """The place of row i of z in its ring of lines."""
    return (i + _LINES) % _LINES * pitch + LANES


@kernel
def _residual_line(i, pitch):
    """The place of row i of the residual in its ring of lines."""
    return _line(i, pitch) + _LINES * pitch


@kernel
def _begin_row(levels, level, place, r, at, lines, to, ny):
    """z, from the residual at `at` in r."""
    open_inverse = levels.stencils[level, 2] * _FIRST
    for j in range(0, ny, LANES):
        k = place + j
        if levels.plain[k // LANES]:
            store(lines, to + j, load(r, at + j) * open_inverse)
        else:
            store(lines, to + j, load(r, at + j) * load(levels.inverse, k) * _FIRST)


@kernel
def _end_row(levels, level, place, lines, z, r, x, ny):
    """x from zero, by z and the residual that it leaves."""
    open_inverse = levels.stencils[level, 2] * _SECOND
    for j in range(0, ny, LANES):
        k = place + j
        store(x, k, _step(levels, open_inverse, k, lines, z + j, r + j))


@kernel
def _step(levels, open_inverse, k, lines, z, r):
    if levels.plain[k // LANES]:
        return load(lines, z) + load(lines, r) * open_inverse
    return load(lines, z) + load(lines, r) * load(levels.inverse, k) * _SECOND


@kernel
def _up(levels, level, b, x, lines):
    """Add the correction of the next level to a level and relax it; the sum of b x."""
    nx, ny, pitch, at = geometry(levels, level)
    coarse_nx, coarse_ny, coarse_pitch, coarse_at = geometry(levels, level + 1)
    sign, product = levels.closing[1], 0.0
    for i in range(-2, nx + 2):
        coarse_row, between = _coarse_row(i, nx, coarse_nx)
        place = at + i * pitch
        prolong_row(
            levels, coarse_at + coarse_row * coarse_pitch, coarse_pitch, between, x, place,
            coarse_ny,
        )  # fmt: skip
        close_row(x, place, ny, sign)
        row = i - 1
        if row >= -1:
            place, to = at + row * pitch, _residual_line(row, pitch)
            residual_row(
                levels, level, place, pitch, b, place, x, place - pitch, place, place + pitch,
                lines, to, ny,
            )  # fmt: skip
            _begin_row(levels, level, place, lines, to, lines, _line(row, pitch), ny)
            close_row(lines, _line(row, pitch), ny, sign)
        row = i - 2
        if row >= 0:
            place, to = at + row * pitch, _residual_line(row, pitch)
            residual_row(
                levels, level, place, pitch, lines, to, lines, _line(row - 1, pitch),
                _line(row, pitch), _line(row + 1, pitch), lines, to, ny,
            )  # fmt: skip
            product += _add_end_row(levels, level, place, lines, _line(row, pitch), to, b, x, ny)
    close_rows(x, at, nx, ny, pitch, levels.closing)
    return product


@kernel
def _coarse_row(i, nx, coarse_nx):
    """The coarse row at or before fine row i, which may be a ghost; whether i is between two."""
    if i < 0:
        return (i + nx) // 2 - coarse_nx, (i + nx) % 2 == 1
    if i >= nx:
        return (i - nx) // 2 + coarse_nx, (i - nx) % 2 == 1
    return i // 2, i % 2 == 1


@kernel
def _add_end_row(levels, level, place, lines, z, r, b, x, ny):
    """x further on, by z and the residual that it leaves; the sum of b x over the row."""
    open_inverse = levels.stencils[level, 2] * _SECOND
    total = ascending(np.float32(0), x.dtype) * np.float32(0)
    for j in range(0, ny, LANES):
        k = place + j
        value = load(x, k) + _step(levels, open_inverse, k, lines, z + j, r + j)
        store(x, k, value)
        inside = ascending(np.float32(j), x.dtype) < np.float32(ny)
        total = total + choose(inside, value * load(b, k), np.float32(0))
    return np.float64(sum_of_lanes(total))


@kernel
def _solve_coarsest(levels, b, x):
    nx, ny, pitch, at = geometry(levels, len(levels.table) - 1)
    for i in range(nx):
        for j in range(ny):
            total = np.float32(0)
            for k in range(nx):
                for m in range(ny):
                    total += levels.solution[i * ny + j, k * ny + m] * b[at + k * pitch + m]
            x[at + i * pitch + j] = total
    close_rows(x, at, nx, ny, pitch, levels.closing)


@kernel
def _product(levels, b, x):
    nx, ny, pitch, at = geometry(levels, 0)
    total = 0.0
    for i in range(nx):
        for k in range(at + i * pitch, at + i * pitch + ny):
            total += np.float64(b[k]) * x[k]
    return total
