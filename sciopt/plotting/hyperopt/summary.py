"""One page that tells a stranger what was tuned, what it brought, and what was learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase

from sciopt.hyperopt.result import METRICS, SPLITS, HyperoptResult
from sciopt.plotting import style

from .axes import Array, elided, finite, fit, number, objective_words, words
from .curves import (
    LearningCurves,
    OuterSteps,
    ink_outer_along,
    ink_outer_loss,
    learning_curves,
    outer_steps,
)
from .examples import ExampleWeights, example_weights, ink_example_weights
from .images import Pictures, ink_pictures, learned_inputs, weight_maps
from .probes import RateScan, ink_rate_scan, rate_scan
from .schedules import Schedule, ink_schedule, schedules
from .values import FamilyValues, family_values, ink_values

Feature = Pictures | ExampleWeights | RateScan | list[Schedule] | list[FamilyValues]

_VALUES_UP_TO = 12  # rows of dots that fit the page
_TEST = SPLITS.index("test")


@dataclass(frozen=True)
class Metrics:
    """Loss and error of train, validation and test data at start and end.

    Attributes:
        start, final: (S, 3, 2) for S runs.
        error_name: what the error is, with its unit.
        error_factor: what turns it into that unit.
        runs: which runs these are.
    """

    start: Array
    final: Array
    error_name: str
    error_factor: float
    runs: str


@dataclass(frozen=True)
class Summary:
    """What the page shows.

    Attributes:
        headline, subline: what was tuned, and what came out.
        search, training, metrics: see there.
        feature: the most telling thing that was learned; None if nothing can be shown.
    """

    headline: str
    subline: str
    search: OuterSteps
    training: LearningCurves
    metrics: Metrics
    feature: Feature | None


def summary(result: HyperoptResult) -> Summary:
    """The page of a result."""
    metrics = _metrics(result)
    count = result.values_start.size
    families = elided(", ".join(words(name) for name in result.names.tolist()), 60)
    plural = "s" if count != 1 else ""
    steps = f"{result.iterations} outer step{'s' * (result.iterations != 1)}"
    ended = "" if result.status == "finished" else f" ({result.status})"
    return Summary(
        headline=f"{count} hyperparameter{plural} tuned by gradient in {steps}{ended}: {families}",
        subline=(
            f"{objective_words(result.objective)} {number(result.loss_initial)} →"
            f" {number(result.loss_final)};  on test data, never tuned on: "
            + _fall(metrics, METRICS.index("loss"), "loss")
            + ", "
            + _fall(metrics, METRICS.index("error"), metrics.error_name)
        ),
        search=outer_steps(result),
        training=learning_curves(result),
        metrics=metrics,
        feature=_feature(result),
    )


def _metrics(result: HyperoptResult) -> Metrics:
    is_classes = bool(result.class_names.size)
    count = result.evaluation_seeds.size
    same = result.evaluation_seeds.tolist() == [result.seed]
    plural = "s" if count != 1 else ""
    return Metrics(
        start=result.metrics_start,
        final=result.metrics_final,
        error_name="wrong answers, %" if is_classes else "unexplained variance, %",
        error_factor=100.0,
        runs="the seed tuned with" if same else f"{count} unseen seed{plural}",
    )


def _fall(metrics: Metrics, which: int, name: str) -> str:
    factor = metrics.error_factor if METRICS[which] == "error" else 1.0
    start, final = (
        factor * float(np.mean(each[:, _TEST, which])) for each in (metrics.start, metrics.final)
    )
    name, comma, unit = name.partition(", ")
    return f"{name} {number(start)} → {number(final)}{' ' + unit if comma else ''}"


def _feature(result: HyperoptResult) -> Feature | None:
    """What was learned, in order of how much it tells."""
    scan = rate_scan(result)
    maps = weight_maps(result)
    for telling in (learned_inputs(result), example_weights(result), scan, *maps):
        if telling is not None:
            return telling
    steps = [each for each in schedules(result) if not each.title.endswith(" of biases")]
    if steps:
        return steps[:2]
    values: list[FamilyValues] = []
    for each in family_values(result):
        if sum(other.rows + 1 for other in values) + each.rows < _VALUES_UP_TO:
            values.append(each)
    return values or None


def draw_summary(page: Summary) -> Figure:
    """The search, training before and after, the metrics, and what was learned."""
    figure = style.new_figure(13.6, 9.4)
    above, below = figure.subfigures(2, 1, height_ratios=(4.4, 5))  # type: ignore[misc]
    above.suptitle(
        f"{page.headline}\n{page.subline}", x=0.012, ha="left", fontsize=13.5, linespacing=1.7
    )
    left, right = above.subplots(1, 2)
    ink_outer_loss(left, page.search)
    left.set_title("the search, step by step", loc="left")
    left.set_xlabel("outer step")
    ink_outer_along(right, page.training)
    right.set_title(
        f"{objective_words(page.training.objective)} along one training run", loc="left"
    )
    if page.feature is None:
        _ink_metrics(below, page.metrics)
        return figure
    left_below, right_below = below.subfigures(1, 2, width_ratios=(4, 6))
    _ink_metrics(left_below, page.metrics)
    _ink_feature(right_below, page.feature)
    return figure


def _ink_metrics(figure: FigureBase, metrics: Metrics) -> None:
    """Loss and error of each part of the data: rings before, dots after, one for each run."""
    figure.suptitle(f"○ before   ● after   ({metrics.runs})", x=0.02, ha="left", fontsize=13)
    for which, axes in enumerate(figure.subplots(2, 1)):
        factor = metrics.error_factor if METRICS[which] == "error" else 1.0
        start, final = factor * metrics.start[:, :, which], factor * metrics.final[:, :, which]
        _ink_metric(axes, start, final)
        axes.set_xlabel("loss" if METRICS[which] == "loss" else metrics.error_name)


def _ink_metric(axes: Axes, start: Array, final: Array) -> None:
    rows = np.arange(len(SPLITS))
    fit(axes, finite(start, final), which="x")
    before, after = start.mean(axis=0), final.mean(axis=0)
    axes.hlines(rows, before, after, color=style.FAINT, lw=1)
    for each, look in (
        (start, {"mfc": "none", "mec": style.FAINT, "mew": 1.5}),
        (final, {"color": style.ACCENT}),
    ):
        for run in each:
            axes.plot(run, rows, "o", ms=7, **look)
    for row, one, two in zip(rows.tolist(), before, after):
        axes.text(1.02, row, f"{number(one)} → {number(two)}",
                  transform=axes.get_yaxis_transform(), va="center", fontsize=11)  # fmt: skip
    axes.set_yticks(rows, SPLITS)
    axes.set_ylim(len(SPLITS) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")


def _ink_feature(figure: FigureBase, feature: Feature) -> None:
    if isinstance(feature, Pictures):
        ink_pictures(figure, feature)
    elif isinstance(feature, ExampleWeights):
        ink_example_weights(figure, feature)
    elif isinstance(feature, RateScan):
        ink_rate_scan(figure, feature)
    elif isinstance(feature[0], Schedule):
        grid = figure.subplots(len(feature), 1, squeeze=False, sharex=True)[:, 0]
        for axes, each in zip(grid, feature):
            assert isinstance(each, Schedule)
            is_first = each is feature[0]
            ink_schedule(axes, each, finite(each.start, each.final), named=is_first)
        grid[-1].set_xlabel("training step")
    else:
        ink_values(figure, [each for each in feature if isinstance(each, FamilyValues)])
