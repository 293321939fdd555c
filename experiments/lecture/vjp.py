"""The Jacobian, built and multiplied, against the vector-Jacobian product."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

import autodiff.numpy as np
from autodiff import jacobian, make_vjp
from sciopt.plotting import style

from .curves import curve, finish, seconds
from .running import run_alone

TITLE = "Never build the Jacobian: compute the vector-Jacobian product"
SLIDES = "slides 13-14"
LOOK_FOR = "the same cotangent; the Jacobian of n outputs by n inputs takes n times the memory"

SIZES = (8, 16, 32, 64, 128, 256, 512)


@dataclass(frozen=True)
class Cost:
    """Of one function, against n.

    Attributes:
        bytes_jacobian, bytes_vjp: peak memory while the cotangent is computed.
        seconds_jacobian, seconds_vjp: time.
        difference: largest between the two cotangents, relative to the largest entry.
    """

    bytes_jacobian: list[int]
    bytes_vjp: list[int]
    seconds_jacobian: list[float]
    seconds_vjp: list[float]
    difference: float


@dataclass(frozen=True)
class Vjp:
    """Attributes: sizes, the n; costs, by the name of the function."""

    sizes: tuple[int, ...]
    costs: dict[str, Cost]


def compute(sizes: tuple[int, ...] = SIZES) -> Vjp:
    random = numpy.random.default_rng(14)
    matrices = {n: random.standard_normal((n, n)) / n**0.5 for n in sizes}
    functions: dict[str, Callable[[Any], Any]] = {
        "z = W x": lambda x: np.dot(matrices[len(x)], x),
        "y = exp(z)": lambda z: np.exp(z),
    }
    vectors = {n: (random.standard_normal(n), random.standard_normal(n)) for n in sizes}
    return Vjp(sizes, {name: _cost(fun, vectors) for name, fun in functions.items()})


def _cost(fun: Callable[[Any], Any], vectors: dict[int, tuple[Any, Any]]) -> Cost:
    memory: list[tuple[int, int]] = []
    times: list[tuple[float, float]] = []
    differences = []
    for x, g in vectors.values():
        explicit = lambda x=x, g=g: np.dot(g, jacobian(fun)(x))  # noqa: E731
        implicit = lambda x=x, g=g: make_vjp(fun)(x)[0](g)  # noqa: E731
        a, b = explicit(), implicit()
        differences.append(float(abs(a - b).max() / abs(b).max()))
        memory.append((_peak(explicit), _peak(implicit)))
        times.append((seconds(explicit), seconds(implicit)))
    return Cost(
        [a for a, _ in memory], [b for _, b in memory],
        [a for a, _ in times], [b for _, b in times], max(differences),
    )  # fmt: skip


def _peak(call: Callable[[], object]) -> int:
    """Bytes that a call has allocated at its highest point."""
    running = tracemalloc.is_tracing()
    if not running:
        tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    call()
    peak = tracemalloc.get_traced_memory()[1] - before
    if not running:
        tracemalloc.stop()
    return peak


def report(found: Vjp) -> list[str]:
    said = []
    for name, cost in found.costs.items():
        said += [f"{name}:   n    Jacobian, then product      VJP"]
        for n, many, few, slow, quick in zip(
            found.sizes, cost.bytes_jacobian, cost.bytes_vjp,
            cost.seconds_jacobian, cost.seconds_vjp,
        ):  # fmt: skip
            said.append(
                f"{n:{len(name) + 5}}  {many / 1024:9.0f} kB {1000 * slow:9.3f} ms  "
                f"{few / 1024:6.0f} kB {1000 * quick:7.3f} ms"
            )
        said += [f"relative difference between the cotangents: {cost.difference:.0e}", ""]
    return [
        *said,
        "The Jacobian of exp is n by n with n numbers in it that are not zero, and that of W x",
        "is a copy of W, found row by row: both rows of slide 14 say what to compute instead.",
    ]


def draw(found: Vjp, path: Path) -> list[Path]:
    with style.themed():
        figure = style.new_figure(11.0, 5.0)
        time_axes, memory_axes = figure.subplots(1, 2)
        for k, (name, cost) in enumerate(found.costs.items()):
            lines = {"lw": 1.6, "ls": "-" if k == 0 else "--"}
            for look, (what, times, sizes) in enumerate(
                (
                    ("Jacobian, then product", cost.seconds_jacobian, cost.bytes_jacobian),
                    ("VJP", cost.seconds_vjp, cost.bytes_vjp),
                )
            ):
                label = f"{name}: {what}"
                curve(time_axes, found.sizes, [1000 * t for t in times], label, look, **lines)
                curve(memory_axes, found.sizes, [b / 1024 for b in sizes], label, look, **lines)
        for axes in (time_axes, memory_axes):
            axes.set_xscale("log", base=2)
            axes.set_xticks(found.sizes, map(str, found.sizes))
            axes.set_yscale("log")
        finish(time_axes, "Time of one cotangent", "n, inputs and outputs", "milliseconds")
        finish(memory_axes, "Memory at its peak", "n, inputs and outputs", "kilobytes")
        return [style.save(figure, path.with_suffix(".png"))]


if __name__ == "__main__":
    run_alone(__file__)
