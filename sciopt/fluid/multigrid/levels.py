"""The levels of one torus in memory: all in a few flat arrays, with ghost cells around each.

A level's rows are `pitch` elements long, with `LANES` of them in front of column 0 and room for
whole vectors behind the last column; three ghost rows lie before row 0 and behind the last. Row i,
from -3 to nx + 2, begins at `offset + (i + 3) * pitch`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sciopt.fluid.kernels.simd import LANES

from .coarsening import coarsened, interpolation

GHOST_ROWS = 3

COARSEST = 64
"""Cells of a level that is solved by a dense matrix."""
_NEGLIGIBLE = 1e-12
"""Edges weaker than this, by the strongest, do not count in the preconditioner."""
_NULL = 1e-11
"""Eigenvalues of the coarsest level below this, by the largest, belong to values without effect."""
OPEN = 0.25
"""Weight of an edge where everything passes."""
_SAME = 1e-6
"""Weights that differ less than this are taken for the same, in the preconditioner."""


class Levels(NamedTuple):
    """One torus and its coarser versions, finest first.

    Attributes:
        table: int64, shape (levels, 4): rows, columns, pitch, offset.
        closing: the signs with which its rings close, along rows and along columns.
        edges: float64, shape (2, elements of level 0): to the next row, to the next column.
        weights: float32, shape (4, elements): the same of all levels, and to both diagonals.
        inverse: float32, shape (elements,): one over the sum of a cell's positive edges; zero where
            there is none. The diagonal would be less, where edges of coarse levels are negative.
        weave: float32, shape (8, elements): interpolation to the next finer level, by coarse cell.
        exact: bool, for each vector of cells on level 0: whether all of their edges are those of
            open space, to the last bit. The matrix would not be symmetric otherwise.
        plain: the same of all levels but for rounding, for the preconditioner.
        woven: the same for the interpolation from and to them.
        stencils: float32, shape (levels, 3): in open space, the edge along an axis, that across a
            corner, and the inverse.
        solution: float32, the pseudoinverse of the coarsest matrix; zeros fill its rows to whole
            vectors.
    """

    table: np.ndarray
    closing: tuple[int, int]
    edges: np.ndarray
    weights: np.ndarray
    inverse: np.ndarray
    weave: np.ndarray
    exact: np.ndarray
    plain: np.ndarray
    woven: np.ndarray
    stencils: np.ndarray
    solution: np.ndarray


def build_levels(by_row: np.ndarray, by_column: np.ndarray, closing: tuple[int, int]) -> Levels:
    """The levels of a torus whose edges to the next row and column have these weights, (nx, ny)."""
    edges = np.stack([by_row, by_column]).astype(np.float64)
    strongest = edges.max()
    w = np.concatenate([np.where(edges > _NEGLIGIBLE * strongest, edges, 0.0), 0 * edges])
    matrices, weaves = [w], []
    while matrices[-1][0].size > COARSEST:
        weaves.append(interpolation(matrices[-1]))
        matrices.append(coarsened(matrices[-1], weaves[-1]))
    table, size = _table([matrix.shape[1:] for matrix in matrices])
    stencils = open_stencils(len(matrices))
    weights, weave = np.zeros((4, size), np.float32), np.zeros((8, size), np.float32)
    inverse = np.zeros(size, np.float32)
    plain, woven = np.zeros(size // LANES, bool), np.zeros(size // LANES, bool)
    for level, matrix in enumerate(matrices):
        row = table[level]
        place, vectors = _place(row), _place(row, LANES)
        _lay_out(matrix, row, weights[:, place])
        _lay_out(_inverse(matrix, strongest)[None], row, inverse[None, place])
        ordinary = np.repeat(stencils[level, :2], 2)
        plain[vectors] = _uniform(weights[:, place], ordinary, row)
        if level:
            _lay_out(weaves[level - 1], row, weave[:, place])
            ordinary = np.array([0.5] * 4 + [0.25] * 4)
            woven[vectors] = _uniform(weave[:, place], ordinary, row)
    finest = np.empty((2, _place(table[0]).stop))
    _lay_out(edges, table[0], finest)
    exact = _uniform(finest, np.full(2, OPEN), table[0], 0.0)
    return Levels(
        table, closing, finest, weights, inverse, weave, exact, plain, woven, stencils,
        _dense_inverse(matrices[-1], closing),
    )  # fmt: skip


def _table(shapes: list[tuple[int, ...]]) -> tuple[np.ndarray, int]:
    table, offset = np.zeros((len(shapes), 4), np.int64), 0
    for level, (rows, columns) in enumerate(shapes):
        pitch = LANES + -(-columns // (2 * LANES)) * 2 * LANES + LANES
        table[level] = rows, columns, pitch, offset
        offset += (rows + 2 * GHOST_ROWS) * pitch
    return table, offset


def _place(row: np.ndarray, unit: int = 1) -> slice:
    """Where a level lies, counted in elements or in vectors."""
    rows, _, pitch, offset = row
    return slice(offset // unit, (offset + (rows + 2 * GHOST_ROWS) * pitch) // unit)


def _lay_out(fields: np.ndarray, row: np.ndarray, memory: np.ndarray) -> None:
    """Write periodic fields, shape (k, rows, columns), to a level's memory, (k, elements)."""
    rows, columns, pitch, _ = (int(n) for n in row)
    memory = memory.reshape(len(fields), rows + 2 * GHOST_ROWS, pitch)
    cells = memory[:, GHOST_ROWS : GHOST_ROWS + rows]
    cells[:, :, LANES : LANES + columns] = fields
    for ghosts in (slice(0, LANES), slice(LANES + columns, pitch)):
        j = np.arange(pitch)[ghosts] - LANES
        cells[:, :, ghosts] = fields[:, :, j % columns]
    for i in (*range(-GHOST_ROWS, 0), *range(rows, rows + GHOST_ROWS)):
        memory[:, GHOST_ROWS + i] = cells[:, i % rows]


