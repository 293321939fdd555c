"""Derivatives of derivatives: `grad` nests as deep as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from numpy.polynomial import Polynomial

import autodiff.numpy as np
from autodiff import elementwise_grad
from sciopt.plotting import style

from .running import run_alone

TITLE = "tanh and its first six derivatives"
SLIDES = "slide 9: Autograd's own example"
LOOK_FOR = "each curve is the slope of the one above it: zero where that one has a peak"

ORDERS = 6


def tanh(x: Any) -> Any:
    y = np.exp(-2.0 * x)
    return (1.0 - y) / (1.0 + y)


@dataclass(frozen=True)
class Tanh:
    """Attributes: x, (N,); derivatives, by_hand, (orders + 1, N)."""

    x: Any
    derivatives: Any
    by_hand: Any

    @property
    def differences(self) -> list[float]:
        """Largest of each order, relative to the largest value of that order."""
        largest = abs(self.by_hand).max(axis=1)
        return list(abs(self.derivatives - self.by_hand).max(axis=1) / largest)


def compute(points: int = 401) -> Tanh:
    x = numpy.linspace(-4.0, 4.0, points)
    fun, derivatives = tanh, []
    for _ in range(ORDERS + 1):
        derivatives.append(fun(x))
        fun = elementwise_grad(fun)
    return Tanh(x, numpy.array(derivatives), by_hand(x))


def by_hand(x: Any) -> Any:
    """tanh' = 1 - tanh^2 makes every derivative a polynomial in t = tanh(x)."""
    t, slope = numpy.tanh(x), Polynomial([1.0, 0.0, -1.0])
    polynomial, values = Polynomial([0.0, 1.0]), []
    for _ in range(ORDERS + 1):
        values.append(polynomial(t))
        polynomial = polynomial.deriv() * slope
    return numpy.array(values)


def report(found: Tanh) -> list[str]:
    return [
        "order  largest value  difference from the formula (relative)",
        *(
            f"{order:>5} {abs(row).max():14.4f}  {difference:.0e}"
            for order, (row, difference) in enumerate(zip(found.derivatives, found.differences))
        ),
        "",
        "The formula: every derivative of tanh is a polynomial in tanh. autodiff saw only",
        "y = exp(-2x), (1 - y) / (1 + y), and differentiated its own derivatives.",
    ]


def draw(found: Tanh, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(8.4, 8.4)
        axes = figure.add_subplot()
        names = ("tanh", "1st derivative", "2nd", "3rd", "4th", "5th", "6th")
        for order, (name, row) in enumerate(zip(names, found.derivatives)):
            floor, largest = -2.1 * order, abs(row).max()
            colour = style.SMOKE(1.0 - 0.075 * order) if order else style.ACCENT
            axes.axhline(floor, color=style.GRID, lw=0.8)
            axes.fill_between(found.x, floor, floor + row / largest, color=colour, alpha=0.13)
            axes.plot(found.x, floor + row / largest, color=colour, lw=2.2)
            text = f"{name}\nlargest {largest:.3g}"
            axes.text(-4.15, floor, text, ha="right", va="center", fontsize=10.5, color=colour)
        axes.set(xlim=(-4.0, 4.0), yticks=[], xlabel="x")
        axes.spines["left"].set_visible(False)
        axes.set_title("tanh and its derivatives, each scaled to its largest value", loc="left")
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
