"""Losses along one training run."""

from __future__ import annotations

import numpy as np

from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.problem import Problem, build_problem
from sciopt.hyperopt.training.curves import LearningCurve, learning_curve


def tiny(steps: int) -> Problem:
    settings = {
        "data": "iris",
        "model": "logistic",
        "training": {"steps": steps, "batch": 16},
        "hyperparameters": {"l2": 0.01},
    }
    return build_problem(HyperoptConfig.model_validate(settings))


def curve_of(problem: Problem) -> LearningCurve:
    hyper = problem.hyper(problem.space.start)
    return learning_curve(problem.inner, hyper, 3, lambda w: problem.outer_loss(w, hyper))


def test_a_curve_ends_with_the_weights_of_training() -> None:
    problem = tiny(30)
    curve, hyper = curve_of(problem), problem.hyper(problem.space.start)
    weights = problem.inner.train(hyper, 3)
    for mine, plain in zip(curve.weights, weights, strict=True):
        np.testing.assert_array_equal(mine, plain)
    assert curve.validation[-1] == float(problem.outer_loss(weights, hyper))
    assert curve.train_steps.tolist() == list(range(30))
    assert curve.validation_steps.tolist() == list(range(31))


def test_a_long_curve_is_thinned_to_its_ends() -> None:
    curve = curve_of(tiny(1500))
    assert curve.train_steps[[0, -1]].tolist() == [0, 1499]
    assert curve.validation_steps[[0, -1]].tolist() == [0, 1500]
    assert curve.train_steps.size == curve.train.size == 1000
    assert curve.validation_steps.size == curve.validation.size == 50
