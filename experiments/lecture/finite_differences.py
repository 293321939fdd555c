"""Finite differences against autodiff: accuracy, and cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

import autodiff.numpy as np
from autodiff import grad
from sciopt.plotting import style

from .curves import curve, finish, seconds
from .logistic import ARGUMENTS, derivatives_by_hand, loss
from .running import run_alone

TITLE = "Autodiff is not finite differences"
SLIDES = "slide 4"
LOOK_FOR = (
    "the error of differences has a floor far above that of autodiff, and their cost grows "
    "with the number of parameters"
)

SIZES = (1, 4, 16, 64, 256, 1024)
_EXAMPLES = 50


@dataclass(frozen=True)
class Differences:
    """Attributes:
    steps: h, (K,).
    errors: relative error of dL/dw against h, by method; autodiff's does not depend on h.
    sizes: numbers of parameters n.
    runs: of the program for one gradient, against n, by method.
    times: seconds for one gradient against n, by method.
    agreement: largest relative difference between the gradients of all methods.
    """

    steps: Any
    errors: dict[str, Any]
    sizes: tuple[int, ...]
    runs: dict[str, list[int]]
    times: dict[str, list[float]]
    agreement: float


def forward_difference(fun: Callable[[Any], Any], x: Any, v: Any, h: float) -> Any:
    return (fun(x + h * v) - fun(x)) / h


def central_difference(fun: Callable[[Any], Any], x: Any, v: Any, h: float) -> Any:
    return (fun(x + h * v) - fun(x - h * v)) / (2 * h)


def complex_step(fun: Callable[[Any], Any], x: Any, v: Any, h: float) -> Any:
    """Nothing is subtracted, so nothing cancels; but `fun` must be analytic."""
    return fun(x + 1j * h * v).imag / h


METHODS = {
    "forward difference": forward_difference,
    "central difference": central_difference,
    "complex step": complex_step,
}
# Where each is best in float64: 1e-16 to the power of 1/2 and of 1/3; as small as one likes.
_BEST_STEP = {"forward difference": 1e-8, "central difference": 6e-6, "complex step": 1e-30}


def compute(sizes: tuple[int, ...] = SIZES, timed: bool = True) -> Differences:
    w, *rest = ARGUMENTS
    of_w = lambda w: loss(w, *rest)  # noqa: E731
    exact = derivatives_by_hand(*map(numpy.longdouble, ARGUMENTS))["w"]
    steps = 10.0 ** numpy.arange(-17, 0.25, 0.25)
    errors = {
        name: numpy.array([_error(rule(of_w, w, 1.0, h), exact) for h in steps])
        for name, rule in METHODS.items()
    }
    errors["autodiff"] = numpy.full(len(steps), _error(grad(of_w)(w), exact))
    runs: dict[str, list[int]] = {name: [] for name in errors}
    times: dict[str, list[float]] = {name: [] for name in errors}
    agreement = 0.0
    for n in sizes:
        program = Program(n)
        reference = program.gradient("autodiff")
        for name in errors:
            program.runs = 0
            difference = abs(program.gradient(name) - reference).max() / abs(reference).max()
            agreement = max(agreement, float(difference))
            runs[name].append(program.runs)
            if timed:
                times[name].append(seconds(lambda: program.gradient(name)))  # noqa: B023
    return Differences(steps, errors, sizes, runs, times, agreement)


def _error(value: Any, exact: Any) -> float:
    return float(abs((value - exact) / exact))


class Program:
    """Logistic least squares with n weights, which counts how often it runs."""

    def __init__(self, n: int) -> None:
        random = numpy.random.default_rng([4, n])
        self.x = random.standard_normal((_EXAMPLES, n))
        self.t = numpy.round(random.random(_EXAMPLES))
        self.w = random.standard_normal(n) / n**0.5
        self.runs = 0

    def __call__(self, w: Any) -> Any:
        self.runs += 1
        y = 1 / (1 + np.exp(-np.dot(self.x, w)))
        return np.sum((y - self.t) ** 2) / 2

    def gradient(self, method: str) -> Any:
        """The gradient at `w`: by autodiff at once, by differences entry by entry."""
        if method == "autodiff":
            return grad(self)(self.w)
        if method == "forward difference":  # fun(x) need not run again for each entry
            value, h = self(self.w), _BEST_STEP[method]
            return numpy.array([(self(self.w + h * e) - value) / h for e in numpy.eye(len(self.w))])
        rule, h = METHODS[method], _BEST_STEP[method]
        return numpy.array([rule(self, self.w, e, h) for e in numpy.eye(len(self.w))])


def report(found: Differences) -> list[str]:
    said = ["method              smallest relative error  at step h"]
    for name, errors in found.errors.items():
        best = int(numpy.argmin(errors))
        step = "-" if name == "autodiff" else f"{found.steps[best]:.0e}"
        said.append(f"{name:<19} {errors[best]:23.0e}  {step:>9}")
    said += ["", "runs of the program for one gradient (and milliseconds) with n parameters"]
    said += ["n                  " + "".join(f"{n:>13}" for n in found.sizes)]
    for name, runs in found.runs.items():
        times = found.times[name] or [float("nan")] * len(runs)
        cells = "".join(f"{f'{run} ({1000 * t:.2g})':>13}" for run, t in zip(runs, times))
        said.append(f"{name:<19}{cells}")
    return [
        *said,
        "",
        "Too large a step leaves curvature in the difference, too small a one digits out of it.",
        "autodiff has no step. It runs the program once, and walks back once, for any n.",
    ]


def draw(found: Differences, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(11.0, 5.0)
        error_axes, cost_axes = figure.subplots(1, 2)
        tiny = 1e-17  # an error of exactly zero has no place on a logarithmic scale
        for look, (name, errors) in enumerate(found.errors.items()):
            marker = {"marker": ""} if name == "autodiff" else {"ms": 3}
            curve(error_axes, found.steps, numpy.maximum(errors, tiny), name, look, **marker)
            curve(cost_axes, found.sizes, [1000 * t for t in found.times[name]], name, look)
        error_axes.set(xscale="log", yscale="log")
        error_axes.set_xticks([1e-16, 1e-12, 1e-8, 1e-4, 1])
        cost_axes.set_xscale("log", base=4)
        cost_axes.set_xticks(found.sizes, map(str, found.sizes))
        cost_axes.set_yscale("log")
        finish(
            error_axes, "Error of the derivative dL/dw", "step h", "relative error", legend="best"
        )
        finish(cost_axes, "Time of one gradient", "parameters", "milliseconds")
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
