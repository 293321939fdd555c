"""The preset `best`, shortened: how far it comes is told in docs/fluid.md."""

import numpy as np

from sciopt.config import load_config
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem
from sciopt.fluid.solve import solve


def test_the_preset_pushes_as_much_smoke_as_the_picture_has():
    config = load_config(
        FluidConfig, flags={"preset": "best", "size": 24, "steps": 12, "iterations": 12}
    )
    result = solve(build_problem(config))
    assert result.forces.shape == (2, 2, 24, 24)
    assert np.isclose(result.smoke_initial.sum(), result.targets[-1].sum())
    assert result.loss_final < 0.3 * result.loss_initial
