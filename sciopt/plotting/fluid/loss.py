"""The loss on its way down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from sciopt.fluid.result import FluidResult
from sciopt.plotting import style

Array = NDArray[np.float64]

_LOG_FROM = 5.0  # largest by smallest loss above which a straight scale hides the end
_DOTS_UP_TO = 40  # points that can still be told apart


@dataclass(frozen=True)
class LossCurve:
    """What the loss plot shows.

    Attributes:
        iterations: of the finite losses, (K,).
        losses: (K,).
        levels: of each of these, from coarse to fine, (K,).
        searches: of each of these, (K,): the trials of the starts, then one for each level.
        trials: how many of the searches were trials.
        gaps: iterations whose loss was infinite or NaN.
        logarithmic: whether the losses, all positive, span enough for a logarithmic scale.
        meaning: what the loss is.
    """

    iterations: NDArray[np.int_]
    losses: Array
    levels: NDArray[np.int_]
    searches: NDArray[np.int_]
    trials: int
    gaps: NDArray[np.int_]
    logarithmic: bool
    meaning: str


def loss_curve(result: FluidResult) -> LossCurve:
    """The finite part of the loss history, and where it was not finite."""
    history = np.asarray(result.loss_history, dtype=np.float64)
    searches = np.asarray(result.search_history)
    counted = np.arange(history.size) - searches  # each begins where the one before ended
    finite = np.isfinite(history)
    losses = history[finite]
    wide = losses.size > 1 and losses.min() > 0 and losses.max() > _LOG_FROM * losses.min()
    return LossCurve(
        iterations=counted[finite],
        losses=losses,
        levels=np.asarray(result.level_history)[finite],
        searches=searches[finite],
        trials=len(result.trial_losses),
        gaps=counted[~finite],
        logarithmic=bool(wide),
        meaning=_meaning(result),
    )


def _meaning(result: FluidResult) -> str:
    names = [str(name) for name in result.part_names]
    return "mean square mismatch" if names == ["mean square"] else " + ".join(names)


def draw_loss(curve: LossCurve) -> Figure:
    """Loss against accepted iterations, first and last value written beside it."""
    figure = style.new_figure(8.4, 5.0)
    axes = figure.add_subplot()
    axes.grid(visible=True, axis="y")
    axes.set_title(_title(curve), loc="left")
    axes.set_xlabel("accepted iterations")
    axes.set_ylabel(f"loss: {curve.meaning}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if curve.logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    marker = "o" if curve.losses.size <= _DOTS_UP_TO else ""
    for search in np.unique(curve.searches):
        here = curve.searches == search
        axes.plot(
            curve.iterations[here],
            curve.losses[here],
            marker=marker,
            color=style.ACCENT,
            lw=2,
            ms=4,
        )
    for search in np.unique(curve.searches)[1:]:
        begins = curve.iterations[curve.searches == search][0]
        axes.axvline(begins, color=style.FAINT, lw=1, ls="--")
    for gap in curve.gaps:
        axes.axvline(gap, color=style.ALARM, lw=1, ls=":")
    _mark_ends(axes, curve)
    return figure


def _mark_ends(axes: Axes, curve: LossCurve) -> None:
    axes.margins(y=0.14)
    last = max(1, *curve.iterations.tolist(), *curve.gaps.tolist(), 1)
    axes.set_xlim(-0.04 * last, 1.04 * last)
    points = list(zip(curve.iterations.tolist(), curve.losses.tolist(), strict=True))
    for point in dict.fromkeys(points[:1] + points[-1:]):
        first = point == points[0]
        axes.plot(*point, "o", color=style.INK, ms=6)
        axes.annotate(
            f"{point[1]:.4g}",
            point,
            xytext=(9, 5) if first else (0, 10),
            textcoords="offset points",
            ha="left" if first else "right",
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.5},
        )


def _title(curve: LossCurve) -> str:
    lost = f"; not finite at {curve.gaps.size} (dotted)" if curve.gaps.size else ""
    levels = np.unique(curve.levels)
    if curve.trials:
        return f"the loss of {curve.trials} starts (dashed); the best goes on{lost}"
    if levels.size > 1:
        return f"the loss on {levels.size} levels (dashed), from coarse to fine{lost}"
    if curve.losses.size < 2:
        return f"the loss at the start{lost}"
    first, last = curve.losses[0], curve.losses[-1]
    if last >= first:
        fall = "did not fall"
    else:
        fall = f"fell {first / last:.3g}-fold" if last > 0 else f"fell by {first - last:.3g}"
    return f"the loss {fall} in {curve.iterations[-1]} iterations{lost}"
