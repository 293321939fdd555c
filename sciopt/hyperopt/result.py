"""What tuning yields: arrays and scalars only, ready to be saved and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["finished", "interrupted", "diverged"]
Text = NDArray[np.str_]

SPLITS = ("train", "validation", "test")
METRICS = ("loss", "error")


@dataclass(frozen=True)
class HyperoptResult:
    """The best hyperparameters that were found, and how they were found.

    P families of hyperparameters have `values_start.size` values in all, one family after the
    other; `family` cuts them out. K outer steps were tried, the start among them. Test examples
    are never used for tuning.

    Attributes:
        names: of the families, (P,), such as "learning_rate".
        per: their granularities, (P,), such as "global" or "step layer".
        every: training steps that share a value, (P,).
        scales: on which steps were taken, (P,).
        shapes: of their values, (P,), such as "200x8"; empty text for a single value.
        values_start, values_final: of all families, (size,).
        vector_start, vector_final: the same on their scales, (size,).
        layer_names, array_names: of the model, (L,) and (A,).
        array_shapes: of the model's arrays, (A,), such as "64x32".
        array_layers: the number of the layer of each array, (A,).
        input_shape: of one example, (1,) or (2,).
        class_names: (C,); empty for regression.
        loss_history: outer loss of each vector tried, (K,); not finite where training diverged.
        grad_norm_history: norm of its hypergradient before clipping, (K,).
        accepted: whether the search went on from it, (K,).
        draw_losses: outer losses of the random start, (D,); empty without one.
        train_steps: steps at which the training losses below were taken, (N,).
        train_curve_start, train_curve_final: loss on that step's minibatch, (N,).
        validation_steps: steps taken before the outer losses below, (V,).
        validation_curve_start, validation_curve_final: outer loss on the way, (V,).
        evaluation_seeds: of the runs that the metrics are of, (S,).
        metrics_start, metrics_final: (S, 3, 2): for each run, of train, validation and test the
            loss and the error: the share of wrong classes, or for regression 1 - R^2.
        learned_classes: class of each learned training input, (N,); empty if none are learned.
        corrupted: training examples whose label had been replaced, (N,); empty if none had.
        precision, recall, f1: of taking example weights below half of the largest possible one for
            corrupted; NaN where that cannot be said.
        scan_factors: on all learning rates at the end, (F,), rising; empty unless asked for.
        scan_losses, scan_slopes: outer loss there, and its derivative by the logarithm of the
            factor, (F,); NaN or infinite where training diverged.
        checked_labels: of some hyperparameters, (Q,); empty unless asked for.
        checked_gradient, checked_differences: derivatives of the outer loss by them at the start,
            by the hypergradient and by central differences, (Q,).
        loss_initial, loss_final: outer loss at start and end, on the seed tuned with; with fresh
            seeds each on the seed of its outer step.
        objective, optimizer, method: the outer loss, the outer optimiser, the hypergradient.
        reason: why this method.
        notices: sentences that the user should read, (M,).
        cost: seconds of a hypergradient over seconds of a training run, measured; the only number
            here that differs from one run of the same settings to the next.
        evaluations: hypergradients computed.
        training_runs: plain training runs besides.
        iterations: outer steps tried, without the start.
        seed: of everything random.
        message: why the search stopped, for the user.
        status: "finished", "interrupted" by the user, or "diverged" at the start.
    """

    names: Text
    per: Text
    every: NDArray[np.int64]
    scales: Text
    shapes: Text
    values_start: NDArray[np.float64]
    values_final: NDArray[np.float64]
    vector_start: NDArray[np.float64]
    vector_final: NDArray[np.float64]
    layer_names: Text
    array_names: Text
    array_shapes: Text
    array_layers: NDArray[np.int64]
    input_shape: NDArray[np.int64]
    class_names: Text
    loss_history: NDArray[np.float64]
    grad_norm_history: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    draw_losses: NDArray[np.float64]
    train_steps: NDArray[np.int64]
    train_curve_start: NDArray[np.float64]
    train_curve_final: NDArray[np.float64]
    validation_steps: NDArray[np.int64]
    validation_curve_start: NDArray[np.float64]
    validation_curve_final: NDArray[np.float64]
    evaluation_seeds: NDArray[np.int64]
    metrics_start: NDArray[np.float64]
    metrics_final: NDArray[np.float64]
    learned_classes: NDArray[np.int64]
    corrupted: NDArray[np.bool_]
    precision: float
    recall: float
    f1: float
    scan_factors: NDArray[np.float64]
    scan_losses: NDArray[np.float64]
    scan_slopes: NDArray[np.float64]
    checked_labels: Text
    checked_gradient: NDArray[np.float64]
    checked_differences: NDArray[np.float64]
    loss_initial: float
    loss_final: float
    objective: str
    optimizer: str
    method: str
    reason: str
    notices: Text
    cost: float
    evaluations: int
    training_runs: int
    iterations: int
    seed: int
    message: str
    status: Status


@dataclass(frozen=True)
class SearchCurves:
    """Search with and without gradients on one problem, by the same budget of training runs.

    A hypergradient is charged `cost` training runs. M methods, S seeds, R training runs.

    Attributes:
        methods: names, (M,): gradient, hybrid (random draws, then gradient), random, tpe.
        best: lowest outer loss after 1, 2, ... training runs, (M, S, R); NaN before the first.
        metrics: of the best vector of each, (M, S, 3, 2), means over unseen seeds, see
            `HyperoptResult.metrics_final`.
        seeds: (S,).
        cost: seconds of a hypergradient over seconds of a training run, (S,).
        hyperparameters: how many numbers were tuned.
        objective: the outer loss.
    """

    methods: Text
    best: NDArray[np.float64]
    metrics: NDArray[np.float64]
    seeds: NDArray[np.int64]
    cost: NDArray[np.float64]
    hyperparameters: int
    objective: str


@dataclass(frozen=True)
class GradientCheck:
    """The self-check of hypergradients, one entry for each line, (N,).

    Attributes:
        names: of what was compared with reverse mode.
        values, references: norms of two gradients, or derivatives along one direction.
        errors: relative; NaN where skipped.
        tolerances: what they may be.
        verdicts: "agrees", "differs", "shown" or "skipped".
        reasons: of the tolerances and verdicts.
    """

    names: Text
    values: NDArray[np.float64]
    references: NDArray[np.float64]
    errors: NDArray[np.float64]
    tolerances: NDArray[np.float64]
    verdicts: Text
    reasons: Text


def family(
    result: HyperoptResult, name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Values of one family at start and end, in their shape; None if it was not tuned."""
    names = result.names.tolist()
    if name not in names:
        return None
    shapes = [shape_of(text) for text in result.shapes.tolist()]
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
    k = names.index(name)
    place = slice(int(ends[k]), int(ends[k + 1]))
    return (
        result.values_start[place].reshape(shapes[k]),
        result.values_final[place].reshape(shapes[k]),
    )


def shape_of(text: str) -> tuple[int, ...]:
    """The shape that a text such as "200x8" stands for."""
    return tuple(int(side) for side in text.split("x")) if text else ()


def text_of(shape: Any) -> str:
    """The text for a shape."""
    return "x".join(map(str, shape))
