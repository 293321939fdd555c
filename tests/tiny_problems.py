"""Outer problems small enough to differentiate a hundred times in a test."""

from __future__ import annotations

from typing import Any

import numpy as np

from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.data import Dataset, Split
from sciopt.hyperopt.problem import Problem, problem_on


def classes_data(shape: tuple[int, ...] = (3,), classes: int = 2, count: int = 12) -> Dataset:
    """Examples of each class around a mean of its own."""
    rng = np.random.default_rng(7)
    means = rng.standard_normal((classes, *shape))

    def split(size: int) -> Split:
        targets = np.arange(size) % classes
        return Split(means[targets] + 0.5 * rng.standard_normal((size, *shape)), targets)

    names = tuple(f"class {k}" for k in range(classes))
    return _dataset(split(count), split(10), split(8), names)


def numbers_data(features: int = 3, count: int = 12, outputs: int = 1) -> Dataset:
    """Examples of a noisy linear function."""
    rng = np.random.default_rng(8)
    slopes = rng.standard_normal((features, outputs))

    def split(size: int) -> Split:
        inputs = rng.standard_normal((size, features))
        return Split(inputs, inputs @ slopes + 0.3 * rng.standard_normal((size, outputs)))

    return _dataset(split(count), split(10), split(8), None)


def _dataset(
    train: Split, validation: Split, test: Split, classes: tuple[str, ...] | None
) -> Dataset:
    return Dataset(
        name="tiny",
        train=train,
        validation=validation,
        test=test,
        classes=classes,
        corrupted=np.zeros(len(train), dtype=bool),
        clean_targets=train.targets,
        mean=np.zeros(train.inputs.shape[1:]),
        scale=np.ones(train.inputs.shape[1:]),
    )


def tiny_problem(
    hyperparameters: dict[str, Any],
    training: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    data: Dataset | None = None,
    **settings: Any,
) -> Problem:
    """A problem of 5 steps on a 3-4-2 network, unless said otherwise."""
    config = HyperoptConfig.model_validate(
        {
            "model": {"hidden": [4], **(model or {})},
            "training": {"steps": 5, "batch": 6, **(training or {})},
            "hyperparameters": hyperparameters,
            **settings,
        }
    )
    data = classes_data() if data is None else data
    if config.training.dtype == "float32":
        data = _single(data)
    return problem_on(data, config)


def _single(data: Dataset) -> Dataset:
    from dataclasses import replace

    parts = {
        name: Split(part.inputs.astype(np.float32), part.targets)
        for name in ("train", "validation", "test")
        for part in [getattr(data, name)]
    }
    return replace(data, **parts)


def central_difference(
    problem: Problem, vector: Any, seed: int, direction: Any, step: float = 5e-4
) -> float:
    """The derivative of the outer loss along `direction`, to about 1e-9 of its size.

    Two central differences extrapolated to a step of zero (Richardson); plain training runs.
    """

    def loss(at: Any) -> float:
        hyper = problem.hyper(at)
        return float(problem.outer_loss(problem.inner.train(hyper, seed), hyper))

    def difference(h: float) -> float:
        return (loss(vector + h * direction) - loss(vector - h * direction)) / (2 * h)

    coarse, fine = difference(step), difference(step / 2)
    return fine + (fine - coarse) / 3
