"""A gradient through a whole training run: `sciopt hyperopt`, small."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy
from matplotlib.axes import Axes

from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.hypergradient import reverse
from sciopt.hyperopt.outer import plain_loss
from sciopt.hyperopt.problem import Problem, build_problem
from sciopt.hyperopt.result import HyperoptResult
from sciopt.hyperopt.solve import solve
from sciopt.hyperopt.training.curves import learning_curve
from sciopt.optimize import Iterate
from sciopt.plotting import style

from .curves import finish
from .running import run_alone

TITLE = "Learning rates chosen by a gradient through training"
SLIDES = "slides 22-23"
LOOK_FOR = "one hypergradient moves all rates at once, for the time of a few training runs"

_START: dict[str, Any] = {"color": style.INK, "ls": ":", "lw": 2.0}
_CONSTANT: dict[str, Any] = {"color": "#5fb4ea", "ls": "--", "lw": 1.6}
_LEARNED: dict[str, Any] = {"color": style.ACCENT, "lw": 2.6}
_H = 1e-3  # step of the differences in the logarithm of a rate; their error is about its square
_DIFFERENCES = 12
_CONSTANTS = tuple(numpy.geomspace(0.5, 20.0, 14))


@dataclass(frozen=True)
class Hyperopt:
    """A schedule of T rates, found in K outer steps; derivatives are by the logarithm of a rate.

    Attributes:
        result: of the search.
        rates: the schedule at the start and after each outer step, (K + 1, T).
        gradient: of the validation loss by each rate, at the start, (T,).
        checked: training steps whose rates were moved for central differences, (Q,).
        differences: these, (Q,).
        constants: validation loss by constant rate, the control.
        constant_curve: validation loss on the way with the best of them, at the steps of the
            result's curves.
        seconds_gradient, seconds_run: medians of a hypergradient and of a training run.
    """

    result: HyperoptResult
    rates: Any
    gradient: Any
    checked: Any
    differences: Any
    constants: dict[float, float]
    constant_curve: Any
    seconds_gradient: float
    seconds_run: float

    @property
    def error(self) -> float:
        """Largest between hypergradient and central differences, by the largest entry."""
        gap = abs(self.gradient[self.checked] - self.differences).max()
        return float(gap / abs(self.gradient).max())

    @property
    def best_constant(self) -> float:
        """The constant rate of the lowest validation loss."""
        return min(self.constants, key=lambda rate: self.constants[rate])


def settings(steps: int, iterations: int, train: int) -> dict[str, Any]:
    """Of `sciopt hyperopt`. All examples in every step, for then rates do not follow the draw."""
    return {
        "data": {"source": "digits", "train": train, "validation": 400, "test": 400},
        "model": {"name": "mlp", "hidden": [12]},
        "training": {"steps": steps, "batch": "full"},
        "hyperparameters": {"learning_rate": {"start": 0.5, "per": "step"}, "momentum": 0.9},
        "outer": {
            "iterations": iterations,
            "learning_rate": 0.15,
            "beta2": 0.99,
            "evaluation_seeds": 3,
        },
    }


def compute(steps: int = 60, iterations: int = 30, train: int = 800) -> Hyperopt:
    config = HyperoptConfig.model_validate(settings(steps, iterations, train))
    problem = build_problem(config)
    start = problem.space.start
    gradient = reverse(problem, start, config.seed).gradient
    checked = numpy.unique(numpy.linspace(0, steps - 1, _DIFFERENCES).round().astype(int))
    run, run_times = _timed(lambda vector: plain_loss(problem, vector))
    differences = []
    for k in checked:
        h = _H * numpy.eye(1, steps, k)[0]
        differences.append((run(start + h) - run(start - h)) / (2 * _H))
    constants = {rate: run(numpy.full(steps, numpy.log(rate))) for rate in _CONSTANTS}
    best = numpy.full(steps, numpy.log(min(constants, key=lambda rate: constants[rate])))
    rates, seconds = [], []

    def note(iterate: Iterate) -> None:
        rates.append(problem.hyper(iterate.x)["learning_rate"])
        seconds.append(iterate.seconds)

    result = solve(problem, note)
    return Hyperopt(
        result, numpy.array(rates), gradient, checked, numpy.array(differences), constants,
        _validation(problem, best), float(median(numpy.diff(seconds))), median(run_times),
    )  # fmt: skip


def _timed(run: Callable[[Any], float]) -> tuple[Callable[[Any], float], list[float]]:
    """The same function, and a list that gets the seconds of each call."""
    taken: list[float] = []

    def timed(vector: Any) -> float:
        began = time.perf_counter()
        loss = run(vector)
        taken.append(time.perf_counter() - began)
        return loss

    return timed, taken


def _validation(problem: Problem, vector: Any) -> Any:
    """Validation loss on the way through one training run."""
    hyper = problem.hyper(vector)
    return learning_curve(
        problem.inner, hyper, problem.config.seed, lambda w: problem.outer_loss(w, hyper)
    ).validation


def report(found: Hyperopt) -> list[str]:
    result, rate = found.result, found.best_constant
    count = found.gradient.size
    before, after = (100 * m[:, 2, 1].mean() for m in (result.metrics_start, result.metrics_final))
    ratio = found.seconds_gradient / found.seconds_run
    return [
        f"hyperparameters: {count} learning rates, one for each training step",
        "",
        "validation loss of the trained network",
        f"  {result.loss_initial:.3f}  with a rate of {found.rates[0, 0]:g} at every step",
        f"  {result.loss_final:.3f}  with the learned rates, after {result.evaluations} "
        "hypergradients",
        f"  {found.constants[rate]:.3f}  with {rate:.2g}, the best of {len(found.constants)} "
        "constant rates",
        f"wrong on test images, from unseen seeds: {before:.1f} % before, {after:.1f} % after",
        "",
        f"one hypergradient: the time of {ratio:.1f} training runs",
        f"the same by central differences: {2 * count} training runs, two for each rate",
        f"the two agree to {found.error:.0e} of the largest entry, in {found.checked.size} entries",
        "",
        "For more: sciopt hyperopt digits",
    ]


def draw(found: Hyperopt, path: Path) -> list[Path]:
    """The schedule as it was learned; the first hypergradient; training before and after."""
    with style.themed():
        figure = style.new_figure(11.0, 6.6)
        axes = figure.subplot_mosaic(
            [["rates", "gradient"], ["rates", "training"]], width_ratios=[1.25, 1]
        )
        _draw_rates(axes["rates"], found)
        _draw_gradient(axes["gradient"], found)
        _draw_training(axes["training"], found)
        return [style.save(figure, path.with_suffix(".png"))]


def _draw_rates(axes: Axes, found: Hyperopt) -> None:
    last = len(found.rates) - 1
    for k, rates in enumerate(found.rates):
        axes.plot(rates, color=style.SMOKE(0.3 + 0.5 * k / last), lw=0.9)
    axes.plot(found.result.values_final, **_LEARNED, label=f"learned in {last} outer steps")
    axes.axhline(found.best_constant, **_CONSTANT, label="the best constant rate")
    axes.plot(found.rates[0], **_START, label="at the start")
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.4 * found.rates[0].min())  # room for the legend
    _plain_ticks(axes, (0.2, 0.5, 1, 2, 5, 10, 20))
    finish(axes, "A rate for each training step", "training step", "learning rate", "lower right")


def _draw_gradient(axes: Axes, found: Hyperopt) -> None:
    axes.plot(found.gradient, color=style.ACCENT, lw=2.0, label="hypergradient: one run and back")
    axes.plot(
        found.checked, found.differences, "o", mfc="none", mec=style.INK, mew=1.4, ms=7,
        label="central difference: two runs each",
    )  # fmt: skip
    low, high = found.gradient.min(), found.gradient.max()
    axes.set_ylim(top=high + 0.5 * (high - low))
    axes.locator_params(axis="y", nbins=4)
    label = r"$\partial$ loss / $\partial$ log rate"
    finish(axes, "The first hypergradient", "training step", label, "upper right")


def _draw_training(axes: Axes, found: Hyperopt) -> None:
    result, steps = found.result, found.result.validation_steps
    for curve, look in (
        (result.validation_curve_start, _START),
        (found.constant_curve, _CONSTANT),
        (result.validation_curve_final, _LEARNED),
    ):
        axes.plot(steps, curve, **look, label=f"to {curve[-1]:.3f}")
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.6 * result.validation_curve_final[-1])  # room for the legend
    _plain_ticks(axes, (0.1, 0.2, 0.5, 1, 2))
    finish(axes, "Training with these rates", "training step", "validation loss", "lower left")


def _plain_ticks(axes: Axes, ticks: tuple[float, ...]) -> None:
    """Those of `ticks` that are in view, as numbers rather than powers of ten."""
    low, high = axes.get_ylim()
    shown = [tick for tick in ticks if low <= tick <= high]
    axes.set_yticks(shown, [f"{tick:g}" for tick in shown])
    axes.minorticks_off()


if __name__ == "__main__":
    run_alone(__file__)
