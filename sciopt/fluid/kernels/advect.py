"""Semi-Lagrangian advection on a periodic grid, with its adjoint and its tangent.

Each cell takes its new value, by bilinear interpolation, from the place where its fluid was one
step earlier: with x = i - v_x[i, j] and y = j - v_y[i, j], velocities in cells per step,

    A(f; v)[i, j] = (1-a)(1-b) f[i0, j0] + (1-a) b f[i0, j0+1]
                    + a (1-b) f[i0+1, j0] + a b f[i0+1, j0+1],

where i0, j0 are the floors of x, y and a, b what is left. Linear in f and piecewise smooth in v:
where x or y is a whole number the derivative is one-sided, the one for a smaller velocity.

Source: Stam (1999), Stable Fluids, section 3.2 (method of characteristics).
"""

from __future__ import annotations

import numpy as np

from .backtrace import trace_span
from .cells import pack_rows, pack_span, scratch_cells, unpack_span
from .checks import check_arrays
from .compiling import kernel
from .memory import deinterleave, load_cell, load_row, store, store_row
from .simd import CHANNELS, LANES, SPAN
from .threads import over_bands, over_rows


def advect(fields: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Transport planar fields along a velocity for one step.

    Args:
        fields: shape (c, nx, ny), float32 or float64.
        velocity: shape (2, nx, ny), cells per step, same dtype. Displacements of many grid widths
            are wrapped exactly; NaN and infinity give NaN.
    Returns: shape (c, nx, ny), A(f; v).
    Raises: TypeError for another or a mixed dtype, ValueError for a wrong shape.
    """
    fields, velocity = check_arrays(fields=fields, velocity=velocity)
    fields_next = np.empty_like(fields)
    advect_into(fields_next, fields, velocity)
    return fields_next


def advect_into(fields_next: np.ndarray, fields: np.ndarray, velocity: np.ndarray) -> None:
    """Fill `fields_next` with A(fields; velocity), all of them checked."""
    cells, pitch = scratch_cells("cells", fields)
    over_rows(pack_rows, fields, fields, cells, pitch)
    over_rows(gather_rows, fields, cells, pitch, velocity, fields_next)


def advect_tangent(
    fields: np.ndarray, velocity: np.ndarray, fields_dot: np.ndarray, velocity_dot: np.ndarray
) -> np.ndarray:
    """Derivative of `advect` along (fields_dot, velocity_dot), shapes and errors as there."""
    fields, velocity, fields_dot, velocity_dot = check_arrays(
        fields=fields, velocity=velocity, fields_dot=fields_dot, velocity_dot=velocity_dot
    )
    fields_next_dot = np.empty_like(fields)
    cells, pitch = scratch_cells("cells", fields)
    cells_dot, _ = scratch_cells("cells_dot", fields)
    over_rows(pack_rows, fields, fields, cells, pitch)
    over_rows(pack_rows, fields, fields_dot, cells_dot, pitch)
    arrays = (cells, cells_dot, pitch, velocity, velocity_dot, fields_next_dot)
    over_rows(_push_rows, fields, *arrays)
    return fields_next_dot


def advect_adjoint(
    fields_next_bar: np.ndarray, fields: np.ndarray, velocity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cotangents of `advect` from the cotangent of its result.

    Args:
        fields_next_bar: shape (c, nx, ny).
        fields, velocity: the arguments of `advect`.
    Returns: (fields_bar, velocity_bar), shapes (c, nx, ny) and (2, nx, ny). The sums run in an
        order that depends on the shape alone, so the bits do not depend on the threads.
    Raises: as `advect`.
    """
    fields_next_bar, fields, velocity = check_arrays(
        fields_next_bar=fields_next_bar, fields=fields, velocity=velocity
    )
    fields_bar, velocity_bar = np.empty_like(fields), np.empty_like(velocity)
    pull_back(fields_next_bar, fields, velocity, fields_bar, velocity_bar, False)
    return fields_bar, velocity_bar


def pull_back(
    fields_next_bar: np.ndarray,
    fields: np.ndarray,
    velocity: np.ndarray,
    fields_bar: np.ndarray,
    velocity_bar: np.ndarray,
    self_advected: bool,
) -> None:
    """Fill `fields_bar` and `velocity_bar` with the cotangents of `advect`.

    With `self_advected` the velocity is fields[:2], and fields_bar takes in both cotangents.
    """
    cells, pitch = scratch_cells("cells", fields)
    cells_bar, _ = scratch_cells("cells_bar", fields)
    over_rows(prepare_rows, fields, fields, cells, pitch, cells_bar)
    arrays = (cells, pitch, velocity, fields_next_bar, cells_bar, velocity_bar)
    over_bands(scatter_rows, velocity[0], *arrays)
    over_rows(collect_rows, fields, cells_bar, pitch, fields_bar, velocity_bar, self_advected)


@kernel
def prepare_rows(first, last, fields, cells, pitch, cells_bar):
    """Pack the rows of the fields and clear those of their cotangent."""
    channels, nx, _ = fields.shape
    pack_rows(first, last, fields, cells, pitch)
    below = pitch * CHANNELS
    for group in range((channels + CHANNELS - 1) // CHANNELS):
        start = group * (nx + 1) * below
        rows = last + 1 if last == nx else last
        cells_bar[start + first * below : start + rows * below] = 0


@kernel
def collect_rows(first, last, cells_bar, pitch, fields_bar, velocity_bar, self_advected):
    """Add the repeats of `cells_bar` to their originals and write its rows to `fields_bar`."""
    channels, nx, ny = fields_bar.shape
    below = pitch * CHANNELS
    for channel in range(0, channels, CHANNELS):
        group = channel // CHANNELS * (nx + 1) * below
        for i in range(first, last):
            start = group + i * below
            if i == 0:
                for k in range(0, below, CHANNELS):
                    _add_cell(cells_bar, start + k, load_cell(cells_bar, start + nx * below + k))
            _add_cell(cells_bar, start, load_cell(cells_bar, start + ny * CHANNELS))
            unpack_span(cells_bar, start, fields_bar, channel, i, 0, ny)
    if self_advected:
        for i in range(first, last):
            for component in range(2):
                _add_row(fields_bar, velocity_bar, (component * nx + i) * ny, ny)


@kernel
def _add_row(onto, rows, at, ny):
    for j in range(0, ny, LANES):
        total = load_row(onto, at + j, ny - j) + load_row(rows, at + j, ny - j)
        store_row(onto, at + j, ny - j, total)


@kernel
def gather_rows(first, last, cells, pitch, velocity, fields_next):
    """A(f; v) in rows first <= i < last, for f in `cells`."""
    channels, nx, ny = fields_next.shape
    source = np.empty(SPAN, np.int32)
    a, b = np.empty(SPAN, velocity.dtype), np.empty(SPAN, velocity.dtype)
    span = np.empty(SPAN * CHANNELS, velocity.dtype)
    below = pitch * CHANNELS
    spans = (ny + SPAN - 1) // SPAN
    for work in range(first * spans, last * spans):
        i, start = work // spans, work % spans * SPAN
        stop = min(start + SPAN, ny)
        trace_span(velocity, i, start, stop, pitch, source, a, b)
        for channel in range(0, channels, CHANNELS):
            group = channel // CHANNELS * (nx + 1) * below
            for m in range(stop - start):
                k = group + np.intp(source[m]) * CHANNELS
                store(span, m * CHANNELS, _interpolated(cells, k, below, a[m], b[m]))
            unpack_span(span, 0, fields_next, channel, i, start, stop)


@kernel
def _interpolated(cells, k, below, a, b):
    """The channels at a departure point whose upper left neighbour starts at element k."""
    f00, f01 = load_cell(cells, k), load_cell(cells, k + CHANNELS)
    f10, f11 = load_cell(cells, k + below), load_cell(cells, k + below + CHANNELS)
    left = f00 + (f10 - f00) * a
    right = f01 + (f11 - f01) * a
    return left + (right - left) * b


@kernel
def _slopes(cells, k, below, a, b):
    """Derivatives of `_interpolated` by v_x and v_y: minus those by the departure point."""
    f00, f01 = load_cell(cells, k), load_cell(cells, k + CHANNELS)
    f10, f11 = load_cell(cells, k + below), load_cell(cells, k + below + CHANNELS)
    left, right = f00 - f10, f01 - f11
    return left + (right - left) * b, (f00 - left * a) - (f01 - right * a)


@kernel
def _push_rows(first, last, cells, cells_dot, pitch, velocity, velocity_dot, fields_next_dot):
    """Tangent of `gather_rows`."""
    channels, nx, ny = fields_next_dot.shape
    source = np.empty(SPAN, np.int32)
    a, b = np.empty(SPAN, velocity.dtype), np.empty(SPAN, velocity.dtype)
    span = np.empty(SPAN * CHANNELS, velocity.dtype)
    below = pitch * CHANNELS
    spans = (ny + SPAN - 1) // SPAN
    for work in range(first * spans, last * spans):
        i, start = work // spans, work % spans * SPAN
        stop = min(start + SPAN, ny)
        trace_span(velocity, i, start, stop, pitch, source, a, b)
        for channel in range(0, channels, CHANNELS):
            group = channel // CHANNELS * (nx + 1) * below
            for m in range(stop - start):
                k = group + np.intp(source[m]) * CHANNELS
                by_x, by_y = _slopes(cells, k, below, a[m], b[m])
                moved = by_x * velocity_dot[0, i, start + m] + by_y * velocity_dot[1, i, start + m]
                store(span, m * CHANNELS, _interpolated(cells_dot, k, below, a[m], b[m]) + moved)
            unpack_span(span, 0, fields_next_dot, channel, i, start, stop)


@kernel
def scatter_rows(first, last, cells, pitch, velocity, fields_next_bar, cells_bar, velocity_bar):
    """Adjoint of `gather_rows`: adds to `cells_bar`, fills its rows of `velocity_bar`."""
    channels, nx, ny = fields_next_bar.shape
    source = np.empty(SPAN, np.int32)
    a, b = np.empty(SPAN, velocity.dtype), np.empty(SPAN, velocity.dtype)
    span_bar = np.empty(SPAN * CHANNELS, velocity.dtype)
    x_bar, y_bar = np.empty_like(span_bar), np.empty_like(span_bar)
    below = pitch * CHANNELS
    spans = (ny + SPAN - 1) // SPAN
    for work in range(first * spans, last * spans):
        i, start = work // spans, work % spans * SPAN
        stop = min(start + SPAN, ny)
        trace_span(velocity, i, start, stop, pitch, source, a, b)
        for channel in range(0, channels, CHANNELS):
            group = channel // CHANNELS * (nx + 1) * below
            pack_span(fields_next_bar, channel, i, start, stop, span_bar, 0)
            for m in range(stop - start):
                k = group + np.intp(source[m]) * CHANNELS
                g = load_cell(span_bar, m * CHANNELS)
                by_x, by_y = _slopes(cells, k, below, a[m], b[m])
                store(x_bar, m * CHANNELS, g * by_x)
                store(y_bar, m * CHANNELS, g * by_y)
                _scatter_cell(cells_bar, k, below, g, a[m], b[m])
            _sum_channels(x_bar, velocity_bar, i * ny + start, stop - start, channel > 0)
            _sum_channels(y_bar, velocity_bar, (nx + i) * ny + start, stop - start, channel > 0)


@kernel
def _scatter_cell(cells_bar, k, below, g, a, b):
    """Add g to the four cells around a departure point, by the weights of the interpolation."""
    right = g * b
    left = g - right
    low_left, low_right = left * a, right * a
    _add_cell(cells_bar, k, left - low_left)
    _add_cell(cells_bar, k + CHANNELS, right - low_right)
    _add_cell(cells_bar, k + below, low_left)
    _add_cell(cells_bar, k + below + CHANNELS, low_right)


@kernel
def _add_cell(cells, k, value):
    store(cells, k, load_cell(cells, k) + value)


@kernel
def _sum_channels(cells, rows, at, count, onto):
    """Write, or add `onto` what is there, the channel sums of a span of cells."""
    for j in range(0, count, LANES):
        first, second, third, fourth = deinterleave(cells, j * CHANNELS)
        total = (first + third) + (second + fourth)
        if onto:
            total = total + load_row(rows, at + j, count - j)
        store_row(rows, at + j, count - j, total)
