"""A made-up result of hyperopt, with any field changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sciopt.hyperopt.result import HyperoptResult, SearchCurves, text_of

Families = dict[str, tuple[str, str, int, np.ndarray, np.ndarray]]
"""By name: granularity, scale, every, values at start and at the end."""


def made_up_result(families: Families | None = None, **changes: Any) -> HyperoptResult:
    """A run that went well, on digits with a network of two layers; `families` were tuned."""
    if families is None:
        families = {
            "learning_rate": ("step layer", "log", 5, np.full((4, 2), 0.1), steps(4, 2)),
            "momentum": ("global", "logit", 1, np.array(0.5), np.array(0.8)),
            "l2": ("layer", "log", 1, np.full(2, 1e-3), np.array([1e-5, 1e-2])),
        }
    names = list(families)
    rows = [families[name] for name in names]
    start = np.concatenate([np.ravel(row[3]) for row in rows]).astype(float)
    final = np.concatenate([np.ravel(row[4]) for row in rows]).astype(float)
    losses = np.geomspace(1.0, 0.1, 8)
    fields: dict[str, Any] = {
        "names": np.array(names),
        "per": np.array([row[0] for row in rows]),
        "every": np.array([row[2] for row in rows]),
        "scales": np.array([row[1] for row in rows]),
        "shapes": np.array([text_of(np.shape(row[3])) for row in rows]),
        "values_start": start,
        "values_final": final,
        "vector_start": start,
        "vector_final": final,
        "layer_names": np.array(["0", "1"]),
        "array_names": np.array(["0.weights", "0.bias", "1.weights", "1.bias"]),
        "array_shapes": np.array(["64x3", "3", "3x10", "10"]),
        "array_layers": np.array([0, 0, 1, 1]),
        "input_shape": np.array([8, 8]),
        "class_names": np.array([str(k) for k in range(10)]),
        "loss_history": losses,
        "grad_norm_history": np.sqrt(losses),
        "accepted": np.ones(8, bool),
        "draw_losses": np.zeros(0),
        "train_steps": np.arange(20),
        "train_curve_start": np.geomspace(2.3, 1, 20),
        "train_curve_final": np.geomspace(2.3, 0.05, 20),
        "validation_steps": np.arange(21),
        "validation_curve_start": np.geomspace(2.3, 1, 21),
        "validation_curve_final": np.geomspace(2.3, 0.1, 21),
        "evaluation_seeds": np.array([5, 6]),
        "metrics_start": np.full((2, 3, 2), 0.9),
        "metrics_final": np.linspace(0.05, 0.2, 12).reshape(2, 3, 2),
        "learned_classes": np.zeros(0, np.int64),
        "corrupted": np.zeros(0, bool),
        "precision": np.nan,
        "recall": np.nan,
        "f1": np.nan,
        "scan_factors": np.zeros(0),
        "scan_losses": np.zeros(0),
        "scan_slopes": np.zeros(0),
        "checked_labels": np.array([], dtype=np.str_),
        "checked_gradient": np.zeros(0),
        "checked_differences": np.zeros(0),
        "loss_initial": 1.0,
        "loss_final": 0.1,
        "objective": "validation",
        "optimizer": "adam",
        "method": "reverse",
        "reason": "made up",
        "notices": np.array([], dtype=np.str_),
        "cost": 4.0,
        "evaluations": 8,
        "training_runs": 0,
        "iterations": 7,
        "seed": 0,
        "message": "made up",
        "status": "finished",
    }
    return HyperoptResult(**{**fields, **changes})


def steps(count: int, columns: int) -> np.ndarray:
    """A schedule that falls, from column to column lower."""
    return np.geomspace(2, 0.2, count)[:, None] / (1 + np.arange(columns))


def made_up_curves(**changes: Any) -> SearchCurves:
    """Four methods on three seeds, the gradient known from the fourth training run on."""
    best = np.broadcast_to(np.geomspace(1, 0.1, 20), (4, 3, 20)) * np.ones((4, 3, 1))
    best = best * (1 + np.arange(4))[:, None, None]
    best[0, :, :3] = np.nan
    fields: dict[str, Any] = {
        "methods": np.array(["gradient", "hybrid", "random", "tpe"]),
        "best": best,
        "metrics": np.full((4, 3, 3, 2), 0.3),
        "seeds": np.arange(3),
        "cost": np.full(3, 4.0),
        "hyperparameters": 10,
        "objective": "validation",
    }
    return SearchCurves(**{**fields, **changes})


@pytest.fixture
def made_up() -> Callable[..., HyperoptResult]:
    return made_up_result


@pytest.fixture
def curves() -> Callable[..., SearchCurves]:
    return made_up_curves
