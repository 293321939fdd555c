"""What is done with one row of a level: ghosts, residuals, transfer between levels.

Vectors are float32. An index is that of the element of column 0; arrays have ghost columns at -1
and ny, and room for whole vectors behind. Most of a field is open space, where the coefficients are
the same everywhere: those need not be read, which is most of what there would be to read.
"""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES

from .coarsening import DOWN, LEFT, MIDDLE, RIGHT, UP
from .compiling import kernel, part
from .lanes import even_lanes, first_zipped, odd_lanes, second_zipped

_HALF, _QUARTER = np.float32(0.5), np.float32(0.25)
_FOUR = np.float32(4)


@part
def close_row(x, at, ny, sign):
    """Give a row its ghost columns."""
    x[at - 1] = sign * x[at + ny - 1]
    x[at + ny] = sign * x[at]


@kernel
def close_rows(x, at, nx, ny, pitch, signs):
    """Give a field, whose row 0 begins at `at`, its ghost rows and columns."""
    for i in range(nx):
        close_row(x, at + i * pitch, ny, signs[1])
    for k in range(1, 4):
        _copy_row(x, at - k * pitch, at + (-k) % nx * pitch, ny, signs[0], (k + nx - 1) // nx)
        behind = nx + k - 1
        _copy_row(x, at + behind * pitch, at + behind % nx * pitch, ny, signs[0], behind // nx)


@part
def _copy_row(x, to, source, ny, sign, times):
    factor = x.dtype.type(sign if times % 2 == 1 else 1)
    for j in range(-1, ny + 1):
        x[to + j] = factor * x[source + j]


@part
def residual_row(levels, level, corners, place, pitch, b, x, out, to, ny):
    """b minus the matrix times x, of one row: at `place` in b and x, at `to` in `out`."""
    straight, corner = levels.stencils[level, 0], levels.stencils[level, 1]
    for j in range(0, ny, LANES):
        k = place + j
        product = times(levels, corners, straight, corner, k, pitch, x, k - pitch, k, k + pitch)
        store(out, to + j, load(b, k) - product)


@part
def times(levels, corners, straight, corner, k, pitch, x, above, here, below):
    """The matrix times x, of the vector of cells at k in the level.

    `straight` and `corner` are the edges in open space. `corners` is None on the finest level,
    which has no edges across corners, and code for it is made without them. The other three tell
    where the vector and those of the rows before and behind are in x.
    """
    weights = levels.weights
    size = weights.shape[1]
    if levels.plain[k // LANES]:
        product = _differences(x, above, here, below) * straight
        if corners is not None:
            product = product + _corners(x, above, here, below) * corner
    else:
        product = _along(weights, size, k, pitch, x, above, here, below)
        if corners is not None:
            product = product + _across(weights, size, k, pitch, x, above, here, below)
    return product


@part
def _differences(x, above, here, below):
    """Four times x, less its four neighbours along the axes."""
    sides = load(x, here - 1) + load(x, here + 1)
    return load(x, here) * _FOUR - (sides + (load(x, above) + load(x, below)))


@part
def _corners(x, above, here, below):
    """Four times x, less its four neighbours across corners."""
    before = load(x, above - 1) + load(x, above + 1)
    return load(x, here) * _FOUR - (before + (load(x, below - 1) + load(x, below + 1)))


@part
def _along(weights, size, w, pitch, x, above, here, below):
    """The part of the matrix times x that comes from the four edges along the axes."""
    c, east = load(x, here), size + w
    total = (c - load(x, here + 1)) * load(weights, east)
    total = total + (c - load(x, here - 1)) * load(weights, east - 1)
    total = total + (c - load(x, below)) * load(weights, w)
    return total + (c - load(x, above)) * load(weights, w - pitch)


@part
def _across(weights, size, w, pitch, x, above, here, below):
    """The part that comes from the four edges across corners."""
    c, first, second = load(x, here), 2 * size + w, 3 * size + w
    total = (c - load(x, below + 1)) * load(weights, first)
    total = total + (c - load(x, above - 1)) * load(weights, first - pitch - 1)
    total = total + (c - load(x, below - 1)) * load(weights, second)
    return total + (c - load(x, above + 1)) * load(weights, second - pitch + 1)


@part
def restrict_row(levels, at, pitch, r, above, here, below, coarse, columns):
    """A row of the coarse residual, at `at` in `coarse`, from three rows of the fine one."""
    weave = levels.weave
    size = weave.shape[1]
    for j in range(0, columns, LANES):
        k, w = 2 * j, at + j
        middle, before, after = _taken_apart(r, here + k)
        north, north_before, north_after = _taken_apart(r, above + k)
        south, south_before, south_after = _taken_apart(r, below + k)
        if levels.woven[w // LANES]:
            total = middle + ((before + after) + (north + south)) * _HALF
            corners = (north_before + north_after) + (south_before + south_after)
            total = total + corners * _QUARTER
        else:
            total = middle + before * load(weave, RIGHT * size + w - 1)
            total = total + after * load(weave, LEFT * size + w)
            total = total + north * load(weave, DOWN * size + w - pitch)
            total = total + south * load(weave, UP * size + w)
            corner = MIDDLE * size + w
            total = total + south_after * load(weave, corner)
            total = total + south_before * load(weave, corner + size - 1)
            total = total + north_after * load(weave, corner + 2 * size - pitch)
            total = total + north_before * load(weave, corner + 3 * size - pitch - 1)
        store(coarse, w, total)


@part
def _taken_apart(r, k):
    """Of fine cells from k on those in coarse columns, and those before and behind each."""
    first, second = load(r, k), load(r, k + LANES)
    before = even_lanes(load(r, k - 1), load(r, k + LANES - 1))
    return even_lanes(first, second), before, odd_lanes(first, second)


@part
def prolong_row(levels, here, pitch, between, x, to, columns):
    """Add the interpolated coarse values, at `here` in x, to a fine row at `to` in x: that of a
    coarse one, or between two."""
    weave = levels.weave
    size = weave.shape[1]
    for j in range(0, columns, LANES):
        k, w = to + 2 * j, here + j
        c, right = load(x, w), load(x, w + 1)
        woven = levels.woven[w // LANES]
        if between:
            below, corner = load(x, w + pitch), load(x, w + pitch + 1)
            if woven:
                even = (c + below) * _HALF
                odd = (even + (right + corner) * _HALF) * _HALF
            else:
                even = c * load(weave, UP * size + w) + below * load(weave, DOWN * size + w)
                middle = MIDDLE * size + w
                odd = c * load(weave, middle) + right * load(weave, middle + size)
                odd = odd + below * load(weave, middle + 2 * size)
                odd = odd + corner * load(weave, middle + 3 * size)
        else:
            even = c
            if woven:
                odd = (c + right) * _HALF
            else:
                odd = c * load(weave, LEFT * size + w) + right * load(weave, RIGHT * size + w)
        store(x, k, load(x, k) + first_zipped(even, odd))
        store(x, k + LANES, load(x, k + LANES) + second_zipped(even, odd))
