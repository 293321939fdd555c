"""Transport against exact motions and against what bounds it."""

from __future__ import annotations

import lecture_scheme as reference
import numpy as np
import pytest

from sciopt.fluid.physics.advection import Advection, Limiter, advect, advect_velocity, traced
from sciopt.fluid.physics.grid import Grid

METHODS: list[tuple[Advection, Limiter]] = [
    ("bilinear", "none"), ("bicubic", "none"), ("maccormack", "none"), ("maccormack", "smooth"),
]  # fmt: skip


def carried(
    f: np.ndarray, v: np.ndarray, kind: Advection, limiter: Limiter = "none", steps: int = 1
) -> np.ndarray:
    grid = Grid(f.shape[-2:])
    paths = traced(v, grid, 1.0, kind, "midpoint", limiter)
    for _ in range(steps):
        f = advect(f, grid.smoke_sides, paths)
    return f


@pytest.mark.parametrize("shape", [(4, 5), (8, 7)])
@pytest.mark.parametrize("speed", [0.3, 25.0])
def test_bilinear_euler_is_the_lectures_to_the_bit(
    shape: tuple[int, int], speed: float, rng: np.random.Generator
) -> None:
    v, f = speed * rng.standard_normal((2, *shape)), rng.standard_normal((3, *shape))
    grid = Grid(shape)
    paths = traced(v, grid, 1.0, "bilinear")
    np.testing.assert_array_equal(advect(f, grid.smoke_sides, paths), reference.advect(f, v))
    np.testing.assert_array_equal(advect_velocity(v, paths), reference.advect(v, v))


@pytest.mark.parametrize(("kind", "limiter"), METHODS)
def test_whole_cells_only_move(kind: Advection, limiter: Limiter, rng: np.random.Generator) -> None:
    f = rng.standard_normal((1, 6, 5))
    v = np.stack([np.full((6, 5), 2.0), np.full((6, 5), -7.0)])
    np.testing.assert_allclose(
        carried(f, v, kind, limiter)[0], np.roll(f[0], (2, -7), (0, 1)), rtol=0, atol=1e-14
    )


@pytest.mark.parametrize(("kind", "limiter"), METHODS)
def test_uniform_flow_keeps_the_sum(
    kind: Advection, limiter: Limiter, rng: np.random.Generator
) -> None:
    f = rng.standard_normal((1, 8, 9))
    v = np.stack([np.full((8, 9), 0.37), np.full((8, 9), -1.81)])
    sums = carried(f, v, kind, limiter).sum(), f.sum()
    if limiter == "none":  # a linear method; the limited correction need not vanish on the whole
        assert sums[0] == pytest.approx(sums[1], rel=1e-13)
    np.testing.assert_allclose(carried(0 * f + 2.5, v, kind, limiter), 2.5, rtol=1e-14)


@pytest.mark.parametrize("kind", ["bilinear", "bicubic", "maccormack"])
def test_no_wave_grows(kind: Advection) -> None:
    """The Fourier symbol of transport by a fraction of a cell is at most 1."""
    n, spike = 16, np.zeros((1, 16, 16))
    spike[0, 0, 0] = 1.0
    for a, b in np.random.default_rng(3).uniform(-1, 1, (40, 2)):
        v = np.stack([np.full((n, n), a), np.full((n, n), b)])
        assert np.abs(np.fft.fft2(carried(spike, v, kind)[0])).max() < 1 + 1e-12


def test_sharper_methods_carry_a_blob_around_with_less_error() -> None:
    n = 48
    x, y = np.mgrid[:n, :n] - (n - 1) / 2
    blob = np.exp(-((x - 8) ** 2 + y**2) / 18)[None]
    angle = np.pi / 40
    v = angle * np.stack([-y, x]) * (np.hypot(x, y) < 20)
    errors = {
        (kind, limiter): np.abs(carried(blob, v, kind, limiter, 80) - blob).max()
        for kind, limiter in METHODS
    }
    assert errors["bilinear", "none"] > 0.3
    assert errors["maccormack", "none"] < 0.5 * errors["bilinear", "none"]
    assert errors["maccormack", "smooth"] < 0.5 * errors["bilinear", "none"]
    assert errors["bicubic", "none"] < 0.2 * errors["bilinear", "none"]


LIMITERS: tuple[Limiter, ...] = ("none", "smooth")


def test_limiter_lessens_the_overshoot_at_an_edge() -> None:
    f = np.zeros((1, 24, 4))
    f[:, 6:14] = 1.0
    v = np.stack([np.full((24, 4), 0.4), np.zeros((24, 4))])
    over = {limiter: carried(f, v, "maccormack", limiter, 5).max() - 1 for limiter in LIMITERS}
    assert over["none"] > 0.05
    assert over["smooth"] < 0.3 * over["none"]


@pytest.mark.parametrize(("kind", "limiter"), METHODS)
def test_inflow_fills_a_channel(kind: Advection, limiter: Limiter) -> None:
    grid = Grid((6, 5), ("channel", "free-slip"))
    v = np.stack([np.full((6, 5), 0.5), np.zeros((6, 5))])
    paths = traced(v, grid, 1.0, kind, "euler", limiter, np.stack([np.full(5, 0.5), np.zeros(5)]))
    smoke, profile = np.zeros((1, 6, 5)), np.linspace(0.5, 1.0, 5)[None]
    for _ in range(120):
        smoke = advect(smoke, grid.smoke_sides, paths, profile)
    np.testing.assert_allclose(smoke[0], np.broadcast_to(profile, (6, 5)), rtol=0, atol=1e-6)


def test_bilinear_never_leaves_the_range_of_what_is_there(rng: np.random.Generator) -> None:
    grid = Grid((7, 6), ("no-slip", "channel"))
    v, smoke = 3 * rng.standard_normal((2, 7, 6)), rng.random((1, 7, 6))
    inflow = rng.random((1, 7))
    paths = traced(v, grid, 1.0, "bilinear", "midpoint", "none", rng.standard_normal((2, 7)))
    moved = advect(smoke, grid.smoke_sides, paths, inflow)
    assert moved.min() >= 0.0
    assert moved.max() <= 1.0
