"""Plain fields as sums of waves that fit between their sides, and filters of these waves.

| sides              | waves along n cells, i = 0 .. n - 1         | transform |
|--------------------|---------------------------------------------|-----------|
| periodic           | exp(i k i),              k = 2 pi m / n     | FFT       |
| even, even         | cos(k (i + 1/2)),        k = pi m / n       | DCT-II    |
| odd, odd           | sin(k (i + 1/2)),        k = pi (m + 1) / n | DST-II    |
| even low, odd high | cos(k (i + 1/2)),    k = pi (m + 1/2) / n   | DCT-IV    |
| odd low, even high | sin(k (i + 1/2)),    k = pi (m + 1/2) / n   | DST-IV    |

Differences between neighbours, with the ghost cells of `grid`, multiply each wave by a number. So
their equations are solved by a division, exactly, and a filter is a symmetric matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np
from scipy import fft

from sciopt.fluid.kernels.team import team_size
from sciopt.fluid.kernels.threads import CELLS_FOR_THREADS

from .grid import Sides

Pair = tuple[Sides, Sides]
_SHIFTS = {(1, 1): 0.0, (-1, -1): 1.0, (1, -1): 0.5, (-1, 1): 0.5}
"""m of the lowest wave, by the mirror images at the low and at the high side."""


def filtered(f: np.ndarray, sides: Pair, factors: np.ndarray) -> np.ndarray:
    """`f`, shape (nx, ny), with each of its waves multiplied by its factor.

    Args:
        factors: real, of the shape of `frequencies` broadcast; in the dtype of f.
    """
    workers = team_size() if f.size >= CELLS_FOR_THREADS else 1
    fourier = [axis for axis in (0, 1) if sides[axis].periodic]
    real = [axis for axis in (0, 1) if not sides[axis].periodic]
    waves = f
    for axis in real:
        waves = _real_transform(sides[axis], inverse=False)(waves, axis=axis, workers=workers)
    if fourier:
        lengths = [f.shape[axis] for axis in fourier]
        waves = fft.rfftn(waves, axes=fourier, workers=workers)
        waves *= factors
        waves = fft.irfftn(waves, s=lengths, axes=fourier, workers=workers, overwrite_x=True)
    else:
        waves *= factors
    for axis in real:
        back = _real_transform(sides[axis], inverse=True)
        waves = back(waves, axis=axis, workers=workers, overwrite_x=True)
    return waves


def _real_transform(side: Sides, inverse: bool) -> Callable[..., Any]:
    even = side.low == 1
    kind = 2 if side.low == side.high else 4
    transforms = (fft.idct, fft.idst) if inverse else (fft.dct, fft.dst)
    return partial(transforms[0 if even else 1], type=kind, norm="ortho")


def frequencies(shape: tuple[int, int], sides: Pair) -> tuple[np.ndarray, np.ndarray]:
    """Wave numbers k along x, shape (waves, 1), and along y, shape (1, waves), in `filtered`'s
    order: along the last periodic axis only those that are not negative."""
    last = max((axis for axis in (0, 1) if sides[axis].periodic), default=None)
    lines = []
    for axis in (0, 1):
        n = shape[axis]
        if sides[axis].periodic:
            waves = n // 2 + 1 if axis == last else n
            lines.append(2 * np.pi / n * np.arange(waves))
        else:
            lines.append(np.pi / n * (np.arange(n) + _SHIFTS[sides[axis].low, sides[axis].high]))
    return lines[0][:, None], lines[1][None, :]


@lru_cache(maxsize=8)
def wide_laplacian(shape: tuple[int, int], sides: Pair) -> np.ndarray:
    """By what minus divergence of gradient, central differences both, multiplies each wave.

    sin^2 k_x + sin^2 k_y: zero for the mean and, along periodic axes of even length, for the waves
    that change sign from cell to cell, which central differences do not see.
    """
    kx, ky = frequencies(shape, sides)
    return np.sin(kx) ** 2 + np.sin(ky) ** 2


@lru_cache(maxsize=16)
def compact_laplacian(shape: tuple[int, int], sides: Pair) -> np.ndarray:
    """By what minus the five-point Laplacian multiplies each wave: 4 - 2 cos k_x - 2 cos k_y."""
    kx, ky = frequencies(shape, sides)
    return 4 * (np.sin(kx / 2) ** 2 + np.sin(ky / 2) ** 2)


@lru_cache(maxsize=8)
def wide_laplacian_inverse(shape: tuple[int, int], sides: Pair, dtype: Any) -> np.ndarray:
    """One over `wide_laplacian`, zero where that is zero."""
    factors = wide_laplacian(shape, sides)
    unseen = factors < _ROUNDING
    return np.where(unseen, 0, 1 / np.where(unseen, 1, factors)).astype(dtype)


_ROUNDING = 1e-15
"""sin^2(pi) is 1e-32 here, and the smallest true factor sin^2(pi / n), 1e-7 for n = 10 000."""
