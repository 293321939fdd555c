"""The fluid, in a few seconds."""

from __future__ import annotations

from experiments.lecture import fluid


def test_the_gradient_is_right_and_lowers_the_loss() -> None:
    small = {"size": 20, "steps": 8, "iterations": 4, "frames": 4, "backend": "numpy"}
    found = fluid.compute(**small)
    assert abs(found.order - 2) < 0.1
    assert found.result.loss_final < 0.95 * found.result.loss_initial
    assert found.result.velocity.shape == (2, 20, 20)
    assert "velocities chosen: 800" in fluid.report(found)[0]
