"""Few hyperparameters as dots on their scales, from start to end; many as their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.ticker import MaxNLocator

from sciopt.hyperopt.result import HyperoptResult, family
from sciopt.plotting import style

from .axes import Array, elided, finite, logarithmic, number, part_words, with_unit

_DOTS_UP_TO = 12  # values of a family that get a row each
_NOT_HERE = ("training_inputs", "training_labels", "example_weights")


@dataclass(frozen=True)
class FamilyValues:
    """Values of one family at start and end, N each.

    Attributes:
        title: its name.
        scale: "log", "logit" or "linear".
        labels: of the rows, N of them; empty where there are too many values for a row each.
        start, final: (N,).
    """

    title: str
    scale: str
    labels: tuple[str, ...]
    start: Array
    final: Array

    @property
    def rows(self) -> int:
        """How many rows they take: two where their spread is shown."""
        return len(self.labels) or 2


def family_values(result: HyperoptResult) -> list[FamilyValues]:
    """All families, but for schedules and what has a figure of its own."""
    found = []
    for name, per, scale in zip(result.names.tolist(), result.per.tolist(), result.scales.tolist()):
        values = family(result, name)
        if values is None or per.startswith("step") or name in _NOT_HERE:
            continue
        start, final = (each.ravel() for each in values)
        names = {"layer": result.layer_names, "array": result.array_names}.get(per)
        if final.size == 1:
            labels: tuple[str, ...] = ("",)
        elif names is not None and final.size <= _DOTS_UP_TO:
            labels = tuple(elided(part_words(each), 18) for each in names.tolist())
        else:
            labels = ()
        found.append(FamilyValues(with_unit(name), scale, labels, start, final))
    return found


def draw_values(shown: Sequence[FamilyValues]) -> Figure:
    """One panel below the other, each on its own scale."""
    height = sum(_height(each) for each in shown)
    figure = style.new_figure(8.6, float(np.clip(0.9 + height, 2.6, 30.0)))
    ink_values(figure, shown)
    return figure


def _height(shown: FamilyValues) -> float:
    return 0.95 + 0.32 * shown.rows


def ink_values(figure: FigureBase, shown: Sequence[FamilyValues]) -> None:
    """The panels into a figure or a part of one."""
    dots = "   ○ at the start   ● found" if any(each.labels for each in shown) else ""
    spread = "" if all(each.labels for each in shown) else "   of many: range, middle half, median"
    figure.suptitle(f"hyperparameters:{dots}{spread}", x=0.01, ha="left", fontsize=13)
    grid = figure.subplots(
        len(shown), 1, squeeze=False, height_ratios=[_height(each) for each in shown]
    )
    for axes, each in zip(grid[:, 0], shown):
        if each.labels:
            _ink_dots(axes, each)
        else:
            _ink_spread(axes, each)
        axes.set_title(each.title, loc="left", fontsize=12)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0, labelcolor=style.INK)
        axes.grid(visible=True, axis="x")


def _ink_dots(axes: Axes, shown: FamilyValues) -> None:
    rows = np.arange(len(shown.labels))
    _scale(axes, shown, finite(shown.start, shown.final))
    axes.hlines(rows, shown.start, shown.final, color=style.FAINT, lw=1.5)
    axes.plot(shown.start, rows, "o", mfc=style.PAPER, mec=style.FAINT, mew=1.6, ms=8)
    axes.plot(shown.final, rows, "o", color=style.ACCENT, ms=8)
    axes.set_yticks(rows, shown.labels)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    for row, start, final in zip(rows.tolist(), shown.start, shown.final):
        axes.text(
            1.02, row, f"{number(start)} → {number(final)}", transform=axes.get_yaxis_transform(),
            va="center", fontsize=10.5, color=style.INK,
        )  # fmt: skip


def _ink_spread(axes: Axes, shown: FamilyValues) -> None:
    """Two rows: from lowest to highest as a line, the middle half as a bar, the median as a dot."""
    quantiles = [
        np.nanquantile(each, (0, 0.25, 0.5, 0.75, 1)) for each in (shown.start, shown.final)
    ]
    _scale(axes, shown, finite(*quantiles))
    for row, (q, colour) in enumerate(zip(quantiles, (style.FAINT, style.ACCENT))):
        axes.hlines(row, q[0], q[4], color=colour, lw=1.5)
        axes.hlines(row, q[1], q[3], color=colour, lw=6)
        axes.plot(q[2], row, "o", color=style.INK, ms=6)
        axes.text(
            1.02, row, f"median {number(q[2])}", transform=axes.get_yaxis_transform(),
            va="center", fontsize=10.5,
        )  # fmt: skip
    axes.set_yticks((0, 1), ("at the start", f"{shown.final.size} found"))
    axes.set_ylim(1.6, -0.6)


def _scale(axes: Axes, shown: FamilyValues, values: Array) -> None:
    low, high = (values.min(), values.max()) if values.size else (0.0, 1.0)
    if shown.scale == "log" and low > 0:
        room = max((high / low) ** 0.08, 1.15)
        axes.set_xlim(low / room, high * room)
        logarithmic(axes.xaxis)
        axes.set_xlim(low / room, high * room)
    elif shown.scale == "logit" and low >= 0 and high <= 1:
        axes.set_xlim(-0.02, 1.02)
    else:
        room = 0.1 * (high - low) or 0.1 * abs(high) or 1.0
        axes.set_xlim(low - room, high + room)
        axes.xaxis.set_major_locator(MaxNLocator(6))
