"""Training against plain NumPy loops written from the formulas of `rules`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tiny_problems import numbers_data, tiny_problem

from sciopt.hyperopt.training import RULES, clipped

A, B, B1, B2, E = 0.1, 0.7, 0.8, 0.9, 1e-8
LINE = {"name": "linear", "bias": False}


def by_hand(rule: str, w: Any, gradient: Any, steps: int = 7) -> Any:
    v, m, s = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    for t in range(1, steps + 1):
        g = gradient(w)
        if rule == "sgd":
            w = w - A * g
        elif rule == "heavy-ball":
            v = B * v - (1 - B) * g
            w = w + A * v
        elif rule == "momentum":
            v = B * v + g
            w = w - A * v
        elif rule == "nesterov":
            v = B * v + g
            w = w - A * (g + B * v)
        elif rule == "rmsprop":
            s = B2 * s + (1 - B2) * g**2
            w = w - A * g / (np.sqrt(s) + E)
        else:
            m = B1 * m + (1 - B1) * g
            s = B2 * s + (1 - B2) * g**2
            w = w - A * (m / (1 - B1**t)) / (np.sqrt(s / (1 - B2**t)) + E)
    return w


def trained(rule: str, hyper: dict[str, Any] | None = None, **training: Any) -> Any:
    given = {"momentum": B, "beta1": B1, "beta2": B2}
    used = {name: given[name] for name in RULES[rule].uses}
    problem = tiny_problem(
        {"learning_rate": {"start": A}, **used, **(hyper or {})},
        {"optimizer": rule, "steps": 7, "batch": "full", **training},
        LINE,
        numbers_data(),
    )
    values = problem.hyper(problem.space.start)
    start = problem.inner.initial_weights(values, 3)[0]
    data = problem.data.train

    def gradient(w: Any) -> Any:
        return data.inputs.T @ (data.inputs @ w - data.targets) / len(data)

    return problem.inner.train(values, 3)[0], start, gradient


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_its_formula(rule: str) -> None:
    w, start, gradient = trained(rule)
    np.testing.assert_allclose(w, by_hand(rule, start, gradient), rtol=1e-12)  # roundings


@pytest.mark.parametrize("rule", RULES)
def test_penalties_and_plain_decay_join_the_gradient(rule: str) -> None:
    w, start, gradient = trained(rule, {"l2": 0.05, "l1": 0.02, "weight_decay": 0.03})

    def penalized(w: Any) -> Any:
        return gradient(w) + 2 * 0.05 * w + 0.02 * np.sign(w) + 0.03 * w

    np.testing.assert_allclose(w, by_hand(rule, start, penalized), rtol=1e-12)


def test_decoupled_decay_shrinks_the_weights_before_the_step() -> None:
    w, start, gradient = trained("sgd", {"weight_decay": 0.5}, decay="decoupled", steps=1)
    np.testing.assert_allclose(w, (1 - A * 0.5) * start - A * gradient(start), rtol=1e-13)


def test_clipping_keeps_short_gradients_and_shortens_long_ones() -> None:
    g = [np.array([3.0, 0.0]), np.array([[4.0]])]
    for a, b in zip(clipped(g, 10.0), g):
        np.testing.assert_array_equal(a, b)
    short = clipped(g, 1.0)
    np.testing.assert_allclose(short[0], [0.6, 0.0], rtol=1e-15)
    np.testing.assert_allclose(short[1], [[0.8]], rtol=1e-15)
    assert not any(each.any() for each in clipped([np.zeros(2)], 1.0))


def test_clipping_comes_into_the_step() -> None:
    w, start, gradient = trained("sgd", clip_norm=0.01, steps=1)
    g = gradient(start)
    np.testing.assert_allclose(w, start - A * 0.01 * g / np.linalg.norm(g), rtol=1e-12)


def test_adam_leaves_weights_without_gradient_where_they_are() -> None:
    data = numbers_data()
    data.train.inputs[:, 1] = 0.0
    problem = tiny_problem({"learning_rate": {"start": A}}, {"optimizer": "adam"}, LINE, data)
    values = problem.hyper(problem.space.start)
    start = problem.inner.initial_weights(values, 3)[0]
    w = problem.inner.train(values, 3)[0]
    assert w[1] == start[1]
    assert (w[[0, 2]] != start[[0, 2]]).all()
