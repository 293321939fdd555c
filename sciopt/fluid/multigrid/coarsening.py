"""From a torus of cells to one with half as many along each axis.

The matrix is that of the energy sum over edges of w (x_u - x_v)^2, an edge being a pair of cells
that are neighbours, across corners too. The w are kept in four planes, by where the other cell is:

    0: (i+1, j)    1: (i, j+1)    2: (i+1, j+1)    3: (i+1, j-1)

Coarse cell (I, J) is fine cell (2I, 2J). Values between are interpolated as the matrix itself says:
along an axis by the edges to both sides, summed across it; in the middle of four by the equation of
that cell. So nothing is interpolated through an obstacle, however thin. A passage of one cell
between coarse cells takes the value of one that has no edges of its own, if there is one. Weights
sum to one. The coarse matrix is that of the same energy for interpolated values (Galerkin). Indices
run on beyond the ends of a ring, so that the sign with which it closes plays no part here.

Source: J. Dendy (1982), Black Box Multigrid, with weights that sum to one.
"""

from __future__ import annotations

import numpy as np

from .compiling import kernel

# Planes of the interpolation: between coarse cells (I, J) and (I+1, J) by these two; between
# (I, J) and (I, J+1) by these two; in the middle by (I, J), (I, J+1), (I+1, J), (I+1, J+1).
UP, DOWN, LEFT, RIGHT, MIDDLE = 0, 1, 2, 3, 4


