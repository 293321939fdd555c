"""Learned weights of training examples, those with wrong labels marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from numpy.typing import NDArray

from sciopt.hyperopt.result import HyperoptResult, family
from sciopt.plotting import style

from .axes import Array, legend

_BINS = 40
_MOST_DOTS = 6000  # beyond, they would cover each other
_THRESHOLD = 0.5
WRONG, RIGHT = style.ALARM, "#7fb8e6"  # orange and blue: told apart by everyone


@dataclass(frozen=True)
class ExampleWeights:
    """Weights of N training examples.

    Attributes:
        weights: (N,).
        corrupted: whether the label had been replaced, (N,); all False where it is not known.
        threshold: below which an example counts as thrown out.
        precision, recall, f1: of that; NaN where it is not known which labels are wrong.
    """

    weights: Array
    corrupted: NDArray[np.bool_]
    threshold: float
    precision: float
    recall: float
    f1: float

    @property
    def is_known(self) -> bool:
        """Whether it is known which labels are wrong."""
        return bool(self.corrupted.any())


def example_weights(result: HyperoptResult) -> ExampleWeights | None:
    """The weights of the examples; None if they were not tuned."""
    values = family(result, "example_weights")
    if values is None:
        return None
    weights = values[1].ravel()
    known = result.corrupted.size == weights.size
    corrupted = result.corrupted.astype(bool) if known else np.zeros(weights.size, bool)
    return ExampleWeights(
        weights, corrupted, _THRESHOLD, result.precision, result.recall, result.f1
    )


def draw_example_weights(shown: ExampleWeights) -> Figure:
    """Each example as a dot, and how many there are of each weight."""
    figure = style.new_figure(10.0, 5.4)
    ink_example_weights(figure, shown)
    return figure


def ink_example_weights(figure: FigureBase, shown: ExampleWeights) -> None:
    """The dots and the counts side by side, on one axis of weights."""
    figure.suptitle(headline(shown), x=0.01, ha="left", fontsize=13)
    dots, counts = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    _ink_dots(dots, shown)
    _ink_counts(counts, shown)


def headline(shown: ExampleWeights) -> str:
    """What the weights tell."""
    below = int(np.sum(shown.weights < shown.threshold))
    count = shown.weights.size
    if not shown.is_known:
        return f"{below} of {count} training examples were given a weight below {shown.threshold:g}"
    wrong = int(shown.corrupted.sum())
    hits = int(np.sum(shown.corrupted & (shown.weights < shown.threshold)))
    return (
        f"{hits} of {wrong} wrong labels found, {below - hits} right ones suspected"
        f"  (F1 {shown.f1:.3f})"
    )


def _ink_dots(axes: Axes, shown: ExampleWeights) -> None:
    place = np.arange(shown.weights.size)
    every = -(-place.size // _MOST_DOTS)
    for which, colour, _ in _groups(shown):
        chosen = place[which][::every]
        axes.plot(chosen, shown.weights[chosen], ".", color=colour, ms=2.5, alpha=0.7)
    axes.axhline(shown.threshold, color=style.INK, lw=1, ls="--")
    axes.set_xlabel("training example, in the order of the data")
    axes.set_ylabel("weight of its loss in training")
    axes.set_xlim(-0.01 * place.size, 1.01 * place.size)
    axes.set_ylim(-0.03, 1.03)


def _ink_counts(axes: Axes, shown: ExampleWeights) -> None:
    edges = np.linspace(0, 1, _BINS + 1)
    highest = 0
    for which, colour, name in _groups(shown):
        counts, _ = np.histogram(shown.weights[which], edges)
        highest = max(highest, int(counts.max(initial=0)))
        axes.stairs(counts, edges, orientation="horizontal", fill=True, color=colour, alpha=0.35)
        axes.stairs(counts, edges, orientation="horizontal", color=colour, lw=1.6,
                    label=f"{name}, {int(which.sum())}")  # fmt: skip
    axes.axhline(shown.threshold, color=style.INK, lw=1, ls="--")
    axes.set_xlabel("training examples")
    axes.set_xlim(0, 1.08 * max(highest, 1))
    legend(axes, loc="center right")


def _groups(shown: ExampleWeights) -> list[tuple[NDArray[np.bool_], str, str]]:
    if not shown.is_known:
        return [(~shown.corrupted, RIGHT, "training examples")]
    return [
        (~shown.corrupted, RIGHT, "label right"),
        (shown.corrupted, WRONG, "label wrong"),
    ]
