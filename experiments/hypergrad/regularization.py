"""An L2 penalty for every weight: Maclaurin, Duvenaud and Adams (2015), section 3.2, with controls.

Run: ``python -m experiments.hypergrad.regularization [RUN_FOLDER] [--data-dir FOLDER]`` (seconds).
Without a folder it first runs ``sciopt hyperopt regularization``. The paper's figure is
weight-maps.png in the folder; the reference is an independent implementation. The last control
is the one to remember: the validation images are worth more as training data.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sciopt.hyperopt.data import Split
from sciopt.hyperopt.problem import Problem

from .reproduction import (
    Finished,
    Row,
    Vector,
    finished_run,
    fixed,
    over_seeds,
    show,
    with_settings,
)

UNSEEN = 5
GRID = tuple(np.exp(np.arange(-12.0, 0.5)))
COLUMNS = ("validation loss", "test loss", "test error, %")
_NAN = float("nan")


def figures(problem: Problem, vector: Vector, seeds: int = 0) -> tuple[float, ...]:
    """The columns, on the run's own initial weights or as means over unseen ones."""
    means = over_seeds(problem, vector, seeds)
    return (float(means[1, 0]), float(means[2, 0]), 100 * float(means[2, 1]))


def with_one_penalty(problem: Problem, penalty: float) -> Problem:
    """The same training with one coefficient for all weights."""
    hyper = problem.config.hyperparameters
    return with_settings(
        problem,
        hyperparameters={
            "learning_rate": hyper.learning_rate,
            "momentum": hyper.momentum,
            "init_scale": hyper.init_scale,
            "l2": fixed(penalty),
        },
    )


def on_everything(problem: Problem) -> tuple[float, ...]:
    """Twice the steps on training and validation images together, hardly punished."""
    data = problem.data
    both = Split(
        np.concatenate([data.train.inputs, data.validation.inputs]),
        np.concatenate([data.train.targets, data.validation.targets]),
    )
    control = with_settings(
        with_one_penalty(problem, GRID[0]),
        replace(data, train=both, corrupted=np.zeros(len(both), bool)),
        training={"steps": 2 * problem.config.training.steps},
    )
    return (_NAN, *figures(control, control.space.start)[1:])


def rows(done: Finished, seeds: int = UNSEEN) -> list[Row]:
    """Before, after, unseen initial weights, one coefficient, and more data instead."""
    problem, result = done.problem, done.result
    single = []
    for penalty in GRID:
        control = with_one_penalty(problem, penalty)
        single.append(figures(control, control.space.start))
    best = min(range(len(GRID)), key=lambda k: single[k][0])
    return [
        Row("at the start", (0.700, 0.669, 13.4), figures(problem, result.vector_start)),
        Row("a penalty for each weight", (0.371, 0.362, 10.1),
            figures(problem, result.vector_final)),
        Row(f"the same, {seeds} unseen initial weights", (0.375, 0.364, 10.2),
            figures(problem, result.vector_final, seeds)),
        Row(f"best single penalty, {GRID[best]:.1e}", (0.425, 0.387, 11.4), single[best]),
        Row("trained on validation images too", (_NAN, 0.340, 9.8), on_everything(problem)),
    ]  # fmt: skip


def main() -> None:
    """Print the table and draw it."""
    done = finished_run("regularization", __doc__)
    show(done, "test loss", COLUMNS, rows(done), place=1)


if __name__ == "__main__":
    main()
