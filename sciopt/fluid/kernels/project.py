"""Projection towards a divergence-free velocity on a periodic grid, by Jacobi sweeps.

With D the periodic central difference f[i+1] - f[i-1] along an axis,

    d = -(D_x w_x + D_y w_y) / 2
    p <- (d + p[i-1] + p[i+1] + p[.., j-1] + p[.., j+1]) / 4,   `sweeps` times from p = 0
    v = w - (D_x p, D_y p) / 2.

(A cell width h multiplies d and divides the gradient: it drops out.) D is antisymmetric and the
sweeps are a polynomial in symmetric shifts, so the whole map is linear and symmetric: it is its
own tangent and its own adjoint, and nothing of the sweeps needs to be stored.

Source: Stam (1999), Stable Fluids, section 3.4; the sweeps of Autograd's fluid example, lecture 10.
"""

from __future__ import annotations

import numpy as np

from .checks import check_arrays
from .compiling import kernel
from .memory import left_of, load, load_row, right_of, store, store_row
from .scratch import scratch
from .simd import LANES
from .spectral import swept_pressure
from .threads import over_rows, row_parts, together

# Rows of a level wait for two rows of the level before it. So many levels go through the grid
# together, a few rows apart, while their rows are in the first cache.
LEVELS_TOGETHER = 3
# From here on Fourier transforms take over. They cost as much as so many sweeps on one thread:
# 110 x 110 50 (float64) and 54 (float32), 512 x 512 27 and 43; on two threads sweeps gain more.
MAX_SWEEPS = 50


def project(velocity: np.ndarray, sweeps: int) -> np.ndarray:
    """Make a periodic velocity nearly divergence-free.

    Args:
        velocity: shape (2, nx, ny), cells per step, float32 or float64.
        sweeps: Jacobi sweeps, >= 0; 0 returns a copy. Smooth divergence goes slowly: doubling the
            grid takes four times the sweeps.
    Returns: shape (2, nx, ny). The mean velocity is unchanged.
    Raises: TypeError for another dtype, ValueError for a wrong shape or negative sweeps.
    """
    (velocity,) = check_arrays(velocity=velocity)
    out = np.empty_like(velocity)
    project_into(out, velocity, sweeps)
    return out


def project_into(out: np.ndarray, state: np.ndarray, sweeps: int) -> None:
    """`project` for checked states (c, nx, ny): channels after the first two are copied."""
    if sweeps < 0:
        raise ValueError(f"sweeps must not be negative, got {sweeps}")
    if sweeps > MAX_SWEEPS:
        _project_spectrally(out, state, sweeps)
        return
    parts = row_parts(*state.shape[1:])
    pitch, d, p = sweep_scratch(state, sweeps, len(parts))
    work = [(*part, state, sweeps, pitch, d[k], p[k], out) for k, part in enumerate(parts)]
    together(project_rows, work)


