"""Compiled training steps give what steps in plain NumPy give, in every method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_problems import classes_data, tiny_problem

from autodiff.compile import backends
from sciopt.hyperopt.hypergradient import Hypergradient, Implicit, Online, forward, reverse
from sciopt.hyperopt.hypergradient.reversible import reversible
from sciopt.hyperopt.hypergradient.truncated import truncated
from sciopt.hyperopt.problem import Problem


@pytest.fixture(autouse=True)
def backend() -> None:
    """Machine code, where there is llvmlite."""


ALL = {
    "learning_rate": {"start": 0.1, "per": ["step", "array"]},
    "momentum": {"start": 0.8, "per": "step"},
    "weight_decay": {"start": 0.02},
    "rate_decay": {"start": 0.5},
    "init_scale": {"start": 0.5, "per": "layer"},
    "l2": {"start": 0.1, "per": "weight"},
    "l1": {"start": 0.01},
    "example_weights": {},
    "label_smoothing": {},
    "training_labels": {},
    "shift": {"start": 0.5},
    "rotation": {"start": 5.0},
    "contrast": {"start": 0.2},
}
FEW = {"learning_rate": {"start": 0.1}, "l2": {"start": 0.1}, "example_weights": {}}
DATA = {"l2": {"start": 0.1}, "example_weights": {}, "learning_rate": 0.3}

METHODS: dict[str, tuple[dict[str, Any], dict[str, Any], Callable[[], Any]]] = {
    "reverse": (ALL, {"clip_norm": 0.5}, lambda: reverse),
    "reverse in little memory": (ALL, {}, lambda: partial(reverse, memory=3000)),
    "truncated": (
        {k: v for k, v in ALL.items() if k != "init_scale"}, {},
        lambda: partial(truncated, last_steps=3),
    ),
    "reversible": ({**FEW, "momentum": {"start": 0.8}}, {}, lambda: reversible),
    "forward": (FEW, {"optimizer": "adam"}, lambda: forward),
    "online": (FEW, {"optimizer": "nesterov"}, lambda: Online(3)),
    "implicit": (DATA, {"steps": 40}, lambda: Implicit(damping=0.5)),
}  # fmt: skip


def found(problem: Problem, method: Any) -> list[Hypergradient]:
    """Of two vectors: what was compiled for the first one serves the second."""
    start = problem.space.start
    return [method(problem, vector, 3) for vector in (start, start + 0.1)]


@pytest.mark.parametrize("name", METHODS)
def test_the_hypergradient_is_that_of_plain_steps(name: str) -> None:
    tuned, training, make = METHODS[name]
    problem = tiny_problem(tuned, training, data=classes_data((6, 6)))
    assert problem.inner.compiled
    plain = tiny_problem(
        tuned, training, data=classes_data((6, 6)), hypergradient={"compiled": False}
    )
    assert not plain.inner.compiled
    for fast, slow in zip(found(problem, make()), found(plain, make())):
        # Sums in other orders, over some tens of steps.
        assert fast.loss == pytest.approx(slow.loss, rel=1e-12)
        error = np.linalg.norm(fast.gradient - slow.gradient)
        assert error < 1e-11 * np.linalg.norm(slow.gradient)
    # The same settings give the same bits, also where everything is compiled anew.
    again = tiny_problem(tuned, training, data=classes_data((6, 6)))
    for one, two in zip(found(problem, make()), found(again, make())):
        assert one.loss == two.loss
        np.testing.assert_array_equal(one.gradient, two.gradient)


MIXTURE = """\
import autodiff.numpy as np
from autodiff.scipy.special import log_softmax, logsumexp, softmax, xlogy


class Experts:
    def init(rng, input_shape, outputs):
        shape = (3, input_shape[0], outputs)
        return {"gate": rng.standard_normal((input_shape[0], 3)), "w": rng.standard_normal(shape)}

    def predict(params, inputs):
        gates = log_softmax(inputs @ params["gate"], axis=1)
        logits = np.stack([inputs @ w for w in params["w"]], axis=1)
        scores = logits - logsumexp(logits, axis=2, keepdims=True)
        return logsumexp(gates[:, :, None] + scores, axis=1)

    def loss(outputs, targets):
        p = softmax(outputs, axis=1)
        return -np.sum(targets * outputs, axis=1) + 0.01 * np.sum(xlogy(p, p), axis=1)
"""


@pytest.mark.filterwarnings("error::RuntimeWarning")  # which say what is not compiled
def test_a_model_file_with_special_functions_runs_in_machine_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("llvmlite")
    pairs, pair_of = [], backends.pair_of
    monkeypatch.setattr(backends, "pair_of", lambda *a: pairs.append(pair_of(*a)) or pairs[-1])
    path = tmp_path / "mixture.py"
    path.write_text(MIXTURE)
    model = {"name": f"{path}:Experts"}
    problem = tiny_problem(FEW, model=model)
    plain = tiny_problem(FEW, model=model, hypergradient={"compiled": False})
    for fast, slow in zip(found(problem, reverse), found(plain, reverse)):
        # Sums in other orders, over a few steps.
        assert fast.loss == pytest.approx(slow.loss, rel=1e-12)
        np.testing.assert_allclose(fast.gradient, slow.gradient, rtol=1e-11, atol=1e-13)
    assert pairs
    assert None not in pairs


def test_memory_changes_no_bit() -> None:
    problem = tiny_problem(ALL, {"steps": 9}, data=classes_data((6, 6)))
    stored = reverse(problem, problem.space.start, 3)
    for memory in (3000, 6000):
        few = reverse(problem, problem.space.start, 3, memory=memory)
        np.testing.assert_array_equal(few.gradient, stored.gradient)


def test_changed_data_are_seen() -> None:
    """Examples are arguments of what is compiled, not part of it."""
    problem = tiny_problem({"learning_rate": {"start": 0.1}})
    before = reverse(problem, problem.space.start, 3)
    problem.inner.inputs[:] *= 1.5
    after = reverse(problem, problem.space.start, 3)
    plain = replace(problem, inner=replace(problem.inner, compiled=False))
    assert after.loss != before.loss
    np.testing.assert_allclose(
        after.gradient, reverse(plain, problem.space.start, 3).gradient, rtol=1e-12
    )


def test_steps_are_recorded_once_for_all_vectors_and_seeds(monkeypatch: Any) -> None:
    problem = tiny_problem(FEW)
    reverse(problem, problem.space.start, 3)

    def fail(*_: Any) -> None:
        raise AssertionError("recorded anew")

    monkeypatch.setattr("autodiff.compile.families.record", fail)
    reverse(problem, problem.space.start + 0.1, 4)
