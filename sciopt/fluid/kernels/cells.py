"""Fields with their channels interleaved, so that one vector holds all channels of a cell.

A bilinear gather then takes four vector loads per cell and its adjoint four vector additions,
where planar fields would take four scalar ones per channel. Public arrays stay planar; packing
costs a tenth of the advection. Cell (i, j) of group g starts at element
`((g * (nx + 1) + i) * pitch + j) * CHANNELS`. Row nx repeats row 0 and column ny repeats column 0:
a cell's neighbours below and to the right need no wrapping.
"""

from __future__ import annotations

import numpy as np

from .compiling import kernel
from .memory import deinterleave, interleave, load_cell, load_row, store, store_row
from .scratch import scratch
from .simd import CHANNELS, LANES


def scratch_cells(name: str, fields: np.ndarray) -> tuple[np.ndarray, int]:
    """Uninitialised cells for planar `fields` (c, nx, ny), and their pitch: cells per row."""
    channels, nx, ny = fields.shape
    pitch = (ny + LANES) // LANES * LANES
    groups = -(-channels // CHANNELS)
    return scratch(name, (groups * (nx + 1) * pitch * CHANNELS,), fields.dtype), pitch


@kernel
def pack_span(fields, channel, row, first, last, cells, start):
    """Interleave cells first <= j < last of a row of planar fields, at element `start`.

    Takes the four fields from `channel` on; lanes of channels that do not exist are zero.
    """
    for j in range(first, last, LANES):
        interleave(
            cells,
            start + (j - first) * CHANNELS,
            _channel_row(fields, channel, row, j, last - j),
            _channel_row(fields, channel + 1, row, j, last - j),
            _channel_row(fields, channel + 2, row, j, last - j),
            _channel_row(fields, channel + 3, row, j, last - j),
        )


@kernel
def _channel_row(fields, channel, row, j, count):
    """The next `count` cells of a row of one channel; zero for a channel that does not exist.

    A masked load costs 0.3 us where it points at unmapped memory, even with no lane set, so the
    address for a missing channel is that of channel 0.
    """
    channels, nx, ny = fields.shape
    exists = channel < channels
    at = ((channel if exists else 0) * nx + row) * ny + j
    return load_row(fields, at, count if exists else 0)


@kernel
def unpack_span(cells, start, fields, channel, row, first, last):
    """Write cells, from element `start` on, to planar fields: undoes `pack_span`."""
    channels, nx, ny = fields.shape
    present = min(CHANNELS, channels - channel)
    at = (channel * nx + row) * ny
    plane = nx * ny
    for j in range(first, last, LANES):
        count = last - j
        rows = deinterleave(cells, start + (j - first) * CHANNELS)
        store_row(fields, at + j, count, rows[0])
        if present > 1:
            store_row(fields, at + plane + j, count, rows[1])
        if present > 2:
            store_row(fields, at + 2 * plane + j, count, rows[2])
        if present > 3:
            store_row(fields, at + 3 * plane + j, count, rows[3])


@kernel
def pack_rows(first, last, fields, cells, pitch):
    """Pack rows first <= i < last of every group, with their repeats."""
    channels, nx, ny = fields.shape
    below = pitch * CHANNELS
    for channel in range(0, channels, CHANNELS):
        group = channel // CHANNELS * (nx + 1) * below
        for i in range(first, last):
            start = group + i * below
            pack_span(fields, channel, i, 0, ny, cells, start)
            store(cells, start + ny * CHANNELS, load_cell(cells, start))
            if i == 0:
                repeat = group + nx * below
                cells[repeat : repeat + below] = cells[start : start + below]
