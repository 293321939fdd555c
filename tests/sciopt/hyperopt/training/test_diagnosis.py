from __future__ import annotations

import numpy as np
from tiny_problems import numbers_data, tiny_problem

from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.training import divergence_message, first_bad_step

LINE = {"name": "linear", "bias": False}


def growing(rate: float, steps: int = 2000, **hyper: float) -> Problem:
    """w <- (1 - rate) w, all inputs 1 and all targets 0."""
    data = numbers_data(features=1, count=4)
    data.train.inputs[:] = 1.0
    data.train.targets[:] = 0.0
    tuned = {"learning_rate": {"start": rate}, "initial_weights": 1.0, **hyper}
    training = {"optimizer": "sgd", "batch": "full", "steps": steps}
    return tiny_problem(tuned, training, LINE, data)


def test_finds_the_step_where_weights_leave_the_floating_point_numbers() -> None:
    problem = growing(11.0)  # each step multiplies by -10: 1e308 is finite, 1e309 is not
    found = first_bad_step(problem.inner, problem.hyper(problem.space.start), 0)
    assert found is not None
    assert found.step == 308
    assert found.array == "0.weights"
    assert 0.9e308 < found.largest < 1.1e308


def test_finds_nothing_in_a_run_that_stays_finite() -> None:
    problem = growing(0.5)
    assert first_bad_step(problem.inner, problem.hyper(problem.space.start), 0) is None


def test_message_names_step_array_and_what_to_lower() -> None:
    problem = growing(11.0)
    message = divergence_message(problem.inner, problem.hyper(problem.space.start), 0)
    assert "diverged at step 308 of 2000: 0.weights" in message
    assert "Lower learning_rate (up to 11)" in message


def test_message_suspects_the_model_where_the_first_step_diverges() -> None:
    problem = growing(0.5)
    problem.inner.inputs[:] = np.nan
    message = divergence_message(problem.inner, problem.hyper(problem.space.start), 0)
    assert "diverged at step 0 of 2000" in message
    assert "the model's loss has a finite gradient" in message


def test_message_gives_the_bound_for_an_l2_penalty() -> None:
    problem = growing(0.5, l2=10.0)
    message = divergence_message(problem.inner, problem.hyper(problem.space.start), 0)
    assert "l2 (up to 10)" in message
    assert "learning_rate * 2c < 2" in message


def test_initial_weights_that_are_not_finite_are_told_apart() -> None:
    problem = growing(0.5)
    hyper = {**problem.hyper(problem.space.start), "initial_weights": np.array([np.nan])}
    message = divergence_message(problem.inner, hyper, 0)
    assert "initial weights of 0.weights are not finite" in message


def test_an_outer_loss_that_overflows_alone_is_told_apart() -> None:
    problem = growing(0.5)
    message = divergence_message(problem.inner, problem.hyper(problem.space.start), 0)
    assert "although training ends at finite weights" in message
