"""Search with and without gradients on the same budget."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciopt import runs
from sciopt.errors import ConfigError
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.outer import plain_loss, random_vectors
from sciopt.hyperopt.problem import Problem, build_problem
from sciopt.hyperopt.result import SearchCurves
from sciopt.hyperopt.search import check_comparison, compare


def problem(**outer: Any) -> Problem:
    return build_problem(
        HyperoptConfig.model_validate(
            {
                "data": "iris",
                "model": {"name": "mlp", "hidden": [3]},
                "training": {"steps": 6, "batch": 16},
                "hyperparameters": {
                    "learning_rate": {"start": 0.05, "per": "layer", "bounds": [1e-3, 10]},
                    "momentum": {"start": 0.5, "bounds": [0.05, 0.99]},
                },
                "outer": {"iterations": 4, **outer},
            }
        )
    )


def test_all_methods_get_the_same_budget_and_start_when_they_can(tmp_path: Path) -> None:
    curves = compare(problem(), ["random", "tpe"], seeds=2, cost=2.5, runs=12)
    assert curves.methods.tolist() == ["gradient", "hybrid", "random", "tpe"]
    assert curves.best.shape == (4, 2, 12)
    assert curves.metrics.shape == (4, 2, 3, 2)
    # A hypergradient costs 2.5 runs: nothing is known before the third. Draws are known at once.
    assert np.isnan(curves.best[0, :, :2]).all()
    assert np.isfinite(curves.best[0, :, 2:]).all()
    assert np.isfinite(curves.best[1:]).all()
    known = np.nan_to_num(curves.best, nan=np.inf)
    assert np.all(known[:, :, 1:] <= known[:, :, :-1])
    runs.save_result(tmp_path, curves, runs.COMPARISON)
    back = runs.load_result(tmp_path, SearchCurves, runs.COMPARISON)
    np.testing.assert_array_equal(back.best, curves.best)


def test_random_search_is_the_best_of_its_draws() -> None:
    curves = compare(problem(), ["random"], seeds=1, cost=4, runs=9)
    losses = [plain_loss(problem(), v) for v in random_vectors(problem().space, 9, 0)]
    np.testing.assert_array_equal(curves.best[2, 0], np.minimum.accumulate(losses))


def test_a_comparison_repeats_to_the_bit() -> None:
    one, two = (compare(problem(), ["tpe"], seeds=1, cost=3, runs=8) for _ in range(2))
    np.testing.assert_array_equal(one.best, two.best)
    np.testing.assert_array_equal(one.metrics, two.metrics)


def test_tpe_without_optuna_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(ConfigError, match=r"pip install 'sciopt\[compare\]'"):
        check_comparison(problem(), ["random", "tpe"])


def test_noisy_losses_cannot_be_compared() -> None:
    with pytest.raises(ConfigError, match="fixed seeds"):
        check_comparison(problem(fresh_seeds=True), ["random"])