def _uniform(
    fields: np.ndarray, ordinary: np.ndarray, row: np.ndarray, but_for: float = _SAME
) -> np.ndarray:
    """For each vector of cells whether fields (k, elements) have the ordinary values there, in the
    row before, and in the columns before and behind: bools in a row."""
    pitch = int(row[2])
    same = np.ones((fields.shape[1] // pitch, pitch), bool)
    for field, value in zip(fields, ordinary):
        same &= (abs(field - fields.dtype.type(value)) <= but_for).reshape(same.shape)
    here = same & np.roll(same, 1, 1) & np.roll(same, -1, 1)
    return (here & np.roll(here, 1, 0)).reshape(len(same), -1, LANES).all(axis=2).ravel()


@lru_cache(maxsize=4)
def open_stencils(levels: int) -> np.ndarray:
    """The edges along axes and across corners, and the inverse, where everything passes."""
    w = np.zeros((4, 8, 8))
    w[:2] = OPEN
    stencils = np.zeros((levels, 3), np.float32)
    for level in range(levels):
        straight, corner = w[0, 0, 0], w[2, 0, 0]
        stencils[level] = straight, corner, 1 / (4 * straight + 4 * corner)
        w = np.broadcast_to(coarsened(w, interpolation(w))[:, :1, :1], w.shape).copy()
    return stencils


def _inverse(w: np.ndarray, strongest: float) -> np.ndarray:
    """One over the sum of each cell's positive edges."""
    w = np.maximum(w, 0)
    back = np.roll(w[0], 1, 0) + np.roll(w[1], 1, 1)
    back = back + np.roll(w[2], (1, 1), (0, 1)) + np.roll(w[3], (1, -1), (0, 1))
    sums = w.sum(axis=0) + back
    counts = sums > _NEGLIGIBLE * strongest
    return np.where(counts, 1 / np.where(counts, sums, 1), 0)


def _dense_inverse(w: np.ndarray, closing: tuple[int, int]) -> np.ndarray:
    """The pseudoinverse with respect to the diagonal.

    A part of the fluid that is all but closed gets values that may be huge; the plain pseudoinverse
    would balance them by a huge constant elsewhere, in whose rounding the solution would be lost.
    """
    _, nx, ny = w.shape
    matrix = np.zeros((nx * ny, nx * ny))
    for plane, (along, across) in enumerate([(1, 0), (0, 1), (1, 1), (1, -1)]):
        for i, j in np.ndindex(nx, ny):
            a, b = i + along, j + across
            sign = (closing[0] if a >= nx else 1) * (closing[1] if not 0 <= b < ny else 1)
            here, there = i * ny + j, a % nx * ny + b % ny
            for first, second, value in (
                (here, here, 1), (there, there, 1), (here, there, -sign), (there, here, -sign),
            ):  # fmt: skip
                matrix[first, second] += w[plane, i, j] * value
    diagonal = np.diag(matrix)
    counts = diagonal > _NEGLIGIBLE * diagonal.max()
    scale = np.where(counts, 1 / np.sqrt(np.where(counts, diagonal, 1)), 0)
    values, vectors = np.linalg.eigh(scale[:, None] * matrix * scale)
    seen = values > _NULL * max(values[-1], 0)
    inverses = np.where(seen, 1 / np.where(seen, values, 1), 0)
    vectors = scale[:, None] * vectors
    solution = np.zeros((nx * ny, -(-nx * ny // LANES) * LANES), np.float32)
    solution[:, : nx * ny] = (vectors * inverses) @ vectors.T
    return solution
