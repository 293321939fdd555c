"""Learned schedules: values that change from training step to training step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sciopt.hyperopt.result import HyperoptResult, family, shape_of
from sciopt.plotting import style

from .axes import Array, elided, finite, fit, in_order, legend, part_words, with_unit, words

_LINES_UP_TO = 12  # beyond, lines cannot be told apart
_THICK_UP_TO = 50  # values along a run


@dataclass(frozen=True)
class Schedule:
    """Values of one family by training step; S values along a run.

    Attributes:
        name: of the family.
        edges: training steps where a value begins, and the end of the run, (S + 1,).
        start, final: (S, N) for N layers or arrays.
        labels: of these, N of them; empty where they are too many to be told apart.
        title: what they are.
    """

    name: str
    edges: NDArray[np.int_]
    start: Array
    final: Array
    labels: tuple[str, ...]
    title: str


def schedules(result: HyperoptResult) -> list[Schedule]:
    """The schedules of a result, arrays of weights and of biases apart."""
    found = []
    for name, per, every in zip(result.names.tolist(), result.per.tolist(), result.every.tolist()):
        values = family(result, name)
        if values is None or not per.startswith("step"):
            continue
        start, final = (each.reshape(len(each), -1) for each in values)
        steps = int(result.validation_steps[-1])
        edges = np.minimum(np.arange(len(start) + 1) * every, steps)
        for title, labels, columns in _groups(result, per, start.shape[1]):
            found.append(
                Schedule(name, edges, start[:, columns], final[:, columns], labels,
                         f"{words(name)}{title}")
            )  # fmt: skip
    return found


def _groups(
    result: HyperoptResult, per: str, count: int
) -> list[tuple[str, tuple[str, ...], list[int]]]:
    """What belongs into one panel: a title, labels, columns."""
    everything = list(range(count))
    if per == "step":
        return [("", ("",), everything)]
    if per == "step layer":
        names = [part_words(name) for name in result.layer_names.tolist()]
        return [(" of each layer", _told_apart(names), everything)]
    names = result.array_names.tolist()
    flat = [len(shape_of(text)) < 2 for text in result.array_shapes.tolist()]
    if per != "step array" or not any(flat) or all(flat):
        return [(" of each array", _told_apart([part_words(name) for name in names]), everything)]
    groups = []
    for title, is_flat in ((" of weights", False), (" of biases", True)):
        columns = [k for k in everything if flat[k] == is_flat]
        labels = [part_words(names[k]) for k in columns]
        heads = [label.rsplit(" ", 1)[0] for label in labels]
        unique = heads if len(set(heads)) == len(heads) else labels
        groups.append((title, _told_apart(unique), columns))
    return groups


def _told_apart(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(elided(label, 20) for label in labels) if len(labels) <= _LINES_UP_TO else ()


def draw_schedules(shown: Sequence[Schedule]) -> Figure:
    """One row for each family, weights left and biases right."""
    names = list(dict.fromkeys(each.name for each in shown))
    columns = max(sum(each.name == name for each in shown) for name in names)
    figure = style.new_figure(6.6 * columns + 1.6, 1.0 + 3.2 * len(names))
    grid = figure.subplots(len(names), columns, squeeze=False, sharex=True)
    named: set[tuple[str, ...]] = set()
    for row, name in zip(grid, names):
        mine = [each for each in shown if each.name == name]
        values = finite(*(each.final for each in mine), *(each.start for each in mine))
        for axes, each in zip(row, mine):
            ink_schedule(axes, each, values, named=each.labels not in named)
            named.add(each.labels)
        for axes in row[len(mine) :]:
            axes.set_visible(False)
    for axes in grid[-1]:
        axes.set_xlabel("training step")
    return figure


def ink_schedule(axes: Axes, shown: Schedule, values: Array, *, named: bool = True) -> None:
    """One panel, with limits that all of `values` fit; the start is dashed, lines may be named."""
    width = 2.0 if len(shown.edges) <= _THICK_UP_TO else 1.3
    fit(axes, values)
    axes.grid(visible=True, axis="y")
    axes.set_title(shown.title, loc="left")
    axes.set_ylabel(with_unit(shown.name))
    axes.set_xlim(shown.edges[0], shown.edges[-1])
    if shown.labels:
        for label, line, colour in zip(shown.labels, shown.final.T, in_order(len(shown.labels))):
            axes.stairs(line, shown.edges, baseline=None, color=colour, lw=width, label=label)
    else:
        low, middle, high = np.nanquantile(shown.final, (0.1, 0.5, 0.9), axis=1)
        axes.stairs(high, shown.edges, baseline=low, fill=True, color=style.ACCENT, alpha=0.3,
                    label="from 10 to 90 % of the values")  # fmt: skip
        axes.stairs(middle, shown.edges, baseline=None, color=style.ACCENT, lw=2, label="median")
    before = np.nanmedian(shown.start, axis=1)
    axes.stairs(before, shown.edges, baseline=None, color=style.INK, ls="--", lw=1.4,
                label="at the start")  # fmt: skip
    if named:
        legend(axes, fontsize=9.5, ncols=2 if len(shown.labels) > 3 else 1, loc="best")
