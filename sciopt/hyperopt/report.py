"""From a finished search to its result: final training runs, metrics, all that figures need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .hypergradient.methods import recommendation_for
from .one_thread import one_thread
from .outer import Evaluations, Journey, evaluation_seeds, measured_cost, norm
from .probe import central_differences, scan_rates
from .problem import Problem
from .result import METRICS, SPLITS, HyperoptResult, Status, text_of
from .training.curves import LearningCurve, learning_curve

Vector = NDArray[np.float64]
_KEPT_FROM = 0.5  # an example of a smaller weight counts as thrown out


def report(
    problem: Problem, journey: Journey, evaluations: Evaluations, message: str, status: Status
) -> HyperoptResult:
    """The result of a search, after training once more from start and end."""
    config = problem.config
    start, best = journey.trials[0], journey.best
    curve_start, curve_final = (_curve(problem, each.vector) for each in (start, best))
    # Noisy losses are of different seeds, or of half a run: these are of whole runs on one.
    first = start.loss if journey.is_exact else float(curve_start.validation[-1])
    last = best.loss if journey.is_exact else float(curve_final.validation[-1])
    corrupted = problem.data.corrupted if problem.data.corrupted.any() else np.zeros(0, bool)
    found = _found(corrupted, problem.hyper(best.vector).get("example_weights"))
    method, reason = _method(problem)
    return HyperoptResult(
        **_families(problem),
        **_model(problem),
        values_start=_values(problem, start.vector),
        values_final=_values(problem, best.vector),
        vector_start=start.vector,
        vector_final=best.vector,
        loss_history=np.array([trial.loss for trial in journey.trials]),
        grad_norm_history=np.array([norm(trial) for trial in journey.trials]),
        accepted=np.array([trial.accepted for trial in journey.trials]),
        draw_losses=np.array(journey.draw_losses, np.float64),
        train_steps=curve_start.train_steps,
        train_curve_start=curve_start.train,
        train_curve_final=curve_final.train,
        validation_steps=curve_start.validation_steps,
        validation_curve_start=curve_start.validation,
        validation_curve_final=curve_final.validation,
        evaluation_seeds=np.array(evaluation_seeds(config), np.int64),
        metrics_start=metrics_of(problem, start.vector),
        metrics_final=metrics_of(problem, best.vector),
        learned_classes=_learned_classes(problem),
        corrupted=corrupted,
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
        **_probed(problem, journey),
        loss_initial=first,
        loss_final=last,
        objective=config.outer.objective,
        optimizer=config.outer.optimizer,
        method=method,
        reason=reason,
        notices=_texts([*problem.notices, *evaluations.notices]),
        cost=measured_cost(problem, best.vector, evaluations.durations),
        evaluations=evaluations.hypergradients,
        training_runs=evaluations.training_runs,
        iterations=journey.trials[-1].index,
        seed=config.seed,
        message=message,
        status=status,
    )


def metrics_of(problem: Problem, vector: Vector) -> NDArray[np.float64]:
    """Loss and error of train, validation and test on runs from unseen seeds, (S, 3, 2)."""
    hyper = problem.hyper(vector)
    rows = []
    with np.errstate(all="ignore"), one_thread():
        for seed in evaluation_seeds(problem.config):
            weights = problem.inner.train(hyper, seed)
            splits = (getattr(problem.data, name) for name in SPLITS)
            found = (problem.metrics(weights, hyper, split) for split in splits)
            rows.append([[each[name] for name in METRICS] for each in found])
    return np.array(rows)


def _curve(problem: Problem, vector: Vector) -> LearningCurve:
    hyper = problem.hyper(vector)
    with one_thread():
        return learning_curve(
            problem.inner,
            hyper,
            problem.config.seed,
            lambda weights: problem.outer_loss(weights, hyper),
        )


def _values(problem: Problem, vector: Vector) -> Vector:
    values = problem.hyper(vector)
    pieces = [np.ravel(values[part.name]) for part in problem.space.parts]
    return np.concatenate(pieces).astype(np.float64)


def _families(problem: Problem) -> dict[str, Any]:
    parts = problem.space.parts
    return {
        "names": _texts(part.name for part in parts),
        "per": _texts(part.per for part in parts),
        "every": np.array([part.every for part in parts], np.int64),
        "scales": _texts(part.scale for part in parts),
        "shapes": _texts(text_of(part.shape) for part in parts),
    }


def _model(problem: Problem) -> dict[str, Any]:
    layout = problem.layout
    return {
        "layer_names": _texts(layout.layer_names),
        "array_names": _texts(layout.names),
        "array_shapes": _texts(map(text_of, layout.shapes)),
        "array_layers": np.array(layout.layers, np.int64),
        "input_shape": np.array(problem.data.input_shape, np.int64),
        "class_names": _texts(problem.data.classes or ()),
    }


def _texts(words: Any) -> NDArray[np.str_]:
    return np.array([str(word) for word in words], dtype=np.str_)


def _learned_classes(problem: Problem) -> NDArray[np.int64]:
    is_learned = problem.space.part("training_inputs") is not None
    if not is_learned or not problem.data.is_classification:
        return np.zeros(0, np.int64)
    return np.argmax(problem.inner.targets, axis=1).astype(np.int64)


def _method(problem: Problem) -> tuple[str, str]:
    """The hypergradient's name, and why it was taken."""
    asked = problem.config.hypergradient.method
    if asked != "auto":
        return asked, "asked for"
    advice = recommendation_for(problem)
    return advice.method, advice.why


def _probed(problem: Problem, journey: Journey) -> dict[str, Any]:
    """The closer looks that the settings ask for."""
    asked, start = problem.config.probe, journey.trials[0]
    # An online gradient is that of a part of a run: no difference of whole runs is like it.
    count = 0 if problem.config.hypergradient.method == "online" else asked.differences
    with one_thread():
        scan = scan_rates(problem, journey.best.vector, asked.rates, asked.span)
        checked = central_differences(problem, start.vector, start.gradient, count)
    return {
        "scan_factors": scan.factors,
        "scan_losses": scan.losses,
        "scan_slopes": scan.slopes,
        "checked_labels": _texts(checked.labels),
        "checked_gradient": checked.gradient,
        "checked_differences": checked.differences,
    }


@dataclass(frozen=True)
class _Search:
    """How well corrupted examples were found; NaN where that cannot be said."""

    precision: float = float("nan")
    recall: float = float("nan")
    f1: float = float("nan")


def _found(corrupted: NDArray[np.bool_], weights: Any) -> _Search:
    if corrupted.size == 0 or weights is None or np.ndim(weights) == 0:
        return _Search()
    thrown = np.asarray(weights) < _KEPT_FROM
    hits = float(np.sum(thrown & corrupted))
    precision = hits / float(thrown.sum()) if thrown.any() else 0.0
    recall = hits / float(corrupted.sum())
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return _Search(precision, recall, f1)
