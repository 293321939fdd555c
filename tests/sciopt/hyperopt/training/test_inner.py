"""Schedules, starts and the whole run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import classes_data, tiny_problem

from autodiff import grad
from sciopt.hyperopt.problem import Problem


def trained(problem: Problem, seed: int = 3) -> list[Any]:
    return problem.inner.train(problem.hyper(problem.space.start), seed)


def same(a: list[Any], b: list[Any], rtol: float = 1e-13) -> None:
    for x, y in zip(a, b, strict=True):
        np.testing.assert_allclose(x, y, rtol=rtol, atol=1e-15)


@pytest.mark.parametrize("per", ["layer", "array", "step", "weight", ["step", "layer"]], ids=str)
@pytest.mark.parametrize("rule", ["heavy-ball", "rmsprop", "adam"])
def test_equal_values_of_any_granularity_are_one_global_value(rule: str, per: Any) -> None:
    names = {"heavy-ball": ("momentum",), "rmsprop": ("beta2",), "adam": ("beta1", "beta2")}
    start = {"learning_rate": 0.1, "weight_decay": 0.01, **dict.fromkeys(names[rule], 0.8)}
    plain = tiny_problem({**start, "l2": {}}, {"optimizer": rule})
    fine = tiny_problem(
        {**{name: {"start": value, "per": per} for name, value in start.items()}, "l2": {}},
        {"optimizer": rule},
    )
    same(trained(fine), trained(plain), rtol=1e-11)


def test_rates_of_steps_are_taken_in_their_steps() -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.1, "per": "step", "every": 2}, "momentum": 0.0}
    )
    hyper = problem.hyper(np.log([0.1, 0.2, 0.3]))
    rows = problem.inner.schedules.stacked(hyper)["learning_rate"][0]
    np.testing.assert_allclose(rows, [0.1, 0.1, 0.2, 0.2, 0.3], rtol=1e-14)
    constant = tiny_problem({"learning_rate": {"start": 0.1}, "momentum": 0.0})
    first = problem.inner.run(hyper, 3, problem.inner.initial_state(hyper, 3), 0, 2)
    plain = constant.hyper(constant.space.start)
    same(first[0], constant.inner.run(plain, 3, constant.inner.initial_state(plain, 3), 0, 2)[0])


def test_a_run_may_be_taken_in_pieces() -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.1, "per": "step"}, "rate_decay": {}}, {"optimizer": "adam"}
    )
    hyper = problem.hyper(problem.space.start)
    state = problem.inner.initial_state(hyper, 3)
    for first, end in ((0, 2), (2, 3), (3, 3), (3, 5)):
        state = problem.inner.run(hyper, 3, state, first, end)
    for piece, whole in zip(state[0], trained(problem)):
        np.testing.assert_array_equal(piece, whole)


def test_multiplier_and_decay_multiply_the_rate() -> None:
    problem = tiny_problem(
        {"learning_rate": 0.1, "rate_multiplier": {"start": 2.0}, "rate_decay": {"start": 3.0}}
    )
    factor = problem.inner.schedules.stacked(problem.hyper(problem.space.start))["rate_factor"][0]
    np.testing.assert_allclose(factor, 2 / (1 + 3 * np.arange(5) / 5), rtol=1e-14)


def test_initial_scale_multiplies_the_same_normal_numbers() -> None:
    problem = tiny_problem({"init_scale": {"start": 1.0, "per": "layer"}})
    one = problem.inner.initial_weights(problem.hyper(np.log([1.0, 1.0])), 3)
    scaled = problem.inner.initial_weights(problem.hyper(np.log([2.0, 5.0])), 3)
    factors = [(2.0, 5.0)[layer] for layer in problem.layout.layers]
    same(scaled, [f * w for f, w in zip(factors, one)])
    assert all(w.any() for w in one)  # biases too


def test_weights_start_as_the_model_draws_them_unless_told() -> None:
    problem = tiny_problem({"learning_rate": {}})
    hyper = problem.hyper(problem.space.start)
    drawn = problem.inner.model.init(np.random.default_rng([3, 0]), (3,), 2)
    start = problem.inner.initial_weights(hyper, 3)
    by_name = dict(zip(problem.layout.names, start))
    np.testing.assert_array_equal(by_name["0.weights"], drawn[0]["weights"])
    assert not by_name["1.bias"].any()
    other = dict(zip(problem.layout.names, problem.inner.initial_weights(hyper, 4)))
    assert (other["0.weights"] != by_name["0.weights"]).any()


def test_gradient_is_that_of_the_loss() -> None:
    problem = tiny_problem(
        {
            "l2": {"per": "array", "start": 0.1}, "l1": {"start": 0.05, "per": "layer"},
            "example_weights": {}, "label_smoothing": {}, "init_scale": 0.5,
        }
    )  # fmt: skip
    hyper = problem.hyper(problem.space.start)
    weights = problem.inner.initial_weights(hyper, 3)
    inner, draw = problem.inner, {"rows": np.array([2, 3, 7])}
    examples, constants = inner.data_loss.examples(hyper), inner.schedules.constants(hyper)
    g = inner.gradient(weights, hyper, examples, draw, constants)
    traced = grad(lambda w: inner.loss(w, hyper, draw))(weights)
    same(g, traced, rtol=1e-12)


def test_example_weights_are_divided_by_the_number_of_the_batch() -> None:
    problem = tiny_problem({"example_weights": {"start": 0.25}})
    plain = tiny_problem({"learning_rate": {}})
    hyper = problem.hyper(problem.space.start)
    weights = problem.inner.initial_weights(hyper, 3)
    draw = {"rows": np.array([2, 3, 7])}
    assert problem.inner.loss(weights, hyper, draw) == pytest.approx(
        0.25 * plain.inner.loss(weights, plain.hyper(plain.space.start), draw), rel=1e-14
    )


def test_label_smoothing_and_learned_labels_change_the_shares() -> None:
    def loss(targets: Any, **hyper: Any) -> float:
        problem = tiny_problem({name: {"start": start} for name, start in hyper.items()})
        examples = problem.inner.inputs, targets
        values = problem.hyper(problem.space.start)
        weights = problem.inner.initial_weights({}, 3)
        if targets is None:
            return float(problem.inner.loss(weights, values, {}))
        return float(problem.inner.data_loss(weights, {}, examples, {}))

    classes = tiny_problem({"learning_rate": {}}).inner.targets
    smooth = 0.8 * classes + 0.2 / 2
    assert loss(None, label_smoothing=0.2) == pytest.approx(loss(smooth), rel=1e-14)
    true = np.exp(3) / (1 + np.exp(3))
    learned = np.where(classes == 1, true, 1 - true)
    assert loss(None, training_labels=3.0) == pytest.approx(loss(learned), rel=1e-14)


def test_augmentation_depends_on_seed_and_step_and_vanishes_with_its_strength() -> None:
    problem = tiny_problem(
        {"shift": {"start": 1.0}, "rotation": {"start": 20.0}, "contrast": {"start": 0.5}},
        data=classes_data((6, 6)),
    )
    hyper = problem.hyper(problem.space.start)
    weights = problem.inner.initial_weights(hyper, 3)

    def loss(seed: int, step: int, strength: float = 1.0) -> float:
        weaker = {k: v * strength if k in names else v for k, v in hyper.items()}
        draw = {"normals": problem.inner.draws(hyper, seed)(step, step + 1)["normals"][0]}
        return float(problem.inner.loss(weights, weaker, {**draw, "rows": np.arange(6)}))

    names = ("shift", "rotation", "contrast")
    assert loss(3, 0) == loss(3, 0)
    assert len({loss(3, 0), loss(3, 1), loss(4, 0)}) == 3
    plain = {k: v for k, v in hyper.items() if k not in names}
    assert loss(3, 0, 1e-9) == pytest.approx(
        problem.inner.loss(weights, plain, {"rows": np.arange(6)}), rel=1e-6
    )
