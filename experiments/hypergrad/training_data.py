"""Ten learned training images: Maclaurin, Duvenaud and Adams (2015), section 3.3, with controls.

Run: ``python -m experiments.hypergrad.training_data [RUN_FOLDER] [--data-dir FOLDER]`` (seconds).
Without a folder it first runs ``sciopt hyperopt training-data``. The paper's figure is
learned-inputs.png in the folder; the reference is an independent implementation. The outer loss is
that on 10000 training images.
"""

from __future__ import annotations

from sciopt.hyperopt.problem import Problem

from .reproduction import Finished, Row, Vector, finished_run, over_seeds, show

UNSEEN = 5
COLUMNS = ("outer loss", "test loss", "test error, %")
_NAN = float("nan")


def on_own_seed(problem: Problem, vector: Vector) -> tuple[float, ...]:
    """The columns, on the initial weights tuned with."""
    return _figures(over_seeds(problem, vector, 0))


def on_unseen_seeds(problem: Problem, vector: Vector, seeds: int) -> tuple[float, ...]:
    """The columns, as means over other initial weights."""
    return _figures(over_seeds(problem, vector, seeds))


def _figures(means: Vector) -> tuple[float, ...]:
    return (float(means[0, 0]), float(means[2, 0]), 100 * float(means[2, 1]))


def rows(done: Finished, seeds: int = UNSEEN) -> list[Row]:
    """Before, after, and on initial weights that the images were not made for."""
    problem, result = done.problem, done.result
    return [
        Row("noise, at the start", (2.29, _NAN, 91), on_own_seed(problem, result.vector_start)),
        Row("learned images", (0.326, 0.363, 9.65), on_own_seed(problem, result.vector_final)),
        Row(f"the same, {seeds} unseen initial weights", (0.437, _NAN, 10.3),
            on_unseen_seeds(problem, result.vector_final, seeds)),
    ]  # fmt: skip


def main() -> None:
    """Print the table and draw it."""
    done = finished_run("training-data", __doc__)
    show(done, "loss on 10000 images after training on ten", COLUMNS, rows(done))


if __name__ == "__main__":
    main()
