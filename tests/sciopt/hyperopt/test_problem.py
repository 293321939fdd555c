"""Data, model and settings joined: outer loss, metrics, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tiny_problems import classes_data, numbers_data, tiny_problem

from sciopt.errors import ConfigError
from sciopt.hyperopt.models.losses import cross_entropy
from sciopt.hyperopt.objective import soft_error
from sciopt.hyperopt.problem import one_hot, shares

TUNED = {"learning_rate": {"start": 0.1}}


def refusal(hyperparameters: dict[str, Any], **rest: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        tiny_problem(hyperparameters, **rest)
    return str(caught.value)


@pytest.mark.parametrize("part", ["train", "validation"])
def test_outer_loss_is_that_of_its_split(part: str) -> None:
    problem = tiny_problem(TUNED, outer={"objective": part})
    hyper = problem.hyper(problem.space.start)
    weights = problem.inner.train(hyper, 3)
    split = getattr(problem.data, part)
    outputs = problem.inner.predict(weights, hyper, split.inputs)
    targets = np.eye(2)[split.targets]
    loss = problem.outer_loss(weights, hyper)
    assert loss == pytest.approx(np.mean(cross_entropy(outputs, targets)), rel=1e-14)
    error = tiny_problem(TUNED, outer={"objective": f"{part}-error"}).outer_loss(weights, hyper)
    assert error == pytest.approx(soft_error(outputs, targets), rel=1e-14)


def test_outer_loss_takes_no_penalty_and_no_example_weights() -> None:
    problem = tiny_problem({"l2": {"start": 100.0}, "example_weights": {}})
    plain = tiny_problem(TUNED)
    weights = plain.inner.train(plain.hyper(plain.space.start), 3)
    assert problem.outer_loss(weights, problem.hyper(problem.space.start)) == plain.outer_loss(
        weights, plain.hyper(plain.space.start)
    )


def test_metrics_of_classes_and_of_numbers() -> None:
    problem = tiny_problem(TUNED)
    hyper = problem.hyper(problem.space.start)
    weights = problem.inner.train(hyper, 3)
    found = problem.metrics(weights, hyper, problem.data.test)
    outputs = problem.inner.predict(weights, hyper, problem.data.test.inputs)
    assert found["error"] == np.mean(outputs.argmax(axis=1) != problem.data.test.targets)
    numbers = tiny_problem(TUNED, data=numbers_data())
    hyper = numbers.hyper(numbers.space.start)
    found = numbers.metrics(numbers.inner.train(hyper, 3), hyper, numbers.data.test)
    assert found.keys() == {"loss", "error"}
    assert found["error"] > 0


def test_training_ignores_the_test_data_and_validation() -> None:
    data = classes_data()
    problem = tiny_problem(TUNED, data=data)
    other = tiny_problem(TUNED, data=replace(data, test=data.train, validation=data.train))
    hyper = problem.hyper(problem.space.start)
    for a, b in zip(problem.inner.train(hyper, 3), other.inner.train(hyper, 3)):
        np.testing.assert_array_equal(a, b)


def test_learned_inputs_have_classes_in_turn() -> None:
    problem = tiny_problem({"training_inputs": {"count": 5, "noise": 0.5}}, {"batch": "full"})
    np.testing.assert_array_equal(problem.inner.targets.argmax(axis=1), [0, 1, 0, 1, 0])
    assert problem.space.size == 15
    assert 0.2 < np.std(problem.space.start) < 1.0
    again = tiny_problem({"training_inputs": {"count": 5, "noise": 0.5}}, {"batch": "full"})
    np.testing.assert_array_equal(again.space.start, problem.space.start)


def test_shares_are_ones_and_zeros_of_the_dtype_or_the_numbers() -> None:
    data = classes_data(classes=3)
    np.testing.assert_array_equal(
        shares(data.train, data, "float32"), np.eye(3, dtype=np.float32)[data.train.targets]
    )
    assert one_hot(np.array([1]), 2, "float32").dtype == np.float32
    numbers = numbers_data()
    assert shares(numbers.train, numbers, "float64") is numbers.train.targets


@pytest.mark.parametrize(
    ("hyperparameters", "settings", "said"),
    [
        (TUNED, {"training": {"batch": 13}}, "training.batch: 13 is more than the 12"),
        (
            {"training_inputs": {"count": 4}}, {"training": {"batch": 5}},
            "5 is more than the 4 training examples",
        ),
        (
            TUNED, {"data": numbers_data(), "outer": {"objective": "train-error"}},
            "outer.objective: train-error is for classes",
        ),
        ({"label_smoothing": {}}, {"data": numbers_data()}, "is for classes"),
        ({"training_labels": {}}, {"data": numbers_data()}, "is for classes"),
        ({"training_inputs": {"count": 4}}, {"data": numbers_data()}, "only for classes"),
        (TUNED, {"model": {"name": "linear"}}, "take logistic for classes"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(
    hyperparameters: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    assert said in refusal(hyperparameters, **settings)
