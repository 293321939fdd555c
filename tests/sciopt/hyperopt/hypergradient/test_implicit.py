"""Implicit differentiation against the closed form of ridge regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import classes_data, numbers_data, tiny_problem

from sciopt.hyperopt.hypergradient.implicit import Implicit
from sciopt.hyperopt.hypergradient.reverse import reverse
from sciopt.hyperopt.problem import Problem

LINEAR = {"name": "linear", "bias": False}


def ridge(steps: int = 400, **tuned: Any) -> Problem:
    return tiny_problem(
        {"learning_rate": 0.3, "momentum": 0.7, **(tuned or {"l2": {"start": 0.05}})},
        {"optimizer": "momentum", "batch": "full", "steps": steps},
        LINEAR,
        numbers_data(),
    )


def closed_form(problem: Problem) -> tuple[float, Any]:
    """The outer loss and df/d log c at the minimum of sum (x w - y)^2 / 2N + sum c w^2."""
    c = np.exp(problem.space.start[0])
    x, y = problem.data.train.inputs, problem.data.train.targets
    hessian = x.T @ x / len(x) + 2 * c * np.eye(x.shape[1])
    w = np.linalg.solve(hessian, x.T @ y / len(x))
    x, y = problem.data.validation.inputs, problem.data.validation.targets
    outer_slope = x.T @ (x @ w - y) / len(x)
    slope = -np.linalg.solve(hessian, outer_slope).T @ (2 * w) * c
    return float(np.mean((x @ w - y) ** 2) / 2), slope[0]


@pytest.mark.parametrize("solver", ["cg", "neumann", "fixed-point"])
def test_every_solver_gives_the_closed_form_of_ridge_regression(solver: str) -> None:
    problem = ridge()
    loss, slope = closed_form(problem)
    found = Implicit(solver, iterations=1000, tolerance=1e-10)(problem, problem.space.start, 0)
    assert found.loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(found.gradient, slope, rtol=1e-9)  # the solver's tolerance is 1e-10
    assert found.notices == ()
    assert found.diagnostics["residual"] <= 1e-10
    assert found.diagnostics["training gradient left"] < 1e-10


def test_agrees_with_reverse_mode_through_a_long_run() -> None:
    tuned = {
        "l2": {"start": 0.05, "per": "weight"},
        "weight_decay": {"start": 0.02, "per": "array"},
        "example_weights": {},
        "training_inputs": {},
    }
    problem = ridge(**tuned)
    found = Implicit(tolerance=1e-12)(problem, problem.space.start, 0)
    unrolled = reverse(problem, problem.space.start, 0)
    size = np.linalg.norm(unrolled.gradient)
    assert np.linalg.norm(found.gradient - unrolled.gradient) < 1e-9 * size


def test_begins_from_the_solution_of_the_call_before() -> None:
    problem = ridge()
    method = Implicit("neumann", iterations=1000)
    first = method(problem, problem.space.start, 0)
    again = method(problem, problem.space.start, 0)
    assert first.diagnostics["solver iterations"] > 10
    assert again.diagnostics["solver iterations"] == 0
    cold = Implicit("neumann", iterations=1000, warm=False)
    assert [cold(problem, problem.space.start, 0).gradient for _ in range(2)] == [
        first.gradient
    ] * 2


def test_warns_of_training_that_has_not_converged() -> None:
    problem = ridge(steps=3)
    found = Implicit()(problem, problem.space.start, 0)
    assert found.diagnostics["training gradient left"] > 1e-2
    assert "training has not converged" in found.notices[0]
    assert "training.steps" in found.notices[0]


def test_warns_of_a_solver_that_has_not_converged() -> None:
    problem = ridge()
    found = Implicit("neumann", iterations=1)(problem, problem.space.start, 0)
    assert "neumann stopped after 1 iterations" in found.notices[0]
    assert "solver_iterations" in found.notices[0]


def test_warns_where_the_loss_curves_downwards() -> None:
    data = classes_data()
    problem = tiny_problem({"l2": {"start": 1e-6}, "init_scale": 2.0}, {"steps": 1}, data=data)
    found = Implicit()(problem, problem.space.start, 0)
    assert any("curves downwards" in notice for notice in found.notices)


def test_damping_is_added_to_the_hessian() -> None:
    problem = ridge()
    x, y = problem.data.train.inputs, problem.data.train.targets
    c = np.exp(problem.space.start[0])
    hessian = x.T @ x / len(x) + 2 * c * np.eye(3)
    w = np.linalg.solve(hessian, x.T @ y / len(x))
    x, y = problem.data.validation.inputs, problem.data.validation.targets
    outer_slope = x.T @ (x @ w - y) / len(x)
    expected = -np.linalg.solve(hessian + 0.7 * np.eye(3), outer_slope).T @ (2 * c * w)
    found = Implicit(damping=0.7, tolerance=1e-12)(problem, problem.space.start, 0)
    np.testing.assert_allclose(found.gradient, expected[0], rtol=1e-9)  # as above


def test_a_loss_that_does_not_depend_on_the_weights_has_no_gradient() -> None:
    problem = ridge()
    problem.data.validation.inputs[:] = 0.0
    found = Implicit()(problem, problem.space.start, 0)
    np.testing.assert_array_equal(found.gradient, [0.0])


def test_a_run_that_diverges_gives_no_gradient() -> None:
    problem = tiny_problem(
        {"learning_rate": 1e200, "l2": {"start": 0.1}}, {"optimizer": "sgd", "batch": "full"},
        LINEAR, numbers_data(),
    )  # fmt: skip
    found = Implicit()(problem, problem.space.start, 0)
    assert not np.isfinite(found.loss)
    assert np.isnan(found.gradient).all()


def test_single_precision_is_good_to_its_rounding() -> None:
    problem = tiny_problem(
        {"learning_rate": 0.3, "l2": {"start": 0.05}},
        {"optimizer": "momentum", "batch": "full", "steps": 300, "dtype": "float32"},
        {"name": "logistic"},
        classes_data(),
    )
    found = Implicit()(problem, problem.space.start, 0)
    unrolled = reverse(problem, problem.space.start, 0)
    np.testing.assert_allclose(found.gradient, unrolled.gradient, rtol=1e-3)  # eps is 1e-7
    assert found.notices == ()
