"""Many Jacobi sweeps at once, in Fourier space.

On the periodic grid the sweeps from p = 0 are a polynomial in shifts, so each Fourier mode is
multiplied by a number: with m = (cos k_x + cos k_y) / 2,

    p_hat = d_hat (1 + m + m^2 + ... + m^(sweeps - 1)) / 4.

This is the result of the sweeps up to round-off, not an exact solution of the Poisson equation.
"""

from __future__ import annotations

from functools import lru_cache

import numba
import numpy as np
from scipy import fft

from .threads import CELLS_FOR_THREADS


def swept_pressure(divergence: np.ndarray, sweeps: int) -> np.ndarray:
    """Pressure (nx, ny) after `sweeps` sweeps of a divergence d (nx, ny), in its dtype."""
    nx, ny = divergence.shape
    workers = numba.get_num_threads() if nx * ny >= CELLS_FOR_THREADS else 1
    modes = fft.rfft2(divergence, workers=workers)
    modes *= _symbol(nx, ny, sweeps, divergence.dtype)
    return fft.irfft2(modes, s=(nx, ny), workers=workers, overwrite_x=True)


@lru_cache(maxsize=4)
def _symbol(nx: int, ny: int, sweeps: int, dtype: np.dtype) -> np.ndarray:
    """(1 + m + ... + m^(sweeps - 1)) / 4 for the modes of `rfft2`, shape (nx, ny // 2 + 1).

    Summed by doubling, S_2k = (1 + m^k) S_k and S_k+1 = 1 + m S_k, from the leading bit of
    `sweeps` down: no division, hence nothing to go wrong at m = 1 and m = -1.
    """
    along_x = np.cos(2 * np.pi * np.arange(nx) / nx)
    along_y = np.cos(2 * np.pi * np.arange(ny // 2 + 1) / ny)
    m = (along_x[:, None] + along_y) / 2
    total, power = np.zeros_like(m), np.ones_like(m)  # S_k and m^k, from k = 0
    for bit in bin(sweeps)[2:]:
        total, power = total * (1 + power), power * power
        if bit == "1":
            total, power = 1 + m * total, power * m
    return (total / 4).astype(dtype)