@kernel
def interpolation(w):
    """Weights of the coarse values: w of shape (4, nx, ny) to (8, coarse nx, coarse ny)."""
    _, nx, ny = w.shape
    p = np.zeros((8, (nx + 1) // 2, (ny + 1) // 2))
    _, rows, columns = p.shape
    for row in range(rows):
        for column in range(columns):
            i, j = 2 * row, 2 * column
            if i + 1 < nx:
                up, down = _to_rows(w, i + 1, j)
                if up + down <= 0:
                    up, down = _free_first(w, i, i + 2, j, j)
                p[UP, row, column], p[DOWN, row, column] = _shares(up, down)
            if j + 1 < ny:
                left, right = _to_columns(w, i, j + 1)
                if left + right <= 0:
                    left, right = _free_first(w, i, i, j, j + 2)
                p[LEFT, row, column], p[RIGHT, row, column] = _shares(left, right)
    for row in range(nx // 2):
        for column in range(ny // 2):
            _fill_middle(w, p, row, column)
    return p


@kernel
def _to_rows(w, i, j):
    """Sums of the edges from a cell to the rows before and after."""
    _, nx, ny = w.shape
    before, left, right = (i - 1) % nx, (j - 1) % ny, (j + 1) % ny
    up = w[0, before, j] + w[2, before, left] + w[3, before, right]
    return up, w[0, i, j] + w[2, i, j] + w[3, i, j]


@kernel
def _to_columns(w, i, j):
    """Sums of the edges from a cell to the columns before and after."""
    _, nx, ny = w.shape
    before, left, right = (i - 1) % nx, (j - 1) % ny, (j + 1) % ny
    leftward = w[1, i, left] + w[2, before, left] + w[3, i, j]
    return leftward, w[1, i, j] + w[2, i, j] + w[3, before, right]


@kernel
def _shares(a, b):
    a, b = max(a, 0.0), max(b, 0.0)
    return a / (a + b), b / (a + b)


@kernel
def _free_first(w, i, next_i, j, next_j):
    """Shares of two coarse cells with no way to the cell between them."""
    if _stands_alone(w, i, j):
        return 1.0, 0.0
    if _stands_alone(w, next_i % w.shape[1], next_j % w.shape[2]):
        return 0.0, 1.0
    return 0.5, 0.5


@kernel
def _stands_alone(w, i, j):
    up, down = _to_rows(w, i, j)
    left, right = _to_columns(w, i, j)
    return up + down + left + right == 0


@kernel
def _fill_middle(w, p, row, column):
    """Interpolation to the cell (i, j) in the middle of four coarse ones."""
    _, _, ny = w.shape
    _, rows, columns = p.shape
    i, j = 2 * row + 1, 2 * column + 1
    below, beside, right = (row + 1) % rows, (column + 1) % columns, (j + 1) % ny
    up, left, down, rightward = w[0, i - 1, j], w[1, i, j - 1], w[0, i, j], w[1, i, j]
    corners = (w[2, i - 1, j - 1], w[3, i - 1, right], w[3, i, j], w[2, i, j])
    total = up + left + down + rightward + corners[0] + corners[1] + corners[2] + corners[3]
    if total > 0:
        through = (
            up * p[LEFT, row, column] + left * p[UP, row, column],
            up * p[RIGHT, row, column] + rightward * p[UP, row, beside],
            down * p[LEFT, below, column] + left * p[DOWN, row, column],
            down * p[RIGHT, below, column] + rightward * p[DOWN, row, beside],
        )
        for k in range(4):
            p[MIDDLE + k, row, column] = (corners[k] + through[k]) / total


@kernel
def coarsened(w, p):
    """The coarse matrix: w (4, nx, ny) and its interpolation to (4, coarse nx, coarse ny)."""
    _, nx, ny = w.shape
    _, rows, columns = p.shape
    coarse = np.zeros((4, rows, columns))
    change = np.zeros((2, 2))
    for i in range(nx):
        for j in range(ny):
            for plane in range(4):
                weight = w[plane, i, j]
                if weight != 0:
                    _spread_edge(coarse, p, nx, ny, i, j, plane, weight, change)
    return coarse


@kernel
def _spread_edge(coarse, p, nx, ny, i, j, plane, weight, change):
    """Add the energy of one fine edge: weight (sum of change times coarse value)^2."""
    _, rows, columns = p.shape
    across = j if plane == 0 else (j - 1 if plane == 3 else j + 1)
    along = i if plane == 1 else i + 1
    row, column = i // 2, min(_coarse_index(j, ny), _coarse_index(across, ny))
    change[:] = 0
    _add_interpolated(change, p, nx, ny, i, j, row, column, -1.0)
    _add_interpolated(change, p, nx, ny, along, across, row, column, 1.0)
    below, left, right = (row + 1) % rows, column % columns, (column + 1) % columns
    a, b, c, d = change[0, 0], change[0, 1], change[1, 0], change[1, 1]
    coarse[0, row, left] -= weight * a * c
    coarse[0, row, right] -= weight * b * d
    coarse[1, row, left] -= weight * a * b
    coarse[1, below, left] -= weight * c * d
    coarse[2, row, left] -= weight * a * d
    coarse[3, row, right] -= weight * b * c


@kernel
def _coarse_index(k, n):
    """Number of the coarse cell at or before fine cell k, which may be one beyond the ends."""
    coarse = (n + 1) // 2
    if k >= n:
        return (k - n) // 2 + coarse
    if k < 0:
        return (k + n) // 2 - coarse
    return k // 2


@kernel
def _add_interpolated(change, p, nx, ny, i, j, row, column, sign):
    """Add the weights of the coarse values in fine cell (i, j) to a window from (row, column)."""
    _, rows, columns = p.shape
    a, b = _coarse_index(i, nx) - row, _coarse_index(j, ny) - column
    here, there = (a + row) % rows, (b + column) % columns
    between_rows, between_columns = i % nx % 2 == 1, j % ny % 2 == 1
    if between_rows and between_columns:
        for k in range(4):
            change[k // 2, k % 2] += sign * p[MIDDLE + k, here, there]
    elif between_rows:
        change[0, b] += sign * p[UP, here, there]
        change[1, b] += sign * p[DOWN, here, there]
    elif between_columns:
        change[a, 0] += sign * p[LEFT, here, there]
        change[a, 1] += sign * p[RIGHT, here, there]
    else:
        change[a, b] += sign
