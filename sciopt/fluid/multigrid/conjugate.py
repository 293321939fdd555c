"""Conjugate gradients on one torus, float64, with a V-cycle in float32 as the preconditioner."""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES, ascending, choose

from .compiling import kernel, part
from .cycle import geometry, v_cycle
from .lanes import sum_of_lanes, to_float32, to_float64
from .levels import OPEN
from .rows import close_row, close_rows

_OUT_OF_REACH = 0.01
"""Of the energy that a cycle promises. In reach it keeps the promise; in a maze, a tenth of it."""


@kernel
def solve_torus(source, pressure, ring, levels, fields, b, z, lines, target, most, report):
    """Solve for the cells of one torus.

    Args:
        source, pressure: shape (nx, ny); the cells of this torus are read and written.
        ring: cells along rows and columns, and the signs that they carry.
        levels: its `Levels`.
        fields: float64, room for p, q, r, x: (4, elements of level 0).
        b, z: float32, room for all levels. lines: float32, room for 8 rows.
        target: what the squares of the residual may sum up to.
        most: iterations.
        report: gets the iterations, that sum, and 1 if what is left is what no pressure gives.

    That part of the residual, a constant in each closed part of the fluid, stays as it is. Once it
    is most of what is left, the direction p consists of what it gives in the cycle, which has no
    energy: the step would be long and spoil the solution.
    """
    nx, ny, pitch, at = geometry(levels, 0)
    p, q, r, x = fields[0], fields[1], fields[2], fields[3]
    left = _gather(source, ring, r, b, at, pitch)
    iterations, product = 0, 0.0
    while left > target and iterations < most:
        close_rows(b, at, nx, ny, pitch, levels.closing)
        before = product
        product = v_cycle(levels, b, z, lines)
        energy = _turn(levels, p, q, z, product / before if iterations > 0 else 0.0)
        if not energy > _OUT_OF_REACH * abs(product):
            report[2] = 1
            break
        begins = iterations == 0
        left = _advance(p, q, r, x, b, product / energy, begins, at, nx, ny, pitch)
        iterations += 1
    if iterations == 0:
        x[:] = 0
    _scatter(pressure, ring, x, at, pitch)
    report[0], report[1] = iterations, left


@kernel
def _gather(source, ring, r, b, at, pitch):
    """The source as residual, and rounded. Returns the sum of its squares."""
    rows, columns, row_signs, column_signs = ring
    ny = len(columns)
    total = 0.0
    for i in range(len(rows)):
        row, sign, first = source[rows[i]], row_signs[i], at + i * pitch
        for j in range(ny):
            r[first + j] = row[columns[j]] * (sign * column_signs[j])
        squares = ascending(0.0, r.dtype) * 0.0
        for j in range(first, first + ny, LANES):
            residual = load(r, j)
            store(b, j, to_float32(residual))
            squares = squares + _within(residual * residual, j - first, ny, r.dtype)
        total += sum_of_lanes(squares)
    return total


@part
def _within(x, j, ny, dtype):
    """A vector that begins at column j, zero behind the last column."""
    return choose(ascending(np.float64(j), dtype) < np.float64(ny), x, 0.0)


@kernel
def _scatter(pressure, ring, x, at, pitch):
    rows, columns, row_signs, column_signs = ring
    for i in range(len(rows)):
        row, sign, first = pressure[rows[i]], row_signs[i], at + i * pitch
        for j in range(len(columns)):
            row[columns[j]] = sign * column_signs[j] * x[first + j]


@kernel
def _turn(levels, p, q, z, ratio):
    """p = z + ratio p and q = A p. Returns the sum of p q. z has its ghosts; p keeps its own.

    With a ratio of zero p need not hold anything.
    """
    nx, ny, pitch, at = geometry(levels, 0)
    total = 0.0
    for i in range(-1, nx + 1):
        place = at + i * pitch
        for j in range(place, place + ny, LANES):
            turned = to_float64(load(z, j))
            if ratio != 0:
                turned = turned + load(p, j) * ratio
            store(p, j, turned)
        close_row(p, place, ny, levels.closing[1])
        if i >= 1:
            total += _matrix_row(levels, p, q, at + (i - 1) * pitch, ny, pitch)
    return total


@part
def _matrix_row(levels, p, q, at, ny, pitch):
    edges = levels.edges
    size = edges.shape[1]
    total = ascending(0.0, p.dtype) * 0.0
    for j in range(at, at + ny, LANES):
        c = load(p, j)
        if levels.exact[j // LANES]:
            sides = load(p, j - 1) + load(p, j + 1)
            product = (c * 4.0 - (sides + (load(p, j - pitch) + load(p, j + pitch)))) * OPEN
        else:
            product = (c - load(p, j + 1)) * load(edges, size + j)
            product = product + (c - load(p, j - 1)) * load(edges, size + j - 1)
            product = product + (c - load(p, j + pitch)) * load(edges, j)
            product = product + (c - load(p, j - pitch)) * load(edges, j - pitch)
        store(q, j, product)
        total = total + _within(c * product, j - at, ny, p.dtype)
    return sum_of_lanes(total)


@kernel
def _advance(p, q, r, x, b, length, begins, at, nx, ny, pitch):
    """x += length p, r -= length q, b = r rounded. Returns the sum of the squares of r.

    If it `begins`, x is zero and need not be filled.
    """
    total = 0.0
    for i in range(nx):
        first = at + i * pitch
        squares = ascending(0.0, r.dtype) * 0.0
        for j in range(first, first + ny, LANES):
            way = load(p, j) * length
            if not begins:
                way = way + load(x, j)
            store(x, j, way)
            residual = load(r, j) - load(q, j) * length
            store(r, j, residual)
            store(b, j, to_float32(residual))
            squares = squares + _within(residual * residual, j - first, ny, r.dtype)
        total += sum_of_lanes(squares)
    return total
