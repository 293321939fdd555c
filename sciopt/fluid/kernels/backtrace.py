"""Where the fluid in each cell was one step earlier."""

from __future__ import annotations

from .compiling import kernel
from .memory import load_row, store
from .simd import LANES, all_lanes, ascending, choose, floor, to_int32


@kernel
def trace_span(velocity, row, first, last, pitch, source, a, b):
    """Trace cells first <= j < last of a row back along `velocity` (2, nx, ny), cells per step.

    Fills `source`, from its start, with the cell number i0 * pitch + j0 of the upper left
    neighbour of each departure point (row - v_x, j - v_y), and `a`, `b` with the fractions left
    along the two axes. The three have room for whole vectors. `first` is a multiple of `LANES`.
    """
    nx, ny = velocity.shape[1:]
    at = row * ny
    for j in range(first, last, LANES):
        x = row - load_row(velocity, at + j, last - j)
        y = ascending(j, velocity.dtype) - load_row(velocity, at + nx * ny + j, last - j)
        x0, y0 = floor(x), floor(y)
        store(a, j - first, x - x0)
        store(b, j - first, y - y0)
        store(source, j - first, _wrapped(x0, nx) * pitch + _wrapped(y0, ny))


@kernel
def _wrapped(x, n):
    """x mod n as int32, for whole numbers x; 0 for NaN, infinity and beyond exact integers.

    Nearly all cells are within one grid width, where one addition or subtraction does it.
    """
    # Beyond that width the clamp leads outside. It comes first: the conversion must be in range.
    clamped = choose(x < 2 * n, choose(x >= -n - 1, x, -n - 1), 2 * n)
    near = to_int32(clamped)
    near = choose(near < 0, near + n, near)
    near = choose(near >= n, near - n, near)
    if all_lanes((near >= 0) & (near < n)):
        return near
    return to_int32(_far_wrapped(x, n))


@kernel
def _far_wrapped(x, n):
    """x mod n, exact as long as x is."""
    far = x - floor(x / n) * n
    # The rounded quotient can be one off in either direction.
    far = choose(far < 0.0, far + n, far)
    far = choose(far >= n, far - n, far)
    return choose((far >= 0.0) & (far < n), far, 0.0)
