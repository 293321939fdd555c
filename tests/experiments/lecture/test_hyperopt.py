"""Learning rates by gradient, on few examples and in few steps."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.lecture import hyperopt
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.outer import plain_loss
from sciopt.hyperopt.problem import build_problem

SMALL = {"steps": 8, "iterations": 4, "train": 60}


@pytest.fixture(scope="module")
def found() -> hyperopt.Hyperopt:
    return hyperopt.compute(**SMALL)


def test_the_hypergradient_is_that_of_central_differences(found: hyperopt.Hyperopt) -> None:
    assert found.checked.tolist() == list(range(8))
    assert found.error < 1e-5  # the square of the step, and rounding divided by it
    assert found.differences == pytest.approx(found.gradient, rel=1e-4)
    assert abs(found.gradient).min() > 1e-5


def test_the_losses_are_those_of_training_with_these_rates(found: hyperopt.Hyperopt) -> None:
    problem = build_problem(HyperoptConfig.model_validate(hyperopt.settings(**SMALL)))
    result = found.result
    start, final = (
        plain_loss(problem, np.log(rates)) for rates in (np.full(8, 0.5), result.values_final)
    )
    assert result.loss_initial == pytest.approx(start, rel=1e-9)
    assert result.loss_final == pytest.approx(final, rel=1e-9)
    assert final < start
    assert found.rates.shape == (5, 8)
    np.testing.assert_allclose(found.rates[0], 0.5, rtol=1e-15)
    best = np.full(8, np.log(found.best_constant))
    assert found.constants[found.best_constant] == min(found.constants.values())
    assert found.constant_curve[-1] == pytest.approx(plain_loss(problem, best), rel=1e-9)


def test_the_report_says_what_was_found(found: hyperopt.Hyperopt) -> None:
    said = "\n".join(hyperopt.report(found))
    assert "8 learning rates" in said
    assert "central differences: 16 training runs" in said
    assert f"{found.result.loss_final:.3f}  with the learned rates, after 5 hypergradients" in said
    assert f"{100 * found.result.metrics_final[:, 2, 1].mean():.1f} % after" in said


def test_the_setting_of_the_demo_lowers_the_loss_by_more_than_a_constant_rate_can(
    whole_hyperopt: hyperopt.Hyperopt,
) -> None:
    whole, result = whole_hyperopt, whole_hyperopt.result
    assert whole.gradient.size == 60
    assert whole.error < 1e-5
    assert result.loss_final < whole.constants[whole.best_constant]
    assert result.loss_final < 0.3 * result.loss_initial
    start, final = result.metrics_start[:, 2], result.metrics_final[:, 2]
    assert (final.mean(axis=0) < 0.7 * start.mean(axis=0)).all()  # test examples, unseen seeds
