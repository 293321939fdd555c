"""Closer looks: the scan of rates, and the hypergradient against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.hypergradient import reverse
from sciopt.hyperopt.hyperparameters import Layout, Space
from sciopt.hyperopt.outer import plain_loss
from sciopt.hyperopt.probe import central_differences, scan_rates
from sciopt.hyperopt.problem import Problem, build_problem
from sciopt.hyperopt.solve import solve


def problem(rate: Any = None, **sections: Any) -> Problem:
    settings: dict[str, Any] = {
        "data": {"source": "iris"},
        "model": {"name": "mlp", "hidden": [3]},
        "training": {"steps": 8, "batch": 16},
        "hyperparameters": {
            "learning_rate": rate or {"start": 0.2},
            "momentum": {"start": 0.5},
            "l2": {"start": 1e-3, "per": "layer"},
        },
        "outer": {"iterations": 2, "learning_rate": 0.1},
    }
    return build_problem(HyperoptConfig.model_validate({**settings, **sections}))


def test_the_scan_trains_with_each_rate_times_its_factor() -> None:
    base = problem()
    vector = base.space.start
    scan = scan_rates(base, vector, 5, (0.25, 4.0))
    np.testing.assert_allclose(scan.factors, [0.25, 0.5, 1, 2, 4])
    for factor, loss, slope in zip(scan.factors, scan.losses, scan.slopes):
        moved = vector.copy()
        moved[0] += np.log(factor)  # the learning rate is on a logarithmic scale
        assert loss == pytest.approx(plain_loss(base, moved), rel=1e-12)
        # Its derivative by the logarithm is the hypergradient on that scale.
        assert slope == pytest.approx(reverse(base, moved, 0).gradient[0], rel=1e-9)


def test_a_fixed_rate_can_be_scanned_too() -> None:
    base = problem(rate=0.2)
    scan = scan_rates(base, base.space.start, 3, (0.5, 2.0))
    assert np.isfinite(scan.losses).all()
    assert np.ptp(scan.losses) > 0


def test_rates_at_which_training_diverges_leave_a_gap() -> None:
    settings = {"data": {"source": "diabetes"}, "model": {"name": "linear"}}
    scan = scan_rates(problem(**settings), problem(**settings).space.start, 2, (1e-3, 1e200))
    assert np.isfinite(scan.losses[0])
    assert not np.isfinite(scan.losses[1])


@pytest.mark.parametrize("sections", [{}, {"hypergradient": {"seeds": 2}}])
def test_differences_are_those_of_the_hypergradient_asked_for(sections: dict[str, Any]) -> None:
    base = problem(**sections, probe={"differences": 3})
    result = solve(base)
    assert result.checked_labels.size == 3
    # Fourth-order differences of a smooth loss; what is left is their truncation and rounding.
    np.testing.assert_allclose(result.checked_gradient, result.checked_differences, rtol=1e-6)


def test_differences_are_taken_of_the_largest_of_each_family_in_turn() -> None:
    base = problem()
    gradient = np.array([0.1, 0.2, 0.3, -0.4])
    for count, expected in ((1, [0]), (3, [0, 1, 3]), (4, [0, 1, 2, 3]), (9, [0, 1, 2, 3])):
        found = central_differences(base, base.space.start, gradient, count)
        labels = base.space.labels(base.layout)
        assert found.labels == tuple(labels[k] for k in expected)
        np.testing.assert_array_equal(found.gradient, gradient[expected])


def test_nothing_is_looked_at_unless_asked_for() -> None:
    result = solve(problem())
    assert result.scan_factors.size == result.checked_labels.size == 0


def test_online_gradients_are_of_no_whole_run_and_not_compared() -> None:
    base = problem(hypergradient={"method": "online"}, probe={"differences": 3, "rates": 2})
    result = solve(base)
    assert result.checked_labels.size == 0
    assert result.scan_losses.size == 2


def test_the_scan_is_around_what_was_found() -> None:
    base = problem(probe={"rates": 1, "span": [1.0, 2.0]})
    result = solve(base)
    assert result.scan_losses[0] == pytest.approx(result.loss_final, rel=1e-12)


def test_no_names_are_made_for_millions_of_hyperparameters_that_are_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def note(space: Space, place: int, layout: Layout) -> str:
        asked.append(place)
        return str(place)

    monkeypatch.setattr(Space, "label", note)
    base = problem(probe={"differences": 1})
    solve(base)
    assert len(asked) == 1
    asked.clear()
    solve(problem())
    assert asked == []
