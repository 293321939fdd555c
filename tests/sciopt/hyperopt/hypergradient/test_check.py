from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.hyperopt.hypergradient import check
from sciopt.hyperopt.hypergradient.check import Comparison, central_difference, check_gradient
from sciopt.hyperopt.hypergradient.hypergradient import Hypergradient

TUNED = {
    "learning_rate": {"start": 0.1, "per": "layer"},
    "init_scale": {"start": 0.5},
    "l2": {"start": 0.01},
}


def checked(training: dict[str, Any] | None = None, **settings: Any) -> dict[str, Comparison]:
    problem = tiny_problem(TUNED, training, hypergradient=settings)
    return {row.name: row for row in check_gradient(problem, problem.space.start, 3)}


def test_everything_agrees_on_a_sound_problem() -> None:
    rows = checked()
    assert {row.verdict for row in rows.values()} == {"agrees"}
    assert {"checkpointed", "truncated to all 5 steps", "reversible"} < rows.keys()
    assert {"finite difference along init_scale", "finite difference along l2"} < rows.keys()
    assert any(name.startswith("finite difference along learning_rate[layer") for name in rows)
    assert rows["checkpointed"].tolerance == 0
    assert all(row.reason for row in rows.values())


def test_single_precision_is_held_to_less() -> None:
    rows = checked({"dtype": "float32"})
    assert {row.verdict for row in rows.values()} <= {"agrees", "skipped"}
    assert rows["forward along random direction 1"].tolerance == 1e-3


def test_reversible_is_skipped_where_it_cannot_be() -> None:
    row = checked({"optimizer": "nesterov"})["reversible"]
    assert row.verdict == "skipped"
    assert "nesterov" in row.reason


def test_a_method_that_is_no_more_than_an_approximation_is_shown() -> None:
    problem = tiny_problem(
        {"l2": {"start": 0.1}}, hypergradient={"method": "truncated", "last_steps": 2}
    )
    rows = {row.name: row for row in check_gradient(problem, problem.space.start, 3)}
    assert rows["truncated"].verdict == "shown"
    assert rows["truncated"].error > 1e-3


@pytest.mark.parametrize("factor", [1.00001, -1.0])
def test_a_wrong_gradient_is_found(factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., Hypergradient] = check.reverse

    def wrong(*args: Any, **kwargs: Any) -> Hypergradient:
        found = right(*args, **kwargs)
        return Hypergradient(found.loss, factor * found.gradient)

    monkeypatch.setattr(check, "reverse", wrong)
    rows = checked()
    assert rows["finite difference along l2"].verdict == "differs"
    assert rows["finite difference along random direction 1"].verdict == "differs"
    assert rows["forward along random direction 1"].verdict == "differs"


def test_a_run_that_diverges_is_said_to() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1, "bounds": [1e-6, 1e300]}})
    (row,) = check_gradient(problem, np.array([800.0]), 3)
    assert row.verdict == "differs"
    assert "diverges" in row.reason


def test_central_difference_knows_how_sure_it_is() -> None:
    def smooth(x: Any) -> float:
        return float(np.sin(x[0]))

    steps = (1e-2, 5e-3, 2.5e-3, 1.25e-3)
    value, spread = central_difference(smooth, np.array([0.3]), np.array([1.0]), steps)
    assert abs(value - np.cos(0.3)) < 1e-11
    assert spread < 1e-9

    def rough(x: Any) -> float:
        return smooth(x) + 1e-3 * float(np.sin(1e5 * x[0]))

    assert central_difference(rough, np.array([0.3]), np.array([1.0]), steps)[1] > 1e-3
