"""Which labels are wrong? The task of Franceschi et al. (2017), section 5.1, with its controls.

Run: ``python -m experiments.hypergrad.cleaning [RUN_FOLDER] [--data-dir FOLDER]`` (minutes).
Without a folder it first runs ``sciopt hyperopt cleaning``. Controls train for 500 steps, all
examples weighing the same. The reference is an independent implementation, a mean over three seeds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sciopt.hyperopt.data import Dataset, Split
from sciopt.hyperopt.problem import Problem
from sciopt.hyperopt.result import family

from .reproduction import Finished, Row, finished_run, fixed, show, with_settings

STEPS = 500
COLUMNS = ("test accuracy, %",)


def accuracy(problem: Problem, inputs: NDArray, targets: NDArray, steps: int) -> float:
    """Test accuracy in percent after training on these examples."""
    data: Dataset = replace(
        problem.data, train=Split(inputs, targets), corrupted=np.zeros(len(inputs), bool)
    )
    hyper = problem.config.hyperparameters
    control = with_settings(
        problem,
        data,
        hyperparameters={
            "learning_rate": hyper.learning_rate,
            "momentum": hyper.momentum,
            "init_scale": fixed(0),
        },
        training={"steps": steps},
    )
    values = control.hyper(control.space.start)
    weights = control.inner.train(values, control.config.seed)
    return 100 * (1 - control.metrics(weights, values, data.test)["error"])


def rows(done: Finished, steps: int = STEPS) -> list[Row]:
    """The cleaned model and the controls."""
    problem, result = done.problem, done.result
    data = problem.data
    train, validation = data.train, data.validation
    found = family(result, "example_weights")
    assert found is not None
    everything = np.ones(len(train), bool)

    def with_validation(kept: NDArray[np.bool_], targets: NDArray) -> float:
        inputs = np.concatenate([train.inputs[kept], validation.inputs])
        return accuracy(problem, inputs, np.concatenate([targets[kept], validation.targets]), steps)

    cleaned = 100 * (1 - result.metrics_final[:, 2, 1].mean())
    found_out = {
        "hyper-cleaned model, as tuned": (89.9, float(cleaned)),
        "retrained on what was kept + validation": (
            89.6,
            with_validation(found[1] >= 0.5, train.targets),
        ),
        "validation alone": (89.5, accuracy(problem, validation.inputs, validation.targets, steps)),
        "all, wrong labels too, + validation": (83.7, with_validation(everything, train.targets)),
        "the right half + validation (oracle)": (
            90.4,
            with_validation(~data.corrupted, train.targets),
        ),
        "all labels right + validation": (90.9, with_validation(everything, data.clean_targets)),
    }
    return [Row(label, (reference,), (ours,)) for label, (reference, ours) in found_out.items()]


def main() -> None:
    """Print the table and draw it."""
    done = finished_run("cleaning", __doc__)
    found = done.result
    print(f"wrong labels found: F1 {found.f1:.3f} (precision {found.precision:.3f},"
          f" recall {found.recall:.3f}); reference 0.93")  # fmt: skip
    show(done, "test accuracy after cleaning, and of controls", COLUMNS, rows(done))


if __name__ == "__main__":
    main()
