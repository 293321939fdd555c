"""Parts, their granularity and bounds, and the one vector made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.errors import ConfigError


def refusal(hyperparameters: dict[str, Any], **rest: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        tiny_problem(hyperparameters, **rest)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "setting", "shape"),
    [
        ("learning_rate", {}, ()),
        ("learning_rate", {"per": "layer"}, (2,)),
        ("learning_rate", {"per": "array"}, (4,)),
        ("learning_rate", {"per": "step"}, (5,)),
        ("learning_rate", {"per": "step", "every": 2}, (3,)),
        ("learning_rate", {"per": "weight"}, (26,)),
        ("learning_rate", {"per": ["layer", "step"]}, (5, 2)),
        ("momentum", {"per": ["step", "array"], "every": 5}, (1, 4)),
        ("rate_multiplier", {}, (5,)),
        ("l2", {"per": "weight"}, (26,)),
        ("init_scale", {"start": 0.1, "per": "array"}, (4,)),
        ("initial_weights", {}, (26,)),
        ("example_weights", {}, (12,)),
        ("training_labels", {}, (12, 2)),
        ("training_inputs", {}, (12, 3)),
        ("training_inputs", {"count": 6}, (6, 3)),
    ],
)
def test_granularity_gives_the_shape(name: str, setting: dict[str, Any], shape: Any) -> None:
    problem = tiny_problem({name: setting})
    part = problem.space.part(name)
    assert part is not None
    assert part.shape == part.start.shape == part.low.shape == part.high.shape == shape
    assert problem.hyper(problem.space.start)[name].shape == shape
    assert problem.space.size == part.size == len(problem.space.labels(problem.layout))


def test_vector_and_values_are_inverse() -> None:
    tuned = {
        "learning_rate": {"per": ["step", "layer"]},
        "momentum": {"per": "layer"},
        "initial_weights": {},
    }
    space = tiny_problem(tuned).space
    vector = np.random.default_rng(1).standard_normal(space.size)
    np.testing.assert_allclose(space.vector(space.values(vector)), vector, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(space.vector({}), space.start)


def test_values_begin_where_the_settings_say() -> None:
    problem = tiny_problem(
        {"learning_rate": {"start": 0.25}, "momentum": 0.5, "l2": {"start": 1e-3, "per": "layer"}}
    )
    hyper = problem.hyper(problem.space.start)
    assert hyper["learning_rate"] == pytest.approx(0.25, rel=1e-15)
    assert hyper["momentum"] == 0.5
    np.testing.assert_allclose(hyper["l2"], [1e-3, 1e-3], rtol=1e-14)
    assert (problem.space.low < problem.space.start).all()
    assert (problem.space.start < problem.space.high).all()


def test_values_have_the_dtype_of_training() -> None:
    problem = tiny_problem(
        {"learning_rate": {"per": "step"}, "example_weights": {}}, {"dtype": "float32"}
    )
    hyper = problem.hyper(problem.space.start)
    assert hyper["learning_rate"].dtype == hyper["example_weights"].dtype == np.float32
    weights = problem.inner.train(hyper, 0)
    assert {w.dtype for w in weights} == {np.dtype(np.float32)}
    assert problem.space.start.dtype == np.float64


def test_labels_say_step_layer_array_and_example() -> None:
    problem = tiny_problem(
        {
            "learning_rate": {"per": ["step", "layer"], "every": 2},
            "momentum": {"per": "array"},
            "rate_decay": {},
            "example_weights": {},
            "training_labels": {},
        }
    )
    labels = problem.space.labels(problem.layout)
    assert labels[:3] == [
        "learning_rate[step 0, layer 0]",
        "learning_rate[step 0, layer 1]",
        "learning_rate[step 2, layer 0]",
    ]
    slices = problem.space.slices()
    assert sorted(labels[slices["momentum"]]) == [
        f"momentum[array {name}]" for name in ("0.bias", "0.weights", "1.bias", "1.weights")
    ]
    assert labels[slices["rate_decay"]] == ["rate_decay"]
    assert labels[slices["example_weights"]][7] == "example_weights[example 7]"
    assert labels[slices["training_labels"]][3] == "training_labels[label 1, 1]"


@pytest.mark.parametrize(
    ("hyperparameters", "said"),
    [
        (
            {"learning_rate": {"start": 2, "bounds": [0.1, 1]}},
            "2 is outside of its bounds 0.1 to 1",
        ),
        ({"learning_rate": {"start": -1}}, "-1 is outside of its bounds"),
        ({"learning_rate": {"bounds": [1, 0.1]}}, "lower bound 1 must be below 0.1"),
        ({"learning_rate": {"bounds": [0, 1]}}, "reaches the end of the log scale"),
        ({"momentum": {"bounds": [0.1, 1]}}, "reaches the end of the logit scale"),
        ({"momentum": {"bounds": [0.1, 2], "scale": "log"}}, "must lie within 0 and 1"),
        ({"learning_rate": -0.1}, "hyperparameters.learning_rate: must be between 0 and inf"),
        ({"momentum": 1.5}, "hyperparameters.momentum: must be between 0 and 1, got 1.5"),
        ({"init_scale": {}}, "hyperparameters.init_scale.start: required"),
        (
            {"init_scale": {"start": 1, "per": "step"}},
            "per: must be one of global, layer, array; got step",
        ),
        ({"learning_rate": {"per": ["layer", "array"]}}, "got layer array"),
        ({"learning_rate": {"every": 3}}, "only values per step can be shared"),
        ({"beta1": {}}, "hyperparameters.beta1: heavy-ball has none"),
        ({"shift": {}}, "is for images, but an input has shape (3,)"),
        ({"initial_weights": {}, "init_scale": 0.1}, "cannot be set together with init_scale"),
        ({"model": {"width": {}}}, "mlp.predict has no such argument; it has none"),
        ({"training_inputs": {"bounds": [0, 0.1]}}, "is outside of its bounds 0 to 0.1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(hyperparameters: dict[str, Any], said: str) -> None:
    assert said in refusal(hyperparameters)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_ends_of_the_domain_may_be_fixed(value: float) -> None:
    problem = tiny_problem({"momentum": value, "l2": value, "learning_rate": {"start": 0.1}})
    assert problem.hyper(problem.space.start)["momentum"] == value


def test_fixed_families_have_a_value_for_each_member() -> None:
    plain = tiny_problem({"learning_rate": {"start": 0.1}})
    vector = plain.space.start
    expected = plain.inner.train(plain.hyper(vector), 0)
    for fixed in (
        {"rate_multiplier": 1.0},
        {"example_weights": 1.0},
        {"initial_weights": {"tune": False}},
        {"training_inputs": {"tune": False}},
        {"label_smoothing": 0.0},
        {"training_labels": 60.0},
    ):
        problem = tiny_problem({"learning_rate": {"start": 0.1}, **fixed})
        for w, e in zip(problem.inner.train(problem.hyper(vector), 0), expected):
            np.testing.assert_allclose(w, e, rtol=1e-12, atol=1e-14)  # exp(-60) is no label
    zero = tiny_problem({"learning_rate": {"start": 0.1}, "initial_weights": 0.0})
    assert not any(w.any() for w in zero.inner.initial_weights(zero.hyper(vector), 0))
