"""How the demos draw curves and take times."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from matplotlib.axes import Axes
from threadpoolctl import threadpool_limits

from sciopt.plotting import style

# Told apart by lightness, line and marker too, for the colour-blind and in grey.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": style.ACCENT, "marker": "o", "ls": "-"},
    {"color": "#5fb4ea", "marker": "s", "ls": "--"},
    {"color": style.INK, "marker": "^", "ls": "-."},
    {"color": "#a58be8", "marker": "D", "ls": ":"},
)


def curve(axes: Axes, x: Any, y: Any, label: str, look: int, **options: Any) -> None:
    """Draw y against x in one of four looks."""
    axes.plot(x, y, **{**_LOOKS[look], "label": label, "lw": 1.9, "ms": 5, **options})


def finish(axes: Axes, title: str, x: str, y: str, legend: str = "upper left") -> None:
    """Title, labels, grid and legend."""
    axes.set_title(title, loc="left")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(visible=True)
    axes.set_axisbelow(True)
    axes.legend(loc=legend, fontsize=10.5, labelcolor=style.INK)


def seconds(call: Callable[[], object], at_least: float = 0.04) -> float:
    """Median time of a call on one thread, repeated for so many seconds, five times at least."""
    taken: list[float] = []
    with threadpool_limits(1):  # threads that wait for each other would be what is measured
        call()
        while len(taken) < 5 or (sum(taken) < at_least and len(taken) < 1000):
            began = time.perf_counter()
            call()
            taken.append(time.perf_counter() - began)
    return median(taken)
