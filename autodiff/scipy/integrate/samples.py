"""Integrals of sampled functions, with SciPy's signatures."""

from __future__ import annotations

from typing import Any

from ... import numpy as np


def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """As scipy.integrate.trapezoid; differentiable in `y`, `x` and `dx`."""
    return np.trapezoid(y, x, dx, axis)


def cumulative_trapezoid(
    y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1, initial: float | None = None
) -> Any:
    """As scipy.integrate.cumulative_trapezoid; differentiable in `y`, `x` and `dx`.

    Raises:
        ValueError: `initial` is neither None nor 0.
    """
    y = np.moveaxis(np.asarray(y), axis, -1)
    if x is not None:
        x = np.asarray(x)
        dx = np.diff(x) if x.ndim == 1 else np.diff(np.moveaxis(x, axis, -1))
    sums = np.cumsum(dx * (y[..., 1:] + y[..., :-1]) / 2.0, -1)
    if initial is not None:
        if initial != 0:
            raise ValueError(f"initial must be None or 0, got {initial!r}")
        sums = np.concatenate((np.zeros((*sums.shape[:-1], 1), sums.dtype), sums), -1)
    return np.moveaxis(sums, -1, axis)
