"""The outer loss from step to step, and training before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.hyperopt.result import HyperoptResult
from sciopt.plotting import style

from .axes import Array, finite, fit, legend, number, objective_words, steps_axis

_DOTS_UP_TO = 60  # points that can still be told apart


@dataclass(frozen=True)
class OuterSteps:
    """How the search went; K vectors were tried.

    Attributes:
        losses, norms: outer loss and norm of its hypergradient, (K,); may be NaN or infinite.
        accepted: whether the search went on from it, (K,).
        draws: random draws of which the best was the start.
        is_noisy: whether each outer step had seeds of its own, so that losses do not compare.
        objective: what the loss is of.
    """

    losses: Array
    norms: Array
    accepted: NDArray[np.bool_]
    draws: int
    is_noisy: bool
    objective: str


@dataclass(frozen=True)
class LearningCurves:
    """Losses along a training run, with the hyperparameters at start and end.

    Attributes:
        train_steps, train: (N,), and of start and end, (2, N).
        outer_steps, outer: (V,), and of start and end, (2, V).
        objective: what the outer loss is of.
    """

    train_steps: NDArray[np.int_]
    train: Array
    outer_steps: NDArray[np.int_]
    outer: Array
    objective: str


def outer_steps(result: HyperoptResult) -> OuterSteps:
    """The search of a result."""
    accepted = result.accepted.astype(bool)
    kept = result.loss_history[accepted]
    return OuterSteps(
        losses=result.loss_history,
        norms=result.grad_norm_history,
        accepted=accepted,
        draws=result.draw_losses.size,
        is_noisy=bool(np.any(np.diff(kept) > 0)),
        objective=result.objective,
    )


def draw_outer_steps(search: OuterSteps) -> Figure:
    """The outer loss and the norm of its hypergradient, by outer steps."""
    figure = style.new_figure(8.6, 6.6)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    ink_outer_loss(above, search)
    ink_norms(below, search)
    return figure


def ink_outer_loss(axes: Axes, search: OuterSteps) -> None:
    """The outer loss by outer steps; steps taken back are crosses, those off the scale arrows."""
    steps = np.arange(search.losses.size)
    kept = search.accepted & np.isfinite(search.losses)
    back = ~search.accepted
    shown = finite(search.losses[kept])
    fit(axes, shown)
    top = axes.get_ylim()[1]
    beyond = back & ~(search.losses < top)  # NaN too
    inside = back & ~beyond
    marker = "o" if steps.size <= _DOTS_UP_TO else ""
    axes.plot(steps[kept], search.losses[kept], marker=marker, color=style.ACCENT, lw=2, ms=4)
    style_back: dict[str, Any] = {"ls": "", "color": style.ALARM, "ms": 6}
    axes.plot(steps[inside], search.losses[inside], marker="x", label="taken back", **style_back)
    if beyond.any():
        axes.plot(
            steps[beyond], np.full(beyond.sum(), top), marker="^", clip_on=False,
            label="taken back, off the scale", **style_back,
        )  # fmt: skip
    if back.any():
        legend(axes, loc="upper right")
    axes.set_title(_loss_title(search), loc="left")
    axes.set_ylabel(objective_words(search.objective))
    axes.grid(visible=True, axis="y")
    steps_axis(axes, steps.size - 1)
    _mark_ends(axes, steps[kept], search.losses[kept])


def ink_norms(axes: Axes, search: OuterSteps) -> None:
    """The norm of the hypergradient by outer steps."""
    steps, good = np.arange(search.norms.size), np.isfinite(search.norms)
    fit(axes, finite(search.norms))
    axes.plot(steps[good], search.norms[good], color=style.FAINT, lw=1)
    for which, marker, colour in (
        (search.accepted, "o", style.ACCENT),
        (~search.accepted, "x", style.ALARM),
    ):
        axes.plot(steps[which & good], search.norms[which & good], marker, color=colour, ms=4)
    for gap in steps[~good]:
        axes.axvline(gap, color=style.ALARM, lw=1, ls=":")
    lost = f"; not finite at {(~good).sum()} (dotted)" if not good.all() else ""
    axes.set_title(f"length of the hypergradient, before clipping{lost}", loc="left")
    axes.set_ylabel("norm")
    axes.set_xlabel("outer step")
    axes.grid(visible=True, axis="y")


def _loss_title(search: OuterSteps) -> str:
    name = objective_words(search.objective)
    start = f" from the best of {search.draws} random draws" if search.draws else ""
    noisy = "; a new seed in every step" if search.is_noisy else ""
    return f"{name} after training{start}, step by step of the search{noisy}"


def _mark_ends(axes: Axes, steps: NDArray[np.int_], losses: Array) -> None:
    points = list(zip(steps.tolist(), losses.tolist(), strict=True))
    for point in dict.fromkeys(points[:1] + points[-1:]):
        first = point == points[0]
        axes.plot(*point, "o", color=style.INK, ms=6)
        axes.annotate(
            number(point[1]),
            point,
            xytext=(9, 2) if first else (9, -4),
            textcoords="offset points",
            ha="left",
        )


def learning_curves(result: HyperoptResult) -> LearningCurves:
    """Training before and after, of a result."""
    return LearningCurves(
        train_steps=result.train_steps,
        train=np.stack([result.train_curve_start, result.train_curve_final]),
        outer_steps=result.validation_steps,
        outer=np.stack([result.validation_curve_start, result.validation_curve_final]),
        objective=result.objective,
    )


def draw_learning_curves(curves: LearningCurves) -> Figure:
    """Training and outer loss by training steps, before and after, side by side."""
    figure = style.new_figure(11.0, 4.8)
    left, right = figure.subplots(1, 2)
    ink_training(left, curves.train_steps, curves.train)
    left.set_title("loss on each minibatch, before its step", loc="left")
    left.set_ylabel("loss")
    ink_outer_along(right, curves)
    return figure


def ink_outer_along(axes: Axes, curves: LearningCurves) -> None:
    """The outer loss along training, before and after."""
    ink_training(axes, curves.outer_steps, curves.outer)
    axes.set_title(f"{objective_words(curves.objective)} along training", loc="left")


def ink_training(axes: Axes, steps: NDArray[np.int_], losses: Array) -> None:
    """Two curves along a training run, before and after, each named at its end."""
    start = losses[0][np.isfinite(losses[0])]
    shown = finite(losses)
    if shown.size and start.size and shown.max() > 100 * start.max():
        shown = shown[shown <= 3 * start.max()]  # a spike on the way must not squeeze the rest
    fit(axes, shown)
    axes.grid(visible=True, axis="y")
    steps_axis(axes, int(steps[-1]))
    axes.set_xlabel("training step")
    marker = "o" if steps.size <= _DOTS_UP_TO // 2 else ""
    for each, colour, name, width in zip(
        losses, (style.FAINT, style.ACCENT), ("before", "after"), (1.6, 2.0)
    ):
        good = np.isfinite(each)
        lost = "" if good.all() else ", diverges"
        end = f": {number(each[good][-1])} at the end" if good.any() and not lost else ""
        axes.plot(
            steps[good], each[good], marker=marker, color=colour, lw=width, ms=3.5,
            label=f"{name}{end}{lost}",
        )  # fmt: skip
    legend(axes, loc="best")
