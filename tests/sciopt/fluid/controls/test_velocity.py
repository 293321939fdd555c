from __future__ import annotations

import numpy as np
import pytest

from sciopt.errors import ConfigError
from sciopt.fluid.controls import Domain, initial_velocity
from sciopt.fluid.controls.velocity import refine_velocity
from sciopt.fluid.objectives import effort, roughness
from sciopt.fluid.physics import Grid


def taylor_green(domain):
    """Closed vortices that fit into periodic boxes and into boxes with free-slip walls."""
    nx, ny = domain.shape
    x, y = ((np.arange(n) + 0.5) / n for n in (nx, ny))
    # One turn takes as long on every grid: velocities in boxes per step times cells.
    u = np.sin(2 * np.pi * x)[:, None] * np.cos(2 * np.pi * y)
    v = -np.cos(2 * np.pi * x)[:, None] * np.sin(2 * np.pi * y)
    return np.stack([nx * u, ny * v]) / domain.steps


@pytest.mark.parametrize("boundary", ["periodic", "free-slip"])
def test_prolonged_smooth_velocities_converge_at_third_order(boundary):
    errors = []
    for cells in (16, 32, 64):
        coarse = Domain(Grid((cells, cells), (boundary, boundary)), steps=10)
        fine = Domain(Grid((2 * cells, 3 * cells), (boundary, boundary)), steps=40)
        found = refine_velocity(taylor_green(coarse), coarse, fine)
        exact = taylor_green(fine)
        errors.append(np.abs(found - exact).max() / np.abs(exact).max())
    assert np.log2(np.divide(errors[:-1], errors[1:])).min() > 2.9


def test_velocities_count_in_the_new_cells_and_steps():
    coarse, fine = Domain(Grid((8, 8)), steps=10), Domain(Grid((16, 24)), steps=20)
    stream = np.ones((2, 8, 8))
    refined = refine_velocity(stream, coarse, fine)
    np.testing.assert_allclose(refined[0], 1.0, rtol=1e-14)
    np.testing.assert_allclose(refined[1], 1.5, rtol=1e-14)


def test_what_vanishes_at_a_wall_vanishes_there_after_refining():
    coarse, fine = (Domain(Grid((n, n), ("no-slip", "free-slip"))) for n in (8, 64))
    refined = refine_velocity(np.ones((2, 8, 8)), coarse, fine)
    inner = refined[:, 32, 32]
    np.testing.assert_allclose(inner, 8, rtol=1e-14)
    assert np.abs(refined[:, 0, 32]).max() < 0.2 * 8, "both at a wall that holds the fluid"
    assert abs(refined[1, 32, 0]) < 0.2 * 8, "the part through the wall"
    assert refined[0, 32, 0] == pytest.approx(8), "along it slips"


def test_penalties_and_bounds(rng):
    domain = Domain(Grid((6, 5), ("periodic", "free-slip")))
    start = rng.uniform(-1, 1, (2, 6, 5))
    control = initial_velocity(domain, start, limit=2.0, effort_weight=0.5, smoothness_weight=0.1)
    penalties = control.penalties(start)
    assert penalties == {
        "effort of initial velocity": 0.5 * effort(start),
        "roughness of initial velocity": 0.1 * roughness(start, (True, False)),
    }
    assert initial_velocity(domain).penalties(start) == {}
    with pytest.raises(ConfigError, match="starts at 3, outside"):
        initial_velocity(domain, 3 * np.ones((2, 6, 5)), limit=2.0)
    with pytest.raises(ConfigError, match="lower bound is above"):
        initial_velocity(domain, limit=-1.0)
