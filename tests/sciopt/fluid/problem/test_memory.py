"""Gradients within `memory:`: the same as with all states stored, whatever has to be forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import value_and_grad
from sciopt.errors import ConfigError
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.problem import build_problem, memory

STATE = 3 * 48 * 48 * 8
LONG: dict[str, Any] = {
    "size": 48, "steps": 300, "velocity_noise": 0.3, "backend": "compiled"
}  # fmt: skip
FORCES = {"controls": {"forces": {"every": 60}}, "keyframes": {"150": "heart"}}


@pytest.mark.parametrize("snapshots", [6, 20])
@pytest.mark.parametrize("settings", [{}, {"scheme": "exact"}, FORCES], ids=str)
def test_few_snapshots_of_300_steps_give_the_same_gradient(
    settings: dict[str, Any], snapshots: int
) -> None:
    within = FluidConfig(**LONG, **settings, memory=f"{snapshots * STATE} B")
    free = FluidConfig(**LONG, **settings, memory="1 GB")
    (loss, gradient), (expected, of_all_states) = (
        value_and_grad(stage.loss)(stage.start())
        for stage in (build_problem(within).last, build_problem(free).last)
    )
    assert loss == pytest.approx(expected, rel=1e-12)
    assert of_all_states.any()
    np.testing.assert_allclose(gradient, of_all_states, atol=1e-12 * np.abs(of_all_states).max())


def test_what_is_free_is_what_the_system_and_the_container_leave(tmp_path: Path) -> None:
    assert 0 < memory.free_memory() < 2**50
    assert memory._left_of_control_group(tmp_path) is None
    (tmp_path / "memory.max").write_text("1000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("400000\n", encoding="ascii")
    assert memory._left_of_control_group(tmp_path) == 600_000
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert memory._left_of_control_group(tmp_path) is None


def test_auto_takes_half_of_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 10**6)
    assert memory.memory_budget(FluidConfig(), 1000, 2) == 500_000
    assert memory.memory_budget(FluidConfig(), 400_000, 2) == 800_000  # without that nothing works


def test_a_size_is_read_with_its_unit() -> None:
    assert memory.memory_budget(FluidConfig(memory="2 MB"), 1000, 2) == 2_000_000
    with pytest.raises(ConfigError, match=r"2 states of 1.5 MB.*at least 3 MB"):
        memory.memory_budget(FluidConfig(memory="2 MB"), 1_500_000, 2)
