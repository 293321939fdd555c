"""A new primitive with its vjp, checked; and the same with a wrong vjp, found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy

import autodiff.numpy as np
from autodiff import elementwise_grad
from autodiff.extend import defvjp, primitive
from autodiff.test_util import check_grads
from sciopt.plotting import style

from .curves import curve, finish
from .running import run_alone

TITLE = "Define a primitive and its VJP, and have it checked"
SLIDES = "slide 15"
LOOK_FOR = "one character is wrong in the second rule, and the check says so with both numbers"


@primitive
def soft_relu(z: Any) -> Any:
    """log(1 + exp(z)), without overflow where z is large."""
    return numpy.maximum(z, 0) + numpy.log1p(numpy.exp(-abs(z)))


@primitive
def wrong_soft_relu(z: Any) -> Any:
    """The same function; its rule, below, is wrong."""
    return numpy.maximum(z, 0) + numpy.log1p(numpy.exp(-abs(z)))


# The cotangent that comes in, g, times the derivative, the logistic function of z.
defvjp(soft_relu, lambda ans, z: lambda g: g / (1 + np.exp(-z)))
defvjp(wrong_soft_relu, lambda ans, z: lambda g: g / (1 + np.exp(z)))


@dataclass(frozen=True)
class Checked:
    """Attributes: verdicts, "" or what the check said; slopes by rule and by differences, at z."""

    verdict_right: str
    verdict_wrong: str
    z: Any
    slope_right: Any
    slope_wrong: Any
    slope_differences: Any
    naive_at_1000: float
    primitive_at_1000: tuple[float, float]


def verdict(fun: Callable[[Any], Any], z: Any) -> str:
    """What `check_grads` says of the reverse rule: nothing, if it is right."""
    numpy.random.seed(15)  # noqa: NPY002  (the check draws its directions from this generator)
    try:
        check_grads(fun, modes=["rev"], order=1)(z)
    except AssertionError as error:
        return str(error)
    return ""


def compute(points: int = 41) -> Checked:
    z = numpy.linspace(-5.0, 5.0, points)
    h = 1e-6  # near the cube root of the rounding error, where central differences are best
    with numpy.errstate(over="ignore"):
        naive = float(numpy.log(1 + numpy.exp(1000.0)))
    return Checked(
        verdict(soft_relu, 0.5),
        verdict(wrong_soft_relu, 0.5),
        z,
        elementwise_grad(soft_relu)(z),
        elementwise_grad(wrong_soft_relu)(z),
        (soft_relu(z + h) - soft_relu(z - h)) / (2 * h),
        naive,
        (float(soft_relu(1000.0)), float(elementwise_grad(soft_relu)(1000.0))),
    )


def report(found: Checked) -> list[str]:
    value, slope = found.primitive_at_1000
    indented: dict[str, Any] = {"initial_indent": "  ", "subsequent_indent": "    "}
    return [
        "soft_relu(z) = log(1 + exp(z)), as a primitive with a rule for its cotangent",
        "",
        "  right rule: g / (1 + exp(-z))",
        f"  the check says: {found.verdict_right or 'nothing, the rule is right'}",
        "",
        "  wrong rule: g / (1 + exp(z))",
        *wrap(f"the check says: {found.verdict_wrong}", 60, **indented),
        "",
        "Why a primitive? As typed on slide 5 it overflows. At z = 1000, typed:",
        f"{found.naive_at_1000}; the primitive: {value:g}, with slope {slope:g}.",
    ]


def draw(found: Checked, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(8.4, 5.0)
        axes = figure.add_subplot()
        points = {"ls": "", "ms": 6}
        curve(axes, found.z, found.slope_right, "the right rule", 0, marker="", lw=2.6)
        curve(axes, found.z, found.slope_wrong, "the wrong rule", 1, marker="", lw=2.2)
        curve(axes, found.z, found.slope_differences, "central differences", 2, **points)
        finish(axes, "Slope of soft ReLU: log(1 + exp z)", "z", "slope (output per input)")
        axes.set_ylim(-0.08, 1.18)
        axes.legend(loc="upper center", ncols=3, fontsize=10.5)
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
