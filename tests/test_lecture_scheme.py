"""The plain scheme against loops that spell the formulas out, and against Fourier analysis."""

from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from autodiff.test_util import check_duality, check_grads

SHAPES = [(4, 4), (5, 7), (8, 3)]


def advect_by_loops(f: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    nx, ny = f.shape
    out = np.empty_like(f)
    for i in range(nx):
        for j in range(ny):
            x, y = i - velocity[0, i, j], j - velocity[1, i, j]
            i0, j0 = int(np.floor(x)), int(np.floor(y))
            a, b = x - i0, y - j0
            out[i, j] = (
                (1 - a) * (1 - b) * f[i0 % nx, j0 % ny]
                + (1 - a) * b * f[i0 % nx, (j0 + 1) % ny]
                + a * (1 - b) * f[(i0 + 1) % nx, j0 % ny]
                + a * b * f[(i0 + 1) % nx, (j0 + 1) % ny]
            )
    return out


def project_in_fourier_space(velocity: np.ndarray, sweeps: int) -> np.ndarray:
    """K sweeps from zero are a geometric series of the averaging operator, diagonal there."""
    nx, ny = velocity.shape[1:]
    kx = 2 * np.pi * np.fft.fftfreq(nx)[:, None]
    ky = 2 * np.pi * np.fft.fftfreq(ny)[None, :]
    average = (np.cos(kx) + np.cos(ky)) / 2
    series = sum(average**k for k in range(sweeps)) * np.ones((nx, ny))
    w = np.fft.fft2(velocity)
    difference = np.array([2j * np.sin(kx) * np.ones_like(ky), 2j * np.sin(ky) * np.ones_like(kx)])
    source = -0.5 * (difference * w).sum(axis=0)
    pressure = series * source / 4
    return np.fft.ifft2(w - 0.5 * difference * pressure).real


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("speed", [0.3, 25.0])
def test_advect_agrees_with_loops(
    shape: tuple[int, int], speed: float, rng: np.random.Generator
) -> None:
    fields = rng.standard_normal((2, *shape))
    velocity = speed * rng.standard_normal((2, *shape))
    expected = np.stack([advect_by_loops(f, velocity) for f in fields])
    np.testing.assert_allclose(reference.advect(fields, velocity), expected, rtol=0, atol=1e-13)


def test_advect_by_whole_cells_only_moves_them(rng: np.random.Generator) -> None:
    fields = rng.standard_normal((1, 6, 5))
    velocity = np.stack([np.full((6, 5), 2.0), np.full((6, 5), -7.0)])
    moved = reference.advect(fields, velocity)
    np.testing.assert_array_equal(moved[0], np.roll(fields[0], (2, -7), (0, 1)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sweeps", [0, 1, 10, 37])
def test_project_agrees_with_fourier_analysis(
    shape: tuple[int, int], sweeps: int, rng: np.random.Generator
) -> None:
    velocity = rng.standard_normal((2, *shape))
    expected = project_in_fourier_space(velocity, sweeps)
    np.testing.assert_allclose(reference.project(velocity, sweeps), expected, rtol=0, atol=1e-13)


def test_project_is_symmetric(rng: np.random.Generator) -> None:
    u, w = rng.standard_normal((2, 2, 6, 9))
    there = np.vdot(u, reference.project(w, 10))
    back = np.vdot(reference.project(u, 10), w)
    assert there == pytest.approx(back, rel=1e-13)


def test_project_keeps_the_mean_velocity(rng: np.random.Generator) -> None:
    velocity = rng.standard_normal((2, 8, 8))
    means = reference.project(velocity, 10).mean(axis=(1, 2))
    np.testing.assert_allclose(means, velocity.mean(axis=(1, 2)), rtol=0, atol=1e-15)


def test_many_sweeps_take_the_divergence_out(rng: np.random.Generator) -> None:
    velocity = rng.standard_normal((2, 9, 9))  # odd: no checkerboard modes, which sweeps keep

    def divergence(v: np.ndarray) -> float:
        dx = np.roll(v[0], -1, 0) - np.roll(v[0], 1, 0)
        dy = np.roll(v[1], -1, 1) - np.roll(v[1], 1, 1)
        return float(np.abs(dx + dy).max())

    # On the collocated grid the sweeps' Laplacian is not divergence of gradient: a part stays.
    assert divergence(reference.project(velocity, 2000)) < 0.6 * divergence(velocity)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_step_keeps_the_dtype(dtype: type, rng: np.random.Generator) -> None:
    state = rng.standard_normal((3, 6, 5)).astype(dtype)
    assert reference.step(state, 3).dtype == dtype


def test_step_derivatives_to_second_order_in_both_modes(rng: np.random.Generator) -> None:
    state = 0.3 + 0.2 * rng.random((3, 4, 5))  # all traces stay inside one cell: no kinks nearby
    check_grads(lambda s: reference.step(s, 2), order=2)(state)
    check_duality(lambda s: reference.step(s, 2), state)
