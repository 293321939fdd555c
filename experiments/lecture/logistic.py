"""The lecture's example: logistic least squares, as typed, and differentiated by hand (slide 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import autodiff.numpy as np
from autodiff.graph import Line

ARGUMENTS = (0.7, -1.2, 0.3, 1.0)
"""w, x, b and t of the pictures."""


def loss(w: Any, x: Any, b: Any, t: Any) -> Any:
    """The original program of slide 7."""
    z = w * x + b
    y = 1 / (1 + np.exp(-z))
    return (y - t) ** 2 / 2


SLIDE_7 = {
    "t1": "w x",
    "z": "t1 + b",
    "t3": "-z",
    "t4": "exp(t3)",
    "t5": "1 + t4",
    "y": "1 / t5",
    "t6": "y - t",
    "t7": "t6^2",
    "L": "t7 / 2",
}
"""The right-hand side of slide 7: the name of each operation's result, and the operation."""


def derivatives_by_hand(w: Any, x: Any, b: Any, t: Any) -> dict[str, Any]:
    """dL/dv for every value v of slide 7, worked out on paper.

    L, y, z, w and b are on slide 6. The others follow from L = t7/2, t7 = t6^2, y = 1/t5 and
    t4 = exp(t3), one application of the chain rule each.
    """
    z = w * x + b
    y = 1 / (1 + np.exp(-z))
    y_bar = y - t
    z_bar = y_bar * y * (1 - y)
    t5_bar = -y_bar * y**2
    return {
        "L": np.ones_like(z),
        "t7": np.ones_like(z) / 2,
        "t6": y - t,
        "y": y_bar,
        "t": t - y,
        "t5": t5_bar,
        "t4": t5_bar,
        "t3": t5_bar * np.exp(-z),
        "z": z_bar,
        "b": z_bar,
        "t1": z_bar,
        "w": z_bar * x,
        "x": z_bar * w,
    }


def slide_names(names: Sequence[str]) -> dict[str, str]:
    """From the names that a graph of `loss` gives its operations to those of slide 7."""
    operations = [name for name in names if name not in ("w", "x", "b", "t")]
    return dict(zip(operations, SLIDE_7, strict=True))


def as_on_the_slide(lines: Sequence[Line]) -> list[Line]:
    """`lines` of the loss, with the names of slide 7."""
    new = slide_names([line.name for line in lines])
    return [
        replace(
            line,
            name=new.get(line.name, line.name),
            operands=tuple(new.get(name, name) for name in line.operands),
            inputs=tuple(new.get(name, name) for name in line.inputs),
        )
        for line in lines
    ]
