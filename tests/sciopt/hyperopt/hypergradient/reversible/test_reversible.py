"""Reversible hypergradients: against `reverse`, and bit for bit back to the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tiny_problems import central_difference, classes_data, numbers_data, tiny_problem

from sciopt.errors import ConfigError, ModelError
from sciopt.hyperopt.hypergradient.reverse import reverse
from sciopt.hyperopt.hypergradient.reversible import reversible
from sciopt.hyperopt.hypergradient.reversible.leaves import leaves_of
from sciopt.hyperopt.hypergradient.reversible.run import ReversibleRun
from sciopt.hyperopt.models import Model
from sciopt.hyperopt.problem import Problem

# Momenta are fractions, in error by up to 1e-10 of 1 - b; Adam divides by sums of a few squares.
CLOSE = 2e-8

MOMENTA: dict[str, dict[str, float]] = {
    "heavy-ball": {"momentum": 0.9},
    "momentum": {"momentum": 0.9},
    "adam": {"beta1": 0.9, "beta2": 0.99},
}


def momenta(rule: str, per: Any) -> dict[str, Any]:
    return {name: {"start": beta, "per": per} for name, beta in MOMENTA[rule].items()}


def moved(problem: Problem) -> Any:
    """A vector off the start, so that no number is a simple fraction."""
    start = problem.space.start
    return start + 0.1 * np.random.default_rng(4).standard_normal(start.size)


def assert_agrees(problem: Problem, close: float = CLOSE) -> None:
    vector = moved(problem)
    expected, found = reverse(problem, vector, 3), reversible(problem, vector, 3)
    assert found.loss == pytest.approx(expected.loss, rel=close)
    for place in problem.space.slices().values():
        scale = np.linalg.norm(expected.gradient[place])
        assert scale > 0
        assert np.linalg.norm((found.gradient - expected.gradient)[place]) < close * scale


@pytest.mark.parametrize("per", ["global", "layer", "array", "step", ["step", "layer"]], ids=str)
@pytest.mark.parametrize("rule", MOMENTA)
def test_rates_and_momenta_of_every_granularity(rule: str, per: Any) -> None:
    tuned = {"learning_rate": {"start": 0.05, "per": per}, **momenta(rule, per)}
    assert_agrees(tiny_problem(tuned, {"optimizer": rule, "steps": 12}))


@pytest.mark.parametrize("rule", MOMENTA)
def test_rates_and_momenta_of_each_weight(rule: str) -> None:
    tuned = {
        "learning_rate": {"start": 0.05, "per": "weight"},
        "rate_multiplier": {"start": 1.0, "every": 5},
        **momenta(rule, "weight"),
    }
    # Momenta of single weights are multiples of 2^-22: off by up to 1.2e-7, against 1 - b by 1e-5.
    assert_agrees(tiny_problem(tuned, {"optimizer": rule, "steps": 12}), close=1e-5)


@pytest.mark.parametrize("clip_norm", [None, 0.05])
@pytest.mark.parametrize("rule", MOMENTA)
def test_decay_clipping_and_penalties(rule: str, clip_norm: float | None) -> None:
    tuned = {
        "learning_rate": {"start": 0.05, "per": "layer"},
        "rate_decay": {"start": 0.5},
        "weight_decay": {"start": 0.05, "per": "step"},
        "init_scale": {"start": 0.5, "per": "array"},
        "l2": {"start": 0.01, "per": "layer"},
        "l1": {"start": 0.01, "per": "weight"},
    }
    training = {"optimizer": rule, "clip_norm": clip_norm, "steps": 12}
    assert_agrees(tiny_problem(tuned, training))


@pytest.mark.parametrize("rule", MOMENTA)
def test_data_labels_and_initial_weights(rule: str) -> None:
    tuned: dict[str, Any] = {
        "example_weights": {},
        "training_inputs": {},
        "training_labels": {},
        "label_smoothing": {"start": 0.1},
        "initial_weights": {},
    }
    assert_agrees(tiny_problem(tuned, {"optimizer": rule, "steps": 12}))


def test_augmentation_of_a_convolutional_net() -> None:
    tuned = {"shift": {"start": 0.3}, "rotation": {"start": 5.0}, "contrast": {"start": 0.1}}
    model = {"name": "convnet", "channels": [2]}
    data = classes_data((6, 6))
    assert_agrees(tiny_problem(tuned, {"optimizer": "adam"}, model, data))


@pytest.mark.parametrize("rule", MOMENTA)
def test_central_differences_of_the_floating_point_program(rule: str) -> None:
    tuned = {
        "learning_rate": {"start": 0.05, "per": "layer"},
        "init_scale": {"start": 0.5},
        **momenta(rule, "layer"),
    }
    problem = tiny_problem(tuned, {"optimizer": rule, "steps": 20})
    vector = moved(problem)
    direction = np.random.default_rng(5).standard_normal(vector.size)
    gradient = reversible(problem, vector, 3).gradient
    scale = np.linalg.norm(gradient * direction)
    reference = central_difference(problem, vector, 3, direction)
    assert abs(gradient @ direction - reference) < CLOSE * scale


def test_weights_whose_gradient_is_zero_get_finite_derivatives_from_adam() -> None:
    data = classes_data()
    data.train.inputs[:, 1] = 0.0  # as a pixel that is always dark
    tuned = {"learning_rate": {"start": 0.05}, **momenta("adam", "global")}
    assert_agrees(tiny_problem(tuned, {"optimizer": "adam"}, data=data))


@pytest.mark.parametrize("rule", MOMENTA)
@pytest.mark.parametrize("steps", [1, 99, 250])
def test_every_state_comes_back_bit_for_bit(rule: str, steps: int) -> None:
    tuned = {
        "learning_rate": {"start": 0.05, "per": ["step", "layer"]},
        **momenta(rule, ["step", "array"]),
    }
    problem = tiny_problem(tuned, {"optimizer": rule, "steps": steps})
    start = problem.space.start
    vector = start + np.random.default_rng(steps).standard_normal(start.size)
    leaves = leaves_of(problem, vector, 3)
    run = ReversibleRun(problem, leaves, 3, 48)
    states = []
    for t in range(steps):
        states.append([part.copy() for array in run.arrays for part in array.state])
        run.forward(t)
    assert any(buffer.spills for array in run.arrays for buffer in array.buffers) == (steps == 250)
    for t in reversed(range(steps)):
        run.backward(t)
        now = [part for array in run.arrays for part in array.state]
        assert all(np.array_equal(a, b) for a, b in zip(now, states[t]))
    assert run.is_at_start()


def test_single_precision_is_retraced_too() -> None:
    tuned = {"learning_rate": {"start": 0.05, "per": "layer"}, **momenta("adam", "global")}
    problem = tiny_problem(tuned, {"optimizer": "adam", "dtype": "float32", "steps": 12})
    # Gradients in float32 have 7 digits, and Adam divides small ones by their size.
    assert_agrees(problem, close=1e-3)


def test_diagnostics_count_bits() -> None:
    tuned = {"learning_rate": {"start": 0.05}}
    found = reversible(tiny_problem(tuned, {"steps": 400}), np.log([0.05]), 0)
    theory = 400 * np.log2(1 / 0.9)
    assert found.diagnostics["theory_bits_per_element"] == pytest.approx(theory)
    assert found.diagnostics["bits_per_element"] == 96


@pytest.mark.parametrize("rule", MOMENTA)
def test_a_run_that_diverges_gives_nan_and_says_where(rule: str) -> None:
    tuned = {"learning_rate": {"start": 1e6, "bounds": [1e-3, 1e9]}, "l2": 10.0, "init_scale": 1.0}
    problem = tiny_problem(tuned, {"optimizer": rule, "steps": 50})
    found = reversible(problem, problem.space.start, 3)
    assert np.isnan(found.loss)
    assert np.isnan(found.gradient).all()
    (notice,) = found.notices
    assert "diverged in step" in notice
    assert "0.weights" in notice or "0.bias" in notice or "1." in notice
    assert "Lower the learning rate" in notice


def test_initial_weights_out_of_range_are_reported() -> None:
    problem = tiny_problem({"init_scale": {"start": 1e6, "bounds": [1e-3, 1e9]}})
    found = reversible(problem, problem.space.start, 3)
    assert np.isnan(found.loss)
    assert "step 0" in found.notices[0]


def test_a_model_that_changes_its_mind_is_caught() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1}})
    model, calls = problem.inner.model, iter(range(1000))

    def predict(params: Any, inputs: Any) -> Any:
        return model.predict(params, inputs) * (1 + 1e-12 * next(calls))

    other = Model("moody", model.init, predict, model.loss, {})
    loss = replace(problem.inner.data_loss, model=other)
    # A recorded model would do the same each time.
    moody = replace(problem, inner=replace(problem.inner, data_loss=loss, compiled=False))
    with pytest.raises(ModelError, match="before training step 0 differs"):
        reversible(moody, moody.space.start, 3)


@pytest.mark.parametrize(
    ("training", "tuned", "reason"),
    [
        ({"optimizer": "sgd"}, {}, "sgd, for it keeps no velocity"),
        ({"optimizer": "nesterov"}, {}, "nesterov, for it moves the weights by the gradient"),
        ({"optimizer": "rmsprop"}, {}, "rmsprop, for it moves the weights by the gradient"),
        ({"decay": "decoupled"}, {"weight_decay": 0.1}, "decay decoupled, for shrinking"),
        ({}, {"momentum": 0.0}, "momentum of 0: a momentum of 0 forgets"),
    ],
)
def test_what_has_no_inverse_is_refused_by_name(
    training: dict[str, Any], tuned: dict[str, Any], reason: str
) -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1}, **tuned}, training)
    with pytest.raises(ConfigError, match=reason):
        reversible(problem, problem.space.start, 3)


def test_a_smaller_radix_is_coarser() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.05}})
    vector = problem.space.start
    exact = reverse(problem, vector, 3).gradient
    errors = [
        abs(reversible(problem, vector, 3, radix_bits=bits).gradient - exact)[0]
        for bits in (20, 32, 52)
    ]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-10 * abs(exact[0])


@pytest.mark.parametrize("activation", ["relu", "softplus", "gelu"])
def test_gradients_of_every_activation_come_out_the_same_twice(activation: str) -> None:
    tuned = {"learning_rate": {"start": 0.05}, "l2": {"start": 0.01}}
    model = {"activation": activation, "hidden": [5, 4]}
    assert_agrees(tiny_problem(tuned, {"steps": 30}, model))


def test_regression_on_all_examples() -> None:
    tuned = {"learning_rate": {"start": 0.05}, "momentum": {"start": 0.9}}
    training = {"optimizer": "momentum", "batch": "full", "steps": 30}
    assert_agrees(tiny_problem(tuned, training, {"name": "linear"}, numbers_data()))
