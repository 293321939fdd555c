"""Search with and without gradients: the best loss so far against training runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.hyperopt.result import SearchCurves
from sciopt.plotting import style

from .axes import Array, finite, fit, legend, number, objective_words

_NAMES = {
    "gradient": "gradient",
    "hybrid": "random draws, then gradient",
    "random": "random search",
    "tpe": "TPE",
}
_LOOKS = {
    "gradient": (style.ACCENT, "-"),
    "hybrid": ("#d77fa1", "--"),
    "random": (style.FAINT, "-."),
    "tpe": ("#56b4e9", "-"),
}
_TEST, _LOSS = 2, 0


@dataclass(frozen=True)
class BestSoFar:
    """M methods, R training runs, S seeds.

    Attributes:
        methods: M of them.
        runs: 1 to R.
        middle, low, high: median, lowest and highest best loss over seeds, (M, R); NaN before it is
            known for all.
        test: loss on test data of the best found, (M, S).
        hyperparameters: how many were tuned.
        cost: training runs charged for a hypergradient.
        objective: what the loss is of.
    """

    methods: tuple[str, ...]
    runs: NDArray[np.int_]
    middle: Array
    low: Array
    high: Array
    test: Array
    hyperparameters: int
    cost: float
    objective: str


def best_so_far(curves: SearchCurves) -> BestSoFar:
    """Median and range over seeds."""
    best = np.where(np.isfinite(curves.best), curves.best, np.nan)
    # NaN stays NaN: a median over the seeds that were quick would flatter.
    return BestSoFar(
        methods=tuple(curves.methods.tolist()),
        runs=np.arange(1, best.shape[2] + 1),
        middle=np.median(best, axis=1),
        low=best.min(axis=1),
        high=best.max(axis=1),
        test=curves.metrics[:, :, _TEST, _LOSS],
        hyperparameters=int(curves.hyperparameters),
        cost=float(np.mean(curves.cost)),
        objective=curves.objective,
    )


def draw_comparison(shown: BestSoFar) -> Figure:
    """The curves left, the losses on test data right."""
    figure = style.new_figure(12.0, 5.6)
    seeds = shown.test.shape[1]
    several = f"{seeds} seeds" if seeds > 1 else "one seed"
    figure.suptitle(
        f"{shown.hyperparameters} hyperparameter{'s' * (shown.hyperparameters != 1)}, {several};"
        f" a hypergradient counts as {number(shown.cost)} training runs",
        x=0.01,
        ha="left",
        fontsize=13,
    )
    left, right = figure.subplots(1, 2, width_ratios=(5, 3))
    _ink_curves(left, shown)
    _ink_test(right, shown)
    return figure


def _ink_curves(axes: Axes, shown: BestSoFar) -> None:
    early = shown.runs.size // 8  # the first draws may be anything
    fit(axes, finite(shown.low[:, early:], shown.middle[:, early:]))
    for k, name in enumerate(shown.methods):
        colour, dashes = _LOOKS.get(name, (style.INK, ":"))
        if shown.test.shape[1] > 1:
            axes.fill_between(shown.runs, shown.low[k], shown.high[k], color=colour, alpha=0.13,
                              step="post", lw=0)  # fmt: skip
        axes.step(shown.runs, shown.middle[k], where="post", color=colour, ls=dashes, lw=2.2,
                  label=f"{_NAMES.get(name, name)}: {number(shown.middle[k, -1])}")  # fmt: skip
    axes.set_xlabel("training runs spent")
    axes.set_ylabel(objective_words(shown.objective))
    spread = "; median and range" if shown.test.shape[1] > 1 else ""
    axes.set_title(f"best {objective_words(shown.objective)} so far{spread}", loc="left")
    axes.set_xlim(0, 1.02 * shown.runs[-1])
    axes.grid(visible=True, axis="y")
    legend(axes, loc="upper right")


def _ink_test(axes: Axes, shown: BestSoFar) -> None:
    fit(axes, finite(shown.test), which="x")
    for row, (name, losses) in enumerate(zip(shown.methods, shown.test)):
        colour, _ = _LOOKS.get(name, (style.INK, ":"))
        good = losses[np.isfinite(losses)]
        axes.plot(good, np.full(good.size, row), "o", color=colour, ms=7, alpha=0.8)
        if good.size:
            axes.plot(np.median(good), row, "|", color=style.INK, ms=22, mew=2)
    axes.set_yticks(
        range(len(shown.methods)), [_NAMES.get(m, m).replace(", ", ",\n") for m in shown.methods]
    )
    axes.set_ylim(len(shown.methods) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.set_xlabel("loss on test data, never searched on")
    axes.set_title("of the best found, by seed", loc="left")
    axes.grid(visible=True, axis="x")
