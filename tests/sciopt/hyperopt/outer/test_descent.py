"""The search itself, on functions whose minimum is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sciopt.hyperopt.config import OuterConfig
from sciopt.hyperopt.outer.descent import Trial, descend
from sciopt.hyperopt.outer.quasi_newton import descend_quasi_newton

Vector = np.ndarray
WIDE = np.full(2, np.inf)


def bowl(vector: Vector, step: int) -> tuple[float, Vector]:
    """A valley ten times as steep across as along; the minimum 0 is at (1, -2)."""
    away = vector - [1.0, -2.0]
    return float(away[0] ** 2 + 10 * away[1] ** 2), np.array([2 * away[0], 20 * away[1]])


def tried(
    evaluate: Callable[[Vector, int], tuple[float, Vector]],
    *,
    low: Vector = -WIDE,
    high: Vector = WIDE,
    start: tuple[float, float] = (0.0, 0.0),
    is_exact: bool = True,
    **options: object,
) -> list[Trial]:
    trials: list[Trial] = []
    config = OuterConfig.model_validate({"iterations": 60, **options})
    descend(evaluate, np.array(start), low, high, config, trials.append, is_exact=is_exact)
    return trials


def accepted(trials: list[Trial]) -> list[float]:
    return [trial.loss for trial in trials if trial.accepted]


@pytest.mark.parametrize(("optimizer", "rate"), [("adam", 0.3), ("rmsprop", 0.3), ("sgd", 0.04)])
def test_every_accepted_step_lowers_the_loss(optimizer: str, rate: float) -> None:
    trials = tried(bowl, optimizer=optimizer, learning_rate=rate)
    losses = accepted(trials)
    assert np.all(np.diff(losses) < 0)
    assert losses[-1] < 0.05 * losses[0]
    assert [trial.index for trial in trials] == list(range(61))


def test_steps_stay_inside_the_box() -> None:
    high = np.array([0.5, 3.0])
    trials = tried(bowl, low=np.array([-1.0, -1.0]), high=high, learning_rate=0.3)
    points = np.array([trial.vector for trial in trials])
    assert (points >= -1).all()
    assert (points <= high).all()
    assert points[-1] == pytest.approx([0.5, -1.0], abs=0.05)  # the corner nearest the minimum


def cliff(vector: Vector, step: int) -> tuple[float, Vector]:
    """Training that diverges beyond 0.8, where the loss would go on falling."""
    if vector[0] > 0.8:
        return float("nan"), np.full(2, np.nan)
    return -float(vector[0]), np.array([-1.0, 0.0])


@pytest.mark.parametrize("is_exact", [True, False])
def test_a_diverging_run_does_not_end_the_search(is_exact: bool) -> None:
    trials = tried(cliff, learning_rate=0.3, is_exact=is_exact)
    assert len(trials) == 61
    assert any(not np.isfinite(trial.loss) for trial in trials)
    assert all(np.isfinite(loss) for loss in accepted(trials))
    assert min(accepted(trials)) < -0.75


def test_a_start_that_diverges_is_the_only_trial() -> None:
    assert [trial.is_finite for trial in tried(cliff, start=(2.0, 0.0))] == [False]


def test_gradients_that_explode_do_not_stall_the_search() -> None:
    def edge(vector: Vector, step: int) -> tuple[float, Vector]:
        loss, gradient = bowl(vector, step)
        return loss, gradient * (5000.0 if step in (8, 9, 10) else 1.0)

    losses = accepted(tried(edge, learning_rate=0.1))
    assert losses[-1] < 0.2 * losses[0]


def test_without_the_guard_or_with_noise_every_finite_step_is_taken() -> None:
    for options in ({"guard": False}, {"is_exact": False}):
        trials = tried(bowl, learning_rate=3.0, **options)
        assert all(trial.accepted for trial in trials)
        assert np.any(np.diff([trial.loss for trial in trials]) > 0)


def test_l_bfgs_finds_the_minimum_and_keeps_the_box() -> None:
    trials: list[Trial] = []
    box = (np.array([-5.0, -1.0]), np.array([5.0, 5.0]))
    descend_quasi_newton(bowl, np.zeros(2), *box, 30, trials.append)
    best = min((trial for trial in trials if trial.accepted), key=lambda trial: trial.loss)
    assert best.vector == pytest.approx([1.0, -1.0], abs=1e-6)
    assert all((trial.vector >= box[0]).all() for trial in trials)


def test_l_bfgs_makes_no_more_trials_than_asked() -> None:
    trials: list[Trial] = []
    message = descend_quasi_newton(bowl, np.full(2, 3.0), -WIDE, WIDE, 2, trials.append)
    assert [trial.index for trial in trials] == [0, 1, 2]
    assert message == "reached the limit of 2 iterations"


def test_l_bfgs_comes_back_from_where_training_diverges() -> None:
    def slope_to_a_cliff(vector: Vector, step: int) -> tuple[float, Vector]:
        """Straight far from the minimum at 0, so that curvature says to go too far."""
        if vector[1] < -1:
            return float("nan"), np.full(2, np.nan)
        roots = np.sqrt(1 + vector**2)
        return float(roots.sum()) - 2, vector / roots

    trials: list[Trial] = []
    start = np.array([0.0, 40.0])
    descend_quasi_newton(slope_to_a_cliff, start, -WIDE, WIDE, 40, trials.append)
    losses = [trial.loss for trial in trials if trial.accepted]
    assert losses[-1] < 1e-6
    assert not all(trial.is_finite for trial in trials)
