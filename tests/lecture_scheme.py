"""The scheme `lecture`, written anew for tests: what kernels and physics are compared with.

Stam, "Real-Time Fluid Dynamics for Games" (GDC 2003), as in Autograd's example that CSC321 lecture
10 shows (slides 20, 21). The grid is periodic and collocated; velocities are in cells per step. The
grid's width h drops out: the divergence carries h/2 and the gradient 1/(2h).

Differentiated by `autodiff`, rule by rule: both modes, and derivatives of derivatives.
"""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np

Array = Any  # a NumPy array, or a box of one


def advect(fields: Array, velocity: Array) -> Array:
    """Carry `fields` along `velocity` for one step: semi-Lagrangian, bilinear.

    Every cell traces back to where its fluid came from, and reads the fields there.

    Args:
        fields: shape (c, nx, ny), c of them.
        velocity: shape (2, nx, ny), cells per step, along x (axis 0 of a field) and y.

    Returns: shape (c, nx, ny).
    """
    nx, ny = np.shape(fields)[1:]
    x = np.arange(nx, dtype=velocity.dtype)[:, None] - velocity[0]
    y = np.arange(ny, dtype=velocity.dtype)[None, :] - velocity[1]
    left, top = np.floor(x), np.floor(y)
    a, b = x - left, y - top
    i0, j0 = left.astype(int) % nx, top.astype(int) % ny
    i1, j1 = (i0 + 1) % nx, (j0 + 1) % ny
    return (
        (1 - a) * ((1 - b) * fields[:, i0, j0] + b * fields[:, i0, j1])
        + a * ((1 - b) * fields[:, i1, j0] + b * fields[:, i1, j1])
    )  # fmt: skip


def project(velocity: Array, sweeps: int) -> Array:
    """Take out part of a velocity's divergence: `sweeps` Jacobi sweeps for the pressure, from zero.

    Linear and symmetric, so it is its own adjoint. Few sweeps leave the flow compressible.

    Args:
        velocity: shape (2, nx, ny).

    Returns: shape (2, nx, ny), with the same mean.
    """
    vx, vy = velocity[0], velocity[1]
    source = -0.5 * (_central_difference(vx, 0) + _central_difference(vy, 1))
    pressure = np.zeros_like(source)
    for _ in range(sweeps):
        neighbours = (
            np.roll(pressure, 1, 0)
            + np.roll(pressure, -1, 0)
            + np.roll(pressure, 1, 1)
            + np.roll(pressure, -1, 1)
        )
        pressure = (source + neighbours) / 4
    vx = vx - 0.5 * _central_difference(pressure, 0)
    vy = vy - 0.5 * _central_difference(pressure, 1)
    return np.stack([vx, vy])


def _central_difference(f: Array, axis: int) -> Array:
    """f[i+1] - f[i-1], periodic."""
    return np.roll(f, -1, axis) - np.roll(f, 1, axis)


def step(state: Array, sweeps: int) -> Array:
    """One step of velocity and smoke: advect both by the velocity, then project the velocity.

    Args:
        state: shape (3, nx, ny): velocity along x and y, and smoke, which is half a step behind.

    Returns: the next state, shape (3, nx, ny).
    """
    moved = advect(state, state[:2])
    return np.concatenate([project(moved[:2], sweeps), moved[2:]])


def evolve(state: Array, steps: int, sweeps: int) -> Array:
    """`steps` times `step`. Shape (3, nx, ny) to (3, nx, ny)."""
    for _ in range(steps):
        state = step(state, sweeps)
    return state
