"""The outer problem from settings to result, on a network of a few weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciopt import runs
from sciopt.errors import ConfigError, DivergenceError
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.problem import Problem, build_problem
from sciopt.hyperopt.result import HyperoptResult, family
from sciopt.hyperopt.solve import solve
from sciopt.journal import Journal
from sciopt.optimize import Iterate

SMALL: dict[str, Any] = {
    "data": {"source": "iris"},
    "model": {"name": "mlp", "hidden": [4]},
    "training": {"steps": 12, "batch": 16},
    "hyperparameters": {
        "learning_rate": {"start": 0.05, "per": ["step", "layer"], "every": 4},
        "momentum": {"start": 0.5},
        "l2": {"start": 1e-3},
    },
    "outer": {"iterations": 6, "learning_rate": 0.2, "evaluation_seeds": 2},
}


def small(**changes: Any) -> Problem:
    settings = {name: dict(section) for name, section in SMALL.items()}
    for key, value in changes.items():
        section, _, name = key.partition("__")
        if name:
            settings.setdefault(section, {})[name] = value
        else:
            settings[section] = value
    return build_problem(HyperoptConfig.model_validate(settings))


def assert_same(one: HyperoptResult, two: HyperoptResult) -> None:
    """To the last bit, apart from the measured cost."""
    for field in fields(HyperoptResult):
        if field.name != "cost":
            a, b = getattr(one, field.name), getattr(two, field.name)
            np.testing.assert_array_equal(a, b, err_msg=field.name, strict=True)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop", "l-bfgs"])
def test_the_loss_falls_and_the_best_point_is_returned(optimizer: str) -> None:
    problem = small(outer__optimizer=optimizer)
    iterates: list[Iterate] = []
    result = solve(problem, iterates.append)
    assert result.loss_final < result.loss_initial
    assert result.loss_final == result.loss_history[result.accepted].min()
    assert result.loss_history.size == result.evaluations == len(iterates)
    assert [iterate.index for iterate in iterates] == list(range(len(iterates)))
    assert np.all(np.diff([iterate.loss for iterate in iterates]) <= 0)
    # The plain run of the learning curve is the run that was differentiated.
    assert result.validation_curve_final[-1] == pytest.approx(result.loss_final, rel=1e-12)
    assert result.validation_curve_start[-1] == pytest.approx(result.loss_initial, rel=1e-12)


def test_what_is_in_the_result_survives_the_disk(tmp_path: Path) -> None:
    result = solve(small())
    runs.save_result(tmp_path, result)
    back = runs.load_result(tmp_path, HyperoptResult)
    assert_same(result, back)
    rates = family(back, "learning_rate")
    assert rates is not None
    assert rates[0] == pytest.approx(np.full((3, 2), 0.05))
    assert rates[1].shape == (3, 2)
    momentum = family(back, "momentum")
    assert momentum is not None
    assert momentum[0] == pytest.approx(0.5)
    assert family(back, "init_scale") is None
    assert back.metrics_final.shape == (2, 3, 2)
    assert back.cost > 0


@pytest.mark.parametrize("fresh", [False, True])
def test_the_same_seed_gives_the_same_bits(fresh: bool) -> None:
    options = {"outer__fresh_seeds": fresh, "hypergradient__seeds": 2}
    assert_same(solve(small(**options)), solve(small(**options)))


def test_fresh_seeds_end_at_the_last_point() -> None:
    result = solve(small(outer__fresh_seeds=True, outer__learning_rate=0.01))
    assert result.accepted.all()
    assert len(set(result.loss_history.tolist())) == result.loss_history.size
    assert result.loss_final == result.validation_curve_final[-1]


@pytest.mark.parametrize("optimizer", ["adam", "l-bfgs"])
@pytest.mark.parametrize("start", ["settings", {"random": 3}])
def test_a_resumed_search_is_the_uninterrupted_one(
    tmp_path: Path, optimizer: str, start: Any
) -> None:
    problem = small(outer__optimizer=optimizer, outer__start=start)
    whole = solve(problem)

    def stop(iterate: Iterate) -> None:
        if iterate.index == 3:
            raise KeyboardInterrupt

    path = tmp_path / "journal.bin"
    with Journal(path) as journal:
        partial = solve(problem, stop, remember=journal)
    assert partial.status == "interrupted"
    assert partial.message == "interrupted after 3 iterations"
    path.write_bytes(path.read_bytes()[:-7])  # killed while it was writing
    with Journal(path) as journal:
        resumed = solve(problem, remember=journal)
    assert journal.replayed == 3 + (0 if start == "settings" else 3)
    assert_same(resumed, whole)


def test_a_random_start_is_the_best_draw() -> None:
    result = solve(small(outer__start={"random": 5}, hyperparameters__l2={"bounds": [1e-6, 1e-2]}))
    assert result.draw_losses.size == result.training_runs == 5
    assert result.loss_initial == pytest.approx(np.nanmin(result.draw_losses), rel=1e-12)


def test_a_diverging_start_says_where_and_what_to_lower() -> None:
    steep = {"learning_rate": {"start": 900.0, "bounds": [1, 1e9]}}
    options = {"data": {"source": "diabetes"}, "model": {"name": "linear"}}
    problem = small(hyperparameters=steep, training__steps=200, **options)
    with pytest.raises(
        DivergenceError, match=r"diverged at step \d+ of 200.*Lower learning_rate \(up to 900\)"
    ):
        solve(problem)


@pytest.fixture
def _warnings_of_overflow() -> Iterator[None]:
    with np.errstate(all="raise"):
        yield


@pytest.mark.usefixtures("_warnings_of_overflow")
def test_runs_that_diverge_on_the_way_are_taken_back() -> None:
    options = {"data": {"source": "diabetes"}, "model": {"name": "linear"}}
    rates = {"learning_rate": {"start": 0.1, "bounds": [1e-3, 1e9]}, "momentum": 0.5}
    problem = small(
        hyperparameters=rates, training__steps=300, outer__learning_rate=12.0, **options
    )
    result = solve(problem)
    assert not np.isfinite(result.loss_history).all()
    assert result.status == "finished"
    assert np.isfinite(result.loss_final)
    assert result.loss_final <= result.loss_initial


def test_corrupted_examples_are_found_and_counted() -> None:
    problem = small(
        data={"source": "iris", "corruption": 0.3},
        model={"name": "logistic"},
        training__batch="full",
        training__steps=30,
        hyperparameters={
            "learning_rate": 0.5,
            "momentum": 0.9,
            "example_weights": {"start": 0.5},
        },
        outer__learning_rate=1.0,
    )
    result = solve(problem)
    assert result.corrupted.sum() > 0
    weights = family(result, "example_weights")
    assert weights is not None
    thrown = weights[1] < 0.5
    assert result.recall == (thrown & result.corrupted).sum() / result.corrupted.sum()
    assert result.precision == (thrown & result.corrupted).sum() / thrown.sum()
    assert result.f1 > 0.6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hyperparameters": {"learning_rate": 0.1}}, "hyperparameters: none is tuned"),
        (
            {"outer__optimizer": "l-bfgs", "outer__fresh_seeds": True},
            "outer.optimizer: l-bfgs compares losses, which fresh_seeds",
        ),
        (
            {
                "outer__start": {"random": 3},
                "hyperparameters__learning_rate": 0.1,
                "hyperparameters__initial_weights": {"tune": True},
            },
            "hyperparameters.initial_weights.bounds: ",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        solve(small(**changes))
    assert str(caught.value).startswith(message)
