"""Every update rule, granularity and kind of hyperparameter against central differences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_problems import central_difference, classes_data, numbers_data, tiny_problem

from sciopt.hyperopt.hypergradient.forward import slope
from sciopt.hyperopt.hypergradient.reverse import reverse
from sciopt.hyperopt.problem import Problem

# Differences extrapolated to a step of zero are good to about 1e-9 of the gradient.
CLOSE = 1e-7
# Bilinear images have kinks where a pixel's source passes a grid line: steps must be too short to
# meet one.
NARROW = 1e-6

RULES: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "heavy-ball": ("momentum",),
    "momentum": ("momentum",),
    "nesterov": ("momentum",),
    "rmsprop": ("beta2",),
    "adam": ("beta1", "beta2"),
}
GRANULARITIES: tuple[Any, ...] = (
    "global", "layer", "array", "step", "weight", ["step", "layer"], ["step", "array"],
)  # fmt: skip
STARTS = {"learning_rate": 0.05, "momentum": 0.8, "beta1": 0.8, "beta2": 0.9}


def assert_derivative_is_right(problem: Problem, step: float = 5e-4) -> None:
    vector = problem.space.start
    direction = np.random.default_rng(5).standard_normal(vector.size)
    found = reverse(problem, vector, 3)
    reference = central_difference(problem, vector, 3, direction, step)
    scale = float(np.linalg.norm(found.gradient * direction))
    assert scale > 0
    assert abs(found.gradient @ direction - reference) < CLOSE * scale
    # The same derivative by the rules of forward mode: another order of the same sums.
    assert abs(slope(problem, vector, 3, direction)[1] - found.gradient @ direction) < 1e-9 * scale


@pytest.mark.parametrize("per", GRANULARITIES, ids=str)
@pytest.mark.parametrize("rule", RULES)
def test_rates_and_decays_of_every_rule_and_granularity(rule: str, per: Any) -> None:
    names = ("learning_rate", *RULES[rule])
    tuned = {name: {"start": STARTS[name], "per": per} for name in names}
    decay = {"weight_decay": {"start": 0.02, "per": per}}
    assert_derivative_is_right(tiny_problem({**tuned, **decay}, {"optimizer": rule}))


@pytest.mark.parametrize("clip_norm", [None, 0.05])
@pytest.mark.parametrize("decay", ["plain", "decoupled"])
@pytest.mark.parametrize("rule", RULES)
def test_rates_with_both_decays_and_clipping(rule: str, decay: str, clip_norm: Any) -> None:
    tuned = {
        "learning_rate": {"start": 0.05, "per": "layer"},
        "weight_decay": {"start": 0.05},
        "rate_decay": {"start": 0.5},
        "init_scale": {"start": 0.5},
    }
    problem = tiny_problem(tuned, {"optimizer": rule, "decay": decay, "clip_norm": clip_norm})
    assert_derivative_is_right(problem)


@pytest.mark.parametrize("rule", ["rmsprop", "adam"])
def test_a_root_that_is_shifted(rule: str) -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.05}, "beta2": {"start": 0.9}},
        {"optimizer": rule, "eps_root": 1e-8},
    )
    assert_derivative_is_right(problem)


KINDS: dict[str, dict[str, Any]] = {
    "rate multiplier": {"rate_multiplier": {"start": 1.0, "per": "step", "every": 2}},
    "rate per two steps and layer": {
        "learning_rate": {"start": 0.3, "per": ["step", "layer"], "every": 2}
    },
    "rate decay": {"rate_decay": {"start": 0.5}},
    "init scale per layer": {"init_scale": {"start": 0.5, "per": "layer"}},
    "init scale per array": {"init_scale": {"start": 0.5, "per": "array"}},
    "l2": {"l2": {"start": 0.1}},
    "l2 per layer": {"l2": {"start": 0.1, "per": "layer"}},
    "l2 per weight": {"l2": {"start": 0.1, "per": "weight"}, "init_scale": 0.5},
    "l1 per array": {"l1": {"start": 0.01, "per": "array"}, "init_scale": 0.5},
    "l1 per weight": {"l1": {"start": 0.01, "per": "weight"}, "init_scale": 0.5},
    "initial weights": {"initial_weights": {}},
    "example weights": {"example_weights": {}},
    "label smoothing": {"label_smoothing": {}},
    "training inputs": {"training_inputs": {}},
    "learned inputs": {"training_inputs": {"count": 6, "noise": 0.5}},
    "training labels": {"training_labels": {"start": 2.0}},
    "linear scale": {"learning_rate": {"start": 0.3, "scale": "linear", "bounds": [0.01, 1]}},
    "logit scale": {"learning_rate": {"start": 0.3, "scale": "logit", "bounds": [0.01, 0.9]}},
}


@pytest.mark.parametrize("rule", ["heavy-ball", "adam"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(kind: str, rule: str) -> None:
    tuned = {"learning_rate": 0.1, **KINDS[kind]}
    # |w| has a kink, at which no weight may pass through 0: seeds and rates above see to that.
    assert_derivative_is_right(tiny_problem(tuned, {"optimizer": rule}))


@pytest.mark.parametrize("name", ["shift", "rotation", "contrast"])
def test_every_augmentation(name: str) -> None:
    data = classes_data((6, 6), 2, 12)
    start = {"shift": 0.7, "rotation": 8.0, "contrast": 0.3}[name]
    problem = tiny_problem({name: {"start": start}, "learning_rate": 0.3}, data=data)
    assert_derivative_is_right(problem, NARROW)


def test_all_augmentations_through_a_convnet() -> None:
    data = classes_data((6, 6), 3, 12)
    tuned = {
        "shift": {"start": 0.5},
        "rotation": {"start": 5.0},
        "contrast": {"start": 0.2},
        "learning_rate": {"start": 0.3, "per": "layer"},
        "l2": {"start": 0.01, "per": "layer"},
    }
    problem = tiny_problem(tuned, model={"name": "convnet", "channels": [2]}, data=data)
    assert_derivative_is_right(problem, NARROW)


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "gelu"])
def test_every_activation(activation: str) -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.1}, "init_scale": {"start": 0.5}},
        model={"activation": activation, "hidden": [4, 3]},
    )
    assert_derivative_is_right(problem)


@pytest.mark.parametrize("objective", ["validation", "train", "validation-error", "train-error"])
def test_every_objective(objective: str) -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1}}, outer={"objective": objective})
    assert_derivative_is_right(problem)


def test_regression_with_several_outputs() -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.02}, "example_weights": {}}, data=numbers_data(outputs=2)
    )
    assert_derivative_is_right(problem)


def test_arguments_of_a_users_model(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "import autodiff.numpy as np\n"
        "class Bump:\n"
        "    @staticmethod\n"
        "    def init(rng, input_shape, outputs):\n"
        "        return {'first': rng.standard_normal((input_shape[0], outputs)), 'bias': "
        "np.zeros(outputs)}\n"
        "    @staticmethod\n"
        "    def predict(params, inputs, width=1.0, *, lift=0.0):\n"
        "        x = np.exp(-width * inputs * inputs) + lift\n"
        "        return np.dot(x, params['first']) + params['bias']\n"
        "    @staticmethod\n"
        "    def loss(outputs, targets):\n"
        "        return np.sum((outputs - targets) ** 2, axis=1)\n"
    )
    tuned = {"model": {"width": {"start": 0.8}, "lift": {}}, "learning_rate": {"start": 0.05}}
    problem = tiny_problem(tuned, model={"name": f"{path}:Bump"})
    assert problem.space.labels(problem.layout) == ["learning_rate", "model.width", "model.lift"]
    assert_derivative_is_right(problem)


@pytest.mark.parametrize("rule", ["rmsprop", "adam"])
def test_coordinates_whose_gradient_is_always_zero(rule: str) -> None:
    data = classes_data((4,))
    for split in (data.train, data.validation):
        split.inputs[:, 1] = 0.0  # a pixel that is always dark
    tuned = {"learning_rate": {"start": 0.05}, "beta2": {"start": 0.9}, "init_scale": {"start": 1}}
    assert_derivative_is_right(tiny_problem(tuned, {"optimizer": rule}, data=data))


@pytest.mark.parametrize("order", ["replacement", "epochs", "consecutive"])
def test_every_order_of_minibatches(order: str) -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.1}, "example_weights": {}}, {"order": order, "batch": 5}
    )
    assert_derivative_is_right(problem)


def test_rates_of_steps_on_a_quadratic_of_one_weight() -> None:
    """L = h w^2 / 2 by plain descent: d log w_T / d log a_t = -a_t h / (1 - a_t h)."""
    data = numbers_data(features=1, count=4)
    for split in (data.train, data.validation):
        split.inputs[:] = 1.0
        split.targets[:] = 0.0  # both losses are then w^2 / 2
    problem = tiny_problem(
        {"learning_rate": {"start": 0.3, "per": "step"}, "init_scale": 2.0},
        {"optimizer": "sgd", "batch": "full"},
        {"name": "linear", "bias": False},
        data,
    )
    found = reverse(problem, problem.space.start, 0)
    rates = np.full(5, 0.3)
    expected = 2 * found.loss * -rates / (1 - rates)  # d log of w^2 is twice that of w
    np.testing.assert_allclose(found.gradient, expected, rtol=1e-12)  # a few roundings


@pytest.mark.parametrize("decay", ["plain", "decoupled"])
@pytest.mark.parametrize("rule", RULES)
def test_single_precision_stays_single_and_agrees_with_double(rule: str, decay: str) -> None:
    tuned: dict[str, Any] = {
        "learning_rate": {"start": 0.05, "per": ["step", "layer"]},
        **{name: {"start": STARTS[name], "per": "layer"} for name in RULES[rule]},
        "rate_decay": {"start": 0.5},
        "weight_decay": {"start": 0.01},
        "init_scale": {"start": 0.3},
        "l2": {"start": 0.01, "per": "weight"},
        "l1": {"start": 0.001},
        "example_weights": {},
        "label_smoothing": {},
        "shift": {"start": 0.3},
        "rotation": {"start": 3.0},
        "contrast": {"start": 0.1},
    }
    found = {}
    for dtype in ("float64", "float32"):
        training = {"optimizer": rule, "decay": decay, "clip_norm": 0.5, "dtype": dtype}
        problem = tiny_problem(tuned, training, data=classes_data((6, 6)))
        hyper = problem.hyper(problem.space.start)
        assert {w.dtype for w in problem.inner.train(hyper, 3)} == {np.dtype(dtype)}
        found[dtype] = reverse(problem, problem.space.start, 3).gradient
    error = np.linalg.norm(found["float32"] - found["float64"])
    assert error < 1e-4 * np.linalg.norm(found["float64"])  # five steps of rounding at 6e-8
