"""Forward mode gives directional derivatives, reverse mode gradients: which costs what."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

import autodiff.numpy as np
from autodiff.core import make_jvp, make_vjp
from sciopt.plotting import style

from .curves import curve, finish, seconds
from .running import run_alone

TITLE = "Forward and reverse mode"
SLIDES = "slide 3"
LOOK_FOR = "forward mode pays for each input, reverse mode for each output"

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_HIDDEN = 32


@dataclass(frozen=True)
class Modes:
    """Attributes:
    counts: numbers of inputs, or of outputs, varied.
    passes: for a whole Jacobian, by (mode, what varies), against counts.
    times: seconds for the same.
    agreement: largest difference between both modes' Jacobians, relative to the largest entry.
    directional: J v by forward mode, by the gradient's inner product with v, by differences.
    """

    counts: tuple[int, ...]
    passes: dict[tuple[str, str], list[int]]
    times: dict[tuple[str, str], list[float]]
    agreement: float
    directional: tuple[float, float, float]


class Network:
    """tanh of a linear map, mapped again: n inputs, m outputs."""

    def __init__(self, n: int, m: int) -> None:
        random = numpy.random.default_rng([3, n, m])
        self.first = random.standard_normal((n, _HIDDEN)) / n**0.5
        self.second = random.standard_normal((_HIDDEN, m)) / _HIDDEN**0.5
        self.x = random.standard_normal(n)

    def __call__(self, x: Any) -> Any:
        return np.dot(np.tanh(np.dot(x, self.first)), self.second)


def jacobian_forward(fun: Any, x: Any) -> tuple[Any, int]:
    """Column by column: one run of the program with a tangent for each input; and how many."""
    push = make_jvp(fun, x)
    columns = [push(v)[1] for v in numpy.eye(len(x))]
    return numpy.stack(columns, axis=1), len(columns)


def jacobian_reverse(fun: Any, x: Any) -> tuple[Any, int]:
    """Row by row: one walk back for each output, after one run; and how many walks."""
    pull, value = make_vjp(fun, x)
    rows = [pull(g) for g in numpy.eye(len(value))]
    return numpy.stack(rows), len(rows)


MODES = {"forward": jacobian_forward, "reverse": jacobian_reverse}


def compute(counts: tuple[int, ...] = COUNTS, timed: bool = True) -> Modes:
    passes: dict[tuple[str, str], list[int]] = {}
    times: dict[tuple[str, str], list[float]] = {}
    agreement = 0.0
    for varied in ("inputs", "outputs"):
        for count in counts:
            network = Network(count, 1) if varied == "inputs" else Network(1, count)
            found = {}
            for mode, build in MODES.items():
                found[mode], number = build(network, network.x)
                passes.setdefault((mode, varied), []).append(number)
                taken = seconds(lambda: build(network, network.x)) if timed else 0.0  # noqa: B023
                times.setdefault((mode, varied), []).append(taken)
            difference = abs(found["forward"] - found["reverse"]).max()
            agreement = max(agreement, float(difference / abs(found["reverse"]).max()))
    return Modes(counts, passes, times, agreement, _directional())


def _directional() -> tuple[float, float, float]:
    network, h = Network(5, 1), 1e-6
    v = numpy.random.default_rng(33).standard_normal(5)
    gradient = make_vjp(network, network.x)[0](numpy.ones(1))
    ahead, behind = network(network.x + h * v), network(network.x - h * v)
    return (
        float(make_jvp(network, network.x)(v)[1][0]),
        float(gradient @ v),
        float((ahead - behind)[0] / (2 * h)),
    )


def report(found: Modes) -> list[str]:
    forward, reverse, difference = found.directional
    said = [
        f"A directional derivative: forward mode {forward:.9f}, gradient times direction "
        f"{reverse:.9f},",
        f"central differences {difference:.9f}.",
        "",
    ]
    for varied in ("inputs", "outputs"):
        other = "one output" if varied == "inputs" else "one input"
        said.append(f"passes for the Jacobian of {other} (and milliseconds)")
        said.append(f"{varied:<9}" + "".join(f"{count:>11}" for count in found.counts[::2]))
        for mode in MODES:
            key = (mode, varied)
            cells = zip(found.passes[key][::2], found.times[key][::2])
            said.append(f"{mode:<9}" + "".join(f"{f'{k} ({1000 * t:.2f})':>11}" for k, t in cells))
        said.append("")
    return [
        *said,
        "A loss has one output and many inputs: that is why backprop is reverse mode.",
    ]


def draw(found: Modes, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(11.0, 5.0)
        panels = figure.subplots(1, 2, sharey=True)
        for axes, varied, title in zip(
            panels, ("inputs", "outputs"), ("One output, many inputs", "One input, many outputs")
        ):
            for look, mode in enumerate(MODES):
                times = [1000 * t for t in found.times[mode, varied]]
                curve(axes, found.counts, times, f"{mode} mode", look)
            axes.set_xscale("log", base=2)
            axes.set_xticks(found.counts, map(str, found.counts))
            axes.set_yscale("log")
            finish(axes, title, varied, "milliseconds for the Jacobian")
        panels[1].set_ylabel("")
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
