"""Closer looks: loss and slope against the learning rate, hypergradient against differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.ticker import LogLocator, NullFormatter

from sciopt.hyperopt.result import HyperoptResult, family
from sciopt.plotting import style

from .axes import (
    Array,
    elided,
    finite,
    fit,
    label_words,
    legend,
    logarithmic,
    number,
    objective_words,
    tick,
    wide,
)

_HIGHEST = 1e12  # times the median: where the panel ends, or noise would squeeze the rest
_ROUNDING, _AGREED = 1e-16, 1e-2
_ABOVE = 100.0  # times the calm slope: what counts as explosion


@dataclass(frozen=True)
class RateScan:
    """Outer loss against the learning rate.

    Attributes:
        rates: (F,), or factors on them where there are several.
        losses, slopes: outer loss, and its derivative by the logarithm of the rate, (F,).
        found: the rate, or factor, that was found.
        is_factor: whether it is a factor.
        edge: the lowest rate from which on the slope is mostly a hundred times that before, or NaN.
        objective: what the loss is of.
    """

    rates: Array
    losses: Array
    slopes: Array
    found: float
    is_factor: bool
    edge: float
    objective: str


@dataclass(frozen=True)
class CheckedGradient:
    """Derivatives by some hyperparameters, twice: (Q,) each."""

    labels: tuple[str, ...]
    gradient: Array
    differences: Array

    @property
    def errors(self) -> Array:
        """By how much they differ, relative to the larger; 0 where both vanish."""
        size = np.maximum(np.abs(self.gradient), np.abs(self.differences))
        return np.abs(self.gradient - self.differences) / np.where(size > 0, size, 1.0)


def rate_scan(result: HyperoptResult) -> RateScan | None:
    """The scan of learning rates; None if it was not asked for."""
    if result.scan_factors.size == 0:
        return None
    rates = family(result, "learning_rate")
    one = rates is not None and rates[1].size == 1
    found = float(rates[1].ravel()[0]) if rates is not None and one else 1.0
    factors = result.scan_factors
    return RateScan(
        rates=factors * found,
        losses=result.scan_losses,
        slopes=result.scan_slopes,
        found=found,
        is_factor=not one,
        edge=found * _edge(factors, np.abs(result.scan_slopes)),
        objective=result.objective,
    )


def _edge(factors: Array, slopes: Array) -> float:
    """The factor from which on slopes are mostly beyond what they were below; NaN if none is."""
    for k in range(1, factors.size):
        before = finite(slopes[:k])
        calm = float(before.max()) if before.size else np.inf
        wild = ~(slopes[k:] <= _ABOVE * calm)  # NaN too
        if wild[0] and wild.mean() > 0.5:
            return float(factors[k])
    return float("nan")


def checked_gradient(result: HyperoptResult) -> CheckedGradient | None:
    """The hypergradient against differences; None if it was not asked for."""
    if result.checked_labels.size == 0:
        return None
    labels = tuple(elided(label_words(label)) for label in result.checked_labels.tolist())
    return CheckedGradient(labels, result.checked_gradient, result.checked_differences)


def draw_rate_scan(scan: RateScan) -> Figure:
    """Loss above, size of the slope below."""
    figure = style.new_figure(9.0, 7.2)
    ink_rate_scan(figure, scan)
    return figure


def ink_rate_scan(figure: FigureBase, scan: RateScan) -> None:
    """Two panels on one axis of rates."""
    above, below = figure.subplots(2, 1, sharex=True)
    name = objective_words(scan.objective)
    _ink_scan(above, scan, scan.losses)
    above.set_title(f"{name} after training, by learning rate", loc="left")
    above.set_ylabel(name)
    _ink_scan(below, scan, np.abs(scan.slopes))
    below.set_title(_slope_title(scan), loc="left")
    below.set_ylabel("size of the derivative")
    below.set_xlabel("factor on the learning rates found" if scan.is_factor else "learning rate")
    logarithmic(below.xaxis)
    below.set_xlim(scan.rates[0], scan.rates[-1])
    above.annotate(
        f"found: {number(scan.found)}", (scan.found, 1), xycoords=("data", "axes fraction"),
        xytext=(5, -14), textcoords="offset points", color=style.INK, fontsize=10.5,
    )  # fmt: skip


def _slope_title(scan: RateScan) -> str:
    noise = "" if np.isnan(scan.edge) else f"; noise from {number(scan.edge)} on"
    return f"size of its derivative by log(rate){noise}"


def _ink_scan(axes: Axes, scan: RateScan, values: Array) -> None:
    good = np.isfinite(values)
    shown = finite(values[values > 0] if wide(finite(values[values > 0])) else values)
    middle = float(np.median(shown)) if shown.size else 0.0
    fit(axes, shown[shown <= _HIGHEST * middle] if middle > 0 else shown)
    if axes.get_yscale() == "log" and shown.max() > 1e4 * shown.min():
        axes.yaxis.set_major_locator(LogLocator(numticks=7))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=True)
    if np.isfinite(scan.edge):
        axes.axvspan(scan.edge, scan.rates[-1], color=style.ALARM, alpha=0.1, lw=0)
    axes.axvline(scan.found, color=style.INK, lw=1, ls="--")
    axes.plot(scan.rates[good], values[good], "-o", color=style.ACCENT, lw=1.2, ms=3.5)
    if not good.all():
        top = np.full(int((~good).sum()), axes.get_ylim()[1])
        axes.plot(scan.rates[~good], top, "^", color=style.ALARM, clip_on=False, ms=6,
                  label="not finite")  # fmt: skip
        legend(axes, loc="upper left")


def draw_checked_gradient(checked: CheckedGradient) -> Figure:
    """Both derivatives of each hyperparameter left, how far they are apart right."""
    count = len(checked.labels)
    figure = style.new_figure(12.0, float(np.clip(2.2 + 0.42 * count, 3.2, 20.0)))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    _ink_derivatives(left, checked)
    _ink_errors(right, checked.errors)
    for axes in (left, right):
        axes.grid(visible=True, axis="x")
    return figure


def _ink_derivatives(axes: Axes, checked: CheckedGradient) -> None:
    """Dots in rings; only their sizes where these are far apart, the signs with the labels."""
    rows = np.arange(len(checked.labels))
    labels, name = list(checked.labels), "derivative"
    gradient, differences = checked.gradient, checked.differences
    sizes = np.abs(finite(gradient, differences))
    if wide(sizes):
        signs = ["-" if value < 0 else "+" for value in gradient]
        labels = [f"{label}  {sign}" for label, sign in zip(labels, signs)]
        gradient, differences, name = np.abs(gradient), np.abs(differences), "size of derivative"
        fit(axes, sizes, which="x")
    else:
        axes.axvline(0, color=style.GRID, lw=1)
    axes.plot(differences, rows, "o", mfc="none", mec=style.INK, ms=12)
    axes.plot(gradient, rows, "o", color=style.ACCENT, ms=6)
    axes.set_yticks(rows, labels)
    axes.tick_params(axis="y", labelcolor=style.INK, length=0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"{name} of the outer loss, at the start")
    axes.set_title("hypergradient ●  in finite difference ○", loc="left")


def _ink_errors(axes: Axes, errors: Array) -> None:
    errors = np.maximum(errors, _ROUNDING)
    good = np.isfinite(errors)
    axes.plot(errors[good], np.flatnonzero(good), "o", color=style.ACCENT, ms=6)
    axes.set_xscale("log")
    worst = float(errors[good].max(initial=_ROUNDING))
    axes.set_xlim(min(1e-12, 0.3 * float(errors[good].min(initial=1.0))), max(1.0, 3 * worst))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("relative difference of the two")
    how = "they agree to" if worst < _AGREED else "they differ by up to"
    axes.set_title(f"{how} {tick(worst)}", loc="left")
