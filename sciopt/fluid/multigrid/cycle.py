"""One V-cycle: an approximate solution on all levels, symmetric and cheap.

Each level is relaxed by two Chebyshev steps before and after the coarser levels' correction (see
`relaxation`), which reduce the parts of the error with eigenvalues of D^-1 A from 1/2 to 2 to 22
percent: what the coarser level does not see. The energy of an edge is w (x_u - x_v)^2 <= 2 w (x_u^2
+ x_v^2), so with D the sum of each cell's positive edges no eigenvalue is above 2, whatever the
obstacle. A pass over memory does a level's whole way down, or up: rows follow each other through
its stages while they are in the cache. Ghost rows go through the stages like others, so that
nothing is exchanged on the way.
"""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES

from .compiling import kernel, part
from .levels import COARSEST, GHOST_ROWS
from .relaxation import first_step_row, last_step_row, second_step_row
from .rows import close_row, close_rows, prolong_row, residual_row, restrict_row

_LAG = 2
"""Rows between one stage and the next. With one, edges across corners would read between vectors
that were just written, which are not in the cache yet, and wait for them."""
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
        if level == 0:
            _down(levels, 0, None, b, x, lines)
        else:
            _down(levels, level, True, b, x, lines)
    _solve_coarsest(levels, b, x, lines)
    product = 0.0
    for level in range(last - 1, 0, -1):
        _up(levels, level, True, b, x, lines)
    if last > 0:
        product = _up(levels, 0, None, b, x, lines)
    if last == 0:
        product = _product(levels, b, x)
    return product


@part
def geometry(levels, level):
    """Rows, columns, pitch of a level, and the place of its row 0."""
    nx, ny, pitch, offset = levels.table[level]
    return nx, ny, pitch, offset + GHOST_ROWS * pitch + LANES


@kernel
def _down(levels, level, corners, b, x, lines):
    """Relax a level from zero and give its residual to the next one's right-hand side."""
    nx, ny, pitch, at = geometry(levels, level)
    coarse_nx, coarse_ny, coarse_pitch, coarse_at = geometry(levels, level + 1)
    sign = levels.closing[1]
    for i in range(-3, nx + 3 + 2 * _LAG):
        place = at + i * pitch
        if i < nx + 3:
            first_step_row(levels, level, place, b, place, lines, _line(i, pitch), ny)
            close_row(lines, _line(i, pitch), ny, sign)
        row = i - _LAG
        if -2 <= row < nx + 2:
            place = at + row * pitch
            second_step_row(
                levels, level, corners, place, pitch, b, lines, _line(row - 1, pitch),
                _line(row, pitch), _line(row + 1, pitch), x, ny,
            )  # fmt: skip
            close_row(x, place, ny, sign)
        row = row - _LAG
        if row >= -1:
            place, to = at + row * pitch, _residual_line(row, pitch)
            residual_row(levels, level, corners, place, pitch, b, x, lines, to, ny)
            close_row(lines, to, ny, sign)
            if row >= 1 and row % 2 == 1:
                restrict_row(
                    levels, coarse_at + row // 2 * coarse_pitch, coarse_pitch, lines,
                    _residual_line(row - 2, pitch), _residual_line(row - 1, pitch), to, b,
                    coarse_ny,
                )  # fmt: skip
    close_rows(b, coarse_at, coarse_nx, coarse_ny, coarse_pitch, levels.closing)


@part
def _line(i, pitch):
    """The place of row i of z in its ring of lines."""
    return i % _LINES * pitch + LANES


@part
def _residual_line(i, pitch):
    """The place of row i of the residual in its ring of lines."""
    return _line(i, pitch) + _LINES * pitch


@kernel
def _up(levels, level, corners, b, x, lines):
    """Add the correction of the next level to a level and relax it; the sum of b x."""
    nx, ny, pitch, at = geometry(levels, level)
    coarse_nx, coarse_ny, coarse_pitch, coarse_at = geometry(levels, level + 1)
    sign, product = levels.closing[1], 0.0
    for i in range(-2, nx + 2 * _LAG):
        place = at + i * pitch
        if i < nx + 2:
            coarse_row, between = _coarse_row(i, nx, coarse_nx)
            prolong_row(
                levels, coarse_at + coarse_row * coarse_pitch, coarse_pitch, between, x, place,
                coarse_ny,
            )  # fmt: skip
            close_row(x, place, ny, sign)
        row = i - _LAG
        if -1 <= row <= nx:
            place, z = at + row * pitch, _line(row, pitch)
            to = _residual_line(row, pitch)
            residual_row(levels, level, corners, place, pitch, b, x, lines, to, ny)
            first_step_row(levels, level, place, lines, to, lines, z, ny)
            close_row(lines, z, ny, sign)
        row = row - _LAG
        if row >= 0:
            product += last_step_row(
                levels, level, corners, at + row * pitch, pitch, lines, _line(row - 1, pitch),
                _line(row, pitch), _line(row + 1, pitch), _residual_line(row, pitch), b, x, ny,
            )  # fmt: skip
    close_rows(x, at, nx, ny, pitch, levels.closing)
    return product


@part
def _coarse_row(i, nx, coarse_nx):
    """The coarse row at or before fine row i, which may be a ghost; whether i is between two."""
    if i < 0:
        return (i + nx) // 2 - coarse_nx, (i + nx) % 2 == 1
    if i >= nx:
        return (i - nx) // 2 + coarse_nx, (i - nx) % 2 == 1
    return i // 2, i % 2 == 1


@kernel
def _solve_coarsest(levels, b, x, lines):
    """By the dense inverse; `lines` holds b's cells in a row, and behind them x's."""
    nx, ny, pitch, at = geometry(levels, len(levels.table) - 1)
    cells, width = levels.solution.shape
    for i in range(nx):
        for j in range(ny):
            lines[i * ny + j] = b[at + i * pitch + j]
    for k in range(0, width, LANES):
        total = load(levels.solution, k) * lines[0]
        for cell in range(1, cells):
            total = total + load(levels.solution, cell * width + k) * lines[cell]
        store(lines, COARSEST + k, total)
    for i in range(nx):
        for j in range(ny):
            x[at + i * pitch + j] = lines[COARSEST + i * ny + j]
    close_rows(x, at, nx, ny, pitch, levels.closing)


@kernel
def _product(levels, b, x):
    nx, ny, pitch, at = geometry(levels, 0)
    total = 0.0
    for i in range(nx):
        for k in range(at + i * pitch, at + i * pitch + ny):
            total += np.float64(b[k]) * x[k]
    return total
