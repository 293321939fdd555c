"""Optimisers, digit for digit as Autograd's."""

from __future__ import annotations

from typing import Any

import autograd
import autograd.misc.optimizers as theirs
import autograd.numpy as autograd_numpy
import numpy as onp
import pytest

import autodiff
import autodiff.misc.optimizers as ours
import autodiff.numpy as np

START = [onp.array([1.0, -2.0]), {"b": 0.5}]


def objective(np: Any) -> Any:
    return lambda x, i: np.sum((x[0] - i * 0.01) ** 4) + np.cos(x[1]["b"]) * x[0][0]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("sgd", {}),
        ("sgd", {"num_iters": 7, "step_size": 0.01, "mass": 0.5}),
        ("rmsprop", {}),
        ("rmsprop", {"num_iters": 9, "step_size": 0.01, "gamma": 0.5, "eps": 1e-3}),
        ("adam", {}),
        ("adam", {"num_iters": 9, "step_size": 0.01, "b1": 0.5, "b2": 0.8, "eps": 1e-3}),
    ],
)
def test_iterates_are_equal_to_the_last_digit(name: str, options: dict[str, Any]) -> None:
    seen: dict[str, list[Any]] = {"ours": [], "theirs": []}

    def run(package: Any, module: Any, np: Any, into: list[Any]) -> Any:
        def callback(x: Any, i: int, g: Any) -> None:
            into.append((x[0].tolist(), float(x[1]["b"]), i, g[0].tolist(), float(g[1]["b"])))

        return getattr(module, name)(package.grad(objective(np)), START, callback, **options)

    a = run(autodiff, ours, np, seen["ours"])
    b = run(autograd, theirs, autograd_numpy, seen["theirs"])
    onp.testing.assert_allclose(seen["ours"][-1][0], seen["theirs"][-1][0], rtol=1e-14)
    assert len(seen["ours"]) == len(seen["theirs"])
    onp.testing.assert_allclose(a[0], b[0], rtol=1e-14)
    assert type(a) is list
    assert float(a[1]["b"]) == pytest.approx(float(b[1]["b"]), rel=1e-14)


def test_no_callback_is_needed_and_vectors_are_welcome() -> None:
    x = ours.adam(lambda x, i: 2 * x, onp.array([1.0, -1.0]), num_iters=3, step_size=0.1)
    onp.testing.assert_allclose(x, [0.7, -0.7], atol=1e-2)
    assert ours.sgd.__name__ == "sgd"
