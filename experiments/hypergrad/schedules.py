"""Learned training schedules: Maclaurin, Duvenaud and Adams (2015), section 3.1, with controls.

Run: ``python -m experiments.hypergrad.schedules [RUN_FOLDER] [--data-dir FOLDER]`` (minutes).
Without a folder it first runs ``sciopt hyperopt schedules``. The paper's figure is schedules.png in
the folder. The reference is an independent implementation, in which 200 runs of TPE found the
constant; all figures are means over unseen seeds.
"""

from __future__ import annotations

from sciopt.hyperopt.config import Hyperparameter
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.solve import solve

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

RATE, MOMENTUM, SCALE = 2.70, 0.60, 0.169
SEEDS = 10
CLIP = 0.5
OUTER_RATE = 0.03  # with a longer step, rates that are high already pass the edge of stability
COLUMNS = ("train loss", "validation loss", "test loss", "test error, %")


def figures(problem: Problem, vector: Vector, seeds: int = SEEDS) -> tuple[float, ...]:
    """The columns, for a vector of hyperparameters."""
    means = over_seeds(problem, vector, seeds)
    return (*means[:, 0].tolist(), 100 * float(means[2, 1]))


def rows(done: Finished, seeds: int = SEEDS) -> list[Row]:
    """Before, after, the best constant, and the schedule that starts from it."""
    problem, result = done.problem, done.result
    constant = with_settings(
        problem,
        hyperparameters={
            "learning_rate": fixed(RATE),
            "momentum": fixed(MOMENTUM),
            "init_scale": fixed(SCALE),
        },
    )
    from_constant = with_settings(
        problem,
        hyperparameters={
            "learning_rate": Hyperparameter(start=RATE, per=("step", "array")),
            "momentum": Hyperparameter(start=MOMENTUM, per=("step", "array")),
            "init_scale": Hyperparameter(start=SCALE, per="array"),
        },
        outer={"clip": CLIP, "learning_rate": OUTER_RATE},
    )
    tuned = solve(from_constant).vector_final
    return [
        Row("at the start", (0.539, 0.604, 0.574, 16.6),
            figures(problem, result.vector_start, seeds)),
        Row("learned schedule", (0.149, 0.262, 0.249, 7.2),
            figures(problem, result.vector_final, seeds)),
        Row("best constant", (0.153, 0.303, 0.289, 8.2),
            figures(constant, constant.space.start, seeds)),
        Row("schedule learned from that constant", (0.123, 0.255, 0.248, 7.0),
            figures(from_constant, tuned, seeds)),
    ]  # fmt: skip


def main() -> None:
    """Print the table and draw it."""
    done = finished_run("schedules", __doc__)
    show(done, "training loss after 100 steps", COLUMNS, rows(done))


if __name__ == "__main__":
    main()
