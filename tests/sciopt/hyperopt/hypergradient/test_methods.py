"""The choice of a method, and what is refused before any training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.errors import ConfigError
from sciopt.hyperopt.hypergradient.methods import method_of, recommendation_for, settled
from sciopt.hyperopt.hypergradient.reverse import reverse


def refusal(
    hyperparameters: dict[str, Any], settings: dict[str, Any], training: Any = None, **rest: Any
) -> str:
    problem = tiny_problem(hyperparameters, training, hypergradient=settings, **rest)
    with pytest.raises(ConfigError) as caught:
        method_of(problem)
    return str(caught.value)


@pytest.mark.parametrize("method", ["auto", "reverse", "reversible", "forward", "truncated"])
def test_every_method_by_its_name(method: str) -> None:
    problem = tiny_problem({"l2": {"start": 0.1}}, hypergradient={"method": method})
    found = method_of(problem)(problem, problem.space.start, 3)
    exact = reverse(problem, problem.space.start, 3)
    np.testing.assert_allclose(found.gradient, exact.gradient, rtol=1e-6)  # of fixed point


@pytest.mark.parametrize("method", ["online", "implicit"])
def test_methods_that_remember_by_their_names(method: str) -> None:
    settings = {"method": method, "update_every": 2, "damping": 1.0}
    problem = tiny_problem({"l2": {"start": 0.1}}, hypergradient=settings)
    assert np.isfinite(method_of(problem)(problem, problem.space.start, 3).gradient).all()


def test_auto_becomes_what_is_recommended() -> None:
    problem = tiny_problem(
        {"l2": {"start": 0.1, "per": "layer"}}, {"steps": 100}, hypergradient={"memory": "4 kB"}
    )
    advice = recommendation_for(problem)
    settings = settled(problem).config.hypergradient
    assert settings.method == advice.method
    assert settings.memory == "4 kB"
    assert settled(settled(problem)).config == settled(problem).config


def test_recommendation_takes_a_quarter_of_the_memory() -> None:
    problem = tiny_problem({"l2": {"per": "layer"}}, {"steps": 100, "optimizer": "sgd"})
    stored = problem.layout.size * 8 * 100
    assert recommendation_for(problem, 4 * stored).memory is None
    assert recommendation_for(problem, 2 * stored).memory == stored // 2


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("learning_rate", {"start": 0.1}),
        ("momentum", {}),
        ("rate_multiplier", {}),
        ("rate_decay", {}),
        ("init_scale", {"start": 0.1}),
        ("initial_weights", {}),
        ("weight_decay", {"per": "step"}),
    ],
)
def test_implicit_refuses_what_the_minimum_does_not_depend_on(
    name: str, setting: dict[str, Any]
) -> None:
    message = refusal({name: setting}, {"method": "implicit"})
    assert f"implicit cannot tune {name}: the minimum of the training loss does not" in message


def test_implicit_refuses_decoupled_decay() -> None:
    message = refusal(
        {"l2": {}, "weight_decay": 0.1}, {"method": "implicit"}, {"decay": "decoupled"}
    )
    assert "decoupled weight_decay moves it elsewhere" in message


@pytest.mark.parametrize("name", ["init_scale", "initial_weights"])
def test_truncated_refuses_what_acts_at_the_start(name: str) -> None:
    setting = {"start": 0.1} if name == "init_scale" else {}
    message = refusal({name: setting}, {"method": "truncated", "last_steps": 4})
    assert f"truncated cannot tune {name}: it acts at the start of training" in message
    assert "hypergradient.last_steps: 5" in message


@pytest.mark.parametrize(
    ("every", "last", "refused"),
    [(1, 2, "steps 0 to 2"), (2, 2, "steps 0 to 1"), (4, 2, ""), (1, 5, ""), (1, 50, "")],
)
def test_truncated_refuses_values_of_steps_before_the_last(
    every: int, last: int, refused: str
) -> None:
    tuned = {"learning_rate": {"per": "step", "every": every}}
    settings = {"method": "truncated", "last_steps": last}
    if refused:
        message = refusal(tuned, settings)
        assert f"cannot tune learning_rate of {refused}: they act before the last" in message
    else:
        method_of(tiny_problem(tuned, hypergradient=settings))


def test_online_refuses_values_per_step_several_seeds_and_l_bfgs() -> None:
    online = {"method": "online"}
    assert "rate_multiplier per step" in refusal({"rate_multiplier": {}}, online)
    assert "hypergradient.seeds: 3" in refusal({"l2": {}}, {**online, "seeds": 3})
    assert "l-bfgs" in refusal({"l2": {}}, online, outer={"optimizer": "l-bfgs"})


@pytest.mark.parametrize("rule", ["sgd", "nesterov", "rmsprop"])
def test_reversible_refuses_rules_without_an_inverse(rule: str) -> None:
    message = refusal({"l2": {}}, {"method": "reversible"}, {"optimizer": rule})
    assert rule in message


@pytest.mark.parametrize(
    ("memory", "said"), [("much", "a size is a number"), ("10 B", "which is the least budget")]
)
def test_a_budget_that_is_none_is_refused(memory: str, said: str) -> None:
    message = refusal({"l2": {}}, {"memory": memory})
    assert message.startswith("hypergradient.memory: ")
    assert said in message


def test_nothing_to_tune_is_refused() -> None:
    assert "none is tuned" in refusal({}, {})
