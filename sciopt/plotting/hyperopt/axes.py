"""Limits, scales and words shared by these figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from sciopt.plotting import style

Array = NDArray[np.float64]

LOG_FROM = 5.0  # largest by smallest value above which a straight scale hides the small ones
LONGEST = 40  # letters of a name

UNITS = {"shift": "pixels", "rotation": "degrees"}

_OBJECTIVES = {
    "validation": "validation loss",
    "train": "loss on all training data",
    "validation-error": "validation error (smooth)",
    "train-error": "training error (smooth)",
}


_WORDS = {"l1": "L1 penalty", "l2": "L2 penalty", "init scale": "initial scale"}


def objective_words(objective: str) -> str:
    """What an outer loss is, for a label."""
    return _OBJECTIVES.get(objective, objective)


def words(name: str) -> str:
    """The name of a family of hyperparameters, for a label."""
    plain = name.removeprefix("model.").replace("_", " ")
    return _WORDS.get(plain, plain)


def with_unit(name: str) -> str:
    """The same with the unit, where it has one."""
    return f"{words(name)}, {UNITS[name]}" if name in UNITS else words(name)


def part_words(name: str) -> str:
    """The name of a layer or array: layers that only have numbers are counted from one."""
    head, _, tail = name.partition(".")
    head = f"layer {int(head) + 1}" if head.isdecimal() else head
    return f"{head} {tail.replace('.', ' ')}".strip()


def label_words(label: str) -> str:
    """An entry such as "learning_rate[step 3, array 0.bias]", for a label."""
    family, bracket, inside = label.partition("[")
    inside = re.sub(r"(layer|array) ([^\],]+)", lambda m: part_words(m[2]), inside.rstrip("]"))
    return words(family) + (f", {inside}" if bracket else "")


def elided(text: str, longest: int = LONGEST) -> str:
    """The text, its middle left out where it is too long."""
    if len(text) <= longest:
        return text
    ends = longest - 1
    return f"{text[: ends - ends // 2]}…{text[len(text) - ends // 2 :]}"


def number(value: float) -> str:
    """A value in three digits."""
    size = abs(value)
    if not np.isfinite(value):
        return "not finite"
    if size == 0:
        return "0"
    if 1e-3 <= size < 1e4:
        return f"{value:#.3g}".rstrip(".") if size < 999.5 else f"{value:.0f}"
    return _powered(f"{value:.1e}")


def tick(value: float) -> str:
    """A round value, for a tick."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:g}"
    return _powered(f"{value:.0e}")


def _powered(text: str) -> str:
    """ "1e-05" with a raised exponent."""
    mantissa, _, exponent = text.partition("e")
    factor = "" if mantissa == "1" else rf"{mantissa}\times"
    return rf"${factor}10^{{{int(exponent)}}}$"


def finite(*values: Any) -> Array:
    """All finite numbers among these arrays, flat."""
    flat = np.concatenate([np.ravel(np.asarray(each, np.float64)) for each in values])
    return flat[np.isfinite(flat)]


def wide(values: Array) -> bool:
    """Whether values are positive and so far apart that a logarithmic scale helps."""
    return bool(values.size and values.min() > 0 and values.max() > LOG_FROM * values.min())


def logarithmic(axis: Axis) -> None:
    """Put an axis on a logarithmic scale with plain numbers on its ticks."""
    axis.axes.set(**{f"{axis.axis_name}scale": "log"})  # type: ignore[attr-defined]
    low, high = sorted(axis.get_view_interval())
    decades = np.log10(high / low)
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if decades < 3 else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
    axis.set_minor_formatter(NullFormatter())


def fit(axes: Axes, values: Array, *, which: str = "y") -> None:
    """Set the limits so that these values fit with some room, on the scale that suits them."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    if wide(values):
        room = (high / low) ** 0.07
        ends, is_log = (low / room, high * room), True
    else:
        room = 0.08 * (high - low) or 0.08 * abs(high) or 1.0
        ends, is_log = (low - room, high + room), False
    axes.set(**{f"{which}lim": ends})
    if is_log:
        logarithmic(axes.yaxis if which == "y" else axes.xaxis)
        axes.set(**{f"{which}lim": ends})


def steps_axis(axes: Axes, last: int) -> None:
    """An axis of steps from 0 to `last`."""
    last = max(1, last)
    axes.set_xlim(-0.03 * last, 1.03 * last)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def legend(axes: Axes, **options: Any) -> None:
    """A legend that hides the grid behind it."""
    axes.legend(frameon=True, facecolor=style.PAPER, edgecolor="none", framealpha=0.8, **options)


def in_order(count: int) -> Iterator[Any]:
    """Colours for things that have an order, such as layers, first to last; light on dark."""
    shades = np.linspace(0.42, 0.95, count) if count > 1 else [0.8]
    return iter(colormaps["plasma"](shades))
