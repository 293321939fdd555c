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

from .compiling import kernel, part

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
    _, rows, columns = p.shape
    coarse = np.zeros((4, rows, columns))
    for row in range(rows):
        for column in range(columns):
            ac, bd, ab, cd, ad, bc = _energy_of_square(w, p, row, column)
            below, right = (row + 1) % rows, (column + 1) % columns
            coarse[0, row, column] -= ac
            coarse[0, row, right] -= bd
            coarse[1, row, column] -= ab
            coarse[1, below, column] -= cd
            coarse[2, row, column] -= ad
            coarse[3, row, right] -= bc
    return coarse


@part
def _energy_of_square(w, p, row, column):
    """The energy of the fine edges between four coarse cells, by products of their values.

    The cells are a = (row, column) and b beside, c below, d across; edges between c and d and
    between b and d are those of other squares. Where a ring has an odd number of cells, its last
    square has no cells between the coarse ones: those take the place of the next coarse cells.

    Returns: the coefficients of 2 a c, 2 b d, 2 a b, 2 c d, 2 a d, 2 b c.
    """
    _, nx, ny = w.shape
    i, j = 2 * row, 2 * column
    tall, wide = i + 1 < nx, j + 1 < ny
    beside, after = (j + 1) % ny, (j + 2) % ny
    a, b = (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0)
    c, d = (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)
    above, left, middle, right, below = _values_between(p, row, column, tall, wide)
    sums = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    sums = _add_edge(sums, w[0, i, j], a, left)
    sums = _add_edge(sums, w[1, i, j], a, above)
    sums = _add_edge(sums, w[2, i, j], a, middle)
    sums = _add_edge(sums, w[3, i, beside], above, left)
    if wide:
        sums = _add_edge(sums, w[0, i, beside], above, middle)
        sums = _add_edge(sums, w[1, i, beside], above, b)
        sums = _add_edge(sums, w[2, i, beside], above, right)
        sums = _add_edge(sums, w[3, i, after], b, middle)
    if tall:
        sums = _add_edge(sums, w[0, i + 1, j], left, c)
        sums = _add_edge(sums, w[1, i + 1, j], left, middle)
        sums = _add_edge(sums, w[2, i + 1, j], left, below)
        sums = _add_edge(sums, w[3, i + 1, beside], middle, c)
    if tall and wide:
        sums = _add_edge(sums, w[0, i + 1, beside], middle, below)
        sums = _add_edge(sums, w[1, i + 1, beside], middle, right)
        sums = _add_edge(sums, w[2, i + 1, beside], middle, d)
        sums = _add_edge(sums, w[3, i + 1, after], right, below)
    return sums


@part
def _values_between(p, row, column, tall, wide):
    """Interpolated values around the middle of four coarse cells, as sums of the coarse ones."""
    _, rows, columns = p.shape
    next_row, next_column = (row + 1) % rows, (column + 1) % columns
    above, below = (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)
    left, right = (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)
    if wide:
        above = (p[LEFT, row, column], p[RIGHT, row, column], 0.0, 0.0)
        below = (0.0, 0.0, p[LEFT, next_row, column], p[RIGHT, next_row, column])
    if tall:
        left = (p[UP, row, column], 0.0, p[DOWN, row, column], 0.0)
        right = (0.0, p[UP, row, next_column], 0.0, p[DOWN, row, next_column])
    if tall and wide:
        middle = (
            p[MIDDLE, row, column], p[MIDDLE + 1, row, column],
            p[MIDDLE + 2, row, column], p[MIDDLE + 3, row, column],
        )  # fmt: skip
    else:
        middle = right if tall else below
    return above, left, middle, right, below


@part
def _add_edge(sums, weight, here, there):
    """Add the energy of one fine edge, weight (sum of change times coarse value)^2."""
    ac, bd, ab, cd, ad, bc = sums
    a, b, c, d = here[0] - there[0], here[1] - there[1], here[2] - there[2], here[3] - there[3]
    return (
        ac + weight * a * c, bd + weight * b * d, ab + weight * a * b,
        cd + weight * c * d, ad + weight * a * d, bc + weight * b * c,
    )  # fmt: skip