def sweep_scratch(state: np.ndarray, sweeps: int, parts: int) -> tuple[int, np.ndarray, np.ndarray]:
    """Pitch of a padded row, and divergence and pressure for each of so many parts of the rows."""
    _, nx, ny = state.shape
    pitch = padded_pitch(ny)
    room = (parts, (-(-nx // parts) + 2 * sweeps) * pitch)
    return pitch, scratch("d", room, state.dtype), scratch("p", room, state.dtype)


def padded_pitch(ny: int) -> int:
    """Cells from row to row where each row has space for its neighbours on both sides."""
    return (ny + LANES) // LANES * LANES + LANES


def _project_spectrally(out: np.ndarray, state: np.ndarray, sweeps: int) -> None:
    _, nx, ny = state.shape
    pitch = padded_pitch(ny)
    inner = slice(LANES, LANES + ny)
    d = scratch("divergence", (nx, pitch), state.dtype)
    over_rows(_divergence_rows, state, state, pitch, d)
    p = scratch("pressure", (nx + 2, pitch), state.dtype)
    p[1:-1, inner] = swept_pressure(d[:, inner], sweeps)
    p[0], p[-1] = p[-2], p[1]
    p[:, LANES - 1], p[:, LANES + ny] = p[:, LANES + ny - 1], p[:, LANES]
    over_rows(_subtract_gradient_rows, state, state, p, pitch, out)


@kernel
def _divergence_rows(first, last, state, pitch, d):
    line = np.empty(pitch, state.dtype)
    for i in range(first, last):
        _divergence_row(state, i, line, d, i * pitch + LANES)


@kernel
def _subtract_gradient_rows(first, last, state, p, pitch, out):
    for i in range(first, last):
        _subtract_gradient_row(state, i, p, i * pitch + LANES, pitch, True, out)


@kernel
def project_rows(first, last, state, sweeps, pitch, d, p, out):
    """Project rows first <= i < last. Level k is needed, and done, sweeps - k rows beyond them.

    d and p hold the divergence and the pressure of these rows, first - sweeps in front.
    """
    _, nx, ny = state.shape
    rows = last - first + 2 * sweeps
    line = np.empty(pitch, state.dtype)
    if sweeps > 0:
        for q in range(rows):
            start = q * pitch + LANES
            _divergence_row(state, (first - sweeps + q) % nx, line, d, start)
            for j in range(0, ny, LANES):
                store(p, start + j, load(d, start + j) * 0.25)
            _repeat_ends(p, start, ny)
        _sweep(d, p, rows, pitch, ny, sweeps)
    for i in range(first, last):
        start = (i - first) * pitch + LANES
        _subtract_gradient_row(state, i, p, start, pitch, sweeps > 0, out)


@kernel
def _sweep(d, p, rows, pitch, ny, sweeps):
    """Levels 2, 3, ... in place of level 1. Each has two rows fewer and starts one row later.

    Its row q takes the place of row q of the level before, which only it still needs.
    """
    for level in range(2, sweeps + 1, LEVELS_TOGETHER):
        together = min(LEVELS_TOGETHER, sweeps + 1 - level)
        for front in range(rows - 2 * (level - 1)):
            for ahead in range(together):
                q = front - 2 * ahead
                if q >= 0:
                    at = q * pitch + LANES
                    _sweep_row(d, at + (level + ahead - 1) * pitch, p, at, pitch, ny)


@kernel
def _sweep_row(d, at_d, p, at, pitch, ny):
    middle = at + pitch
    before, here = load(p, middle - LANES), load(p, middle)
    for j in range(0, ny, LANES):
        after = load(p, middle + j + LANES)
        across = left_of(before, here) + right_of(here, after)
        along = load(p, at + j) + load(p, middle + pitch + j)
        store(p, at + j, (load(d, at_d + j) + (along + across)) * 0.25)
        before, here = here, after
    _repeat_ends(p, at, ny)


@kernel
def _repeat_ends(line, start, ny):
    """Give the row that starts at `start` its periodic neighbours on both sides."""
    line[start - 1] = line[start + ny - 1]
    line[start + ny] = line[start]


@kernel
def _divergence_row(state, i, line, d, start):
    """d of row i, written from element `start` of `d` on in whole vectors."""
    _, nx, ny = state.shape
    above = (i - 1 if i > 0 else nx - 1) * ny
    below = (i + 1 if i + 1 < nx else 0) * ny
    for j in range(0, ny, LANES):
        store(line, LANES + j, load_row(state, (nx + i) * ny + j, ny - j))
    _repeat_ends(line, LANES, ny)
    for j in range(0, ny, LANES):
        along = load_row(state, below + j, ny - j) - load_row(state, above + j, ny - j)
        across = load(line, LANES + j + 1) - load(line, LANES + j - 1)
        store(d, start + j, (along + across) * -0.5)


@kernel
def _subtract_gradient_row(state, i, p, start, pitch, swept, out):
    """Row i of the result. The pressure of the row above begins at element `start` of `p`."""
    channels, nx, ny = state.shape
    for channel in range(channels):
        at = (channel * nx + i) * ny
        for j in range(0, ny, LANES):
            value = load_row(state, at + j, ny - j)
            k = start + j
            if swept and channel == 0:
                value = value - (load(p, k + 2 * pitch) - load(p, k)) * 0.5
            elif swept and channel == 1:
                value = value - (load(p, k + pitch + 1) - load(p, k + pitch - 1)) * 0.5
            store_row(out, at + j, ny - j, value)
