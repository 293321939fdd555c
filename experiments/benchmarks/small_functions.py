"""Small functions: what a gradient costs, beside Autograd in one process.

Run: ``python -m experiments.benchmarks.small_functions`` (a minute or less). Every program of
`small_programs` runs under both libraries in turn; each figure is the median over rounds, in CPU
microseconds for one gradient, forward and backward. Gradients are compared before anything is
timed. The bars are 0.35 for the geometric mean of the ratios and 0.8 for every single one.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from . import small_programs as programs

MEAN_BAR, WORST_BAR = 0.35, 0.8
TOLERANCE = 1e-10  # relative: both compute in float64, on functions without cancellation


class Library(NamedTuple):
    """A library with Autograd's interface."""

    package: Any
    np: Any
    own: Any  # primitives that a user of it wrote


class Task(NamedTuple):
    """A program and its arguments; `derive` makes the derivative function that is timed."""

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    derive: Callable[[Any, Callable[..., Any]], Callable[..., Any]] = lambda lib, f: lib.grad(f)
    label: str = ""

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.label or self.fun.__name__.replace("_", " ")


def libraries() -> dict[str, Library]:
    """autodiff and Autograd, each with its user's primitives.

    Raises:
        ImportError: Autograd is not installed.
    """
    import autograd
    import autograd.extend
    import autograd.numpy

    import autodiff
    import autodiff.extend
    import autodiff.numpy

    return {
        package.__name__: Library(package, package.numpy, own_primitives(package))
        for package in (autodiff, autograd)
    }


def own_primitives(package: Any) -> SimpleNamespace:
    """Three primitives as a user writes them, with rules of that library."""
    primitive, defvjp, xp = package.extend.primitive, package.extend.defvjp, package.numpy

    @primitive
    def softplus(x: Any) -> Any:
        return np.logaddexp(0.0, x)

    @primitive
    def scale(x: Any, factor: Any) -> Any:
        return x * factor

    @primitive
    def logsumexp(x: Any) -> Any:
        top = np.max(x)
        return top + np.log(np.sum(np.exp(x - top)))

    defvjp(softplus, lambda ans, x: lambda g: g * xp.exp(x - ans))
    defvjp(scale, lambda ans, x, factor: lambda g: g * factor)
    defvjp(logsumexp, lambda ans, x: lambda g: g * xp.exp(x - ans))
    return SimpleNamespace(softplus=softplus, scale=scale, logsumexp=logsumexp)


def tasks() -> list[Task]:
    """Every program with arguments of a small size."""
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> Any:
        return rng.standard_normal(shape)

    def positive(*shape: int) -> Any:
        return rng.uniform(0.5, 1.5, shape)

    layers = [(0.5 * normal(m, n), normal(n)) for m, n in ((4, 16), (16, 16), (16, 2))]
    cells = {"recurrent": 0.3 * normal(8, 8), "input": normal(8, 3)}
    signs = np.where(normal(20) > 0, 1.0, -1.0)
    p = programs
    return [
        Task(p.mlp_loss, (layers, normal(32, 4), normal(32, 2))),
        Task(p.rnn, (cells, normal(10, 3))),
        Task(p.cross_entropy, (normal(5, 3), normal(20, 5), rng.integers(0, 3, 20))),
        Task(p.logistic_regression, (normal(5), normal(20, 5), signs)),
        Task(p.attention, (normal(6, 4), [normal(4, 4) for _ in range(3)])),
        Task(p.gaussian_log_density, ((normal(5), normal(5)), normal(20, 5))),
        Task(p.mixture, (normal(10), normal(20))),
        Task(p.gaussian_process, (0.3, np.linspace(0, 3, 12), normal(12))),
        Task(p.runge_kutta, (1.3,)),
        Task(p.pendulum, (np.array([1.0, 0.0]),)),
        Task(p.heat, (positive(20),)),
        Task(p.kalman, (0.2, normal(20))),
        Task(p.rosenbrock, (positive(10),)),
        Task(p.rosenbrock_by_entry, (positive(10),)),
        Task(p.scalar_chain, (0.7,)),
        Task(p.scalar_functions, (0.7,)),
        Task(p.fan_out, (normal(10),)),
        Task(p.read_in_loop, (normal(20),)),
        Task(p.stack_in_loop, (normal(5),)),
        Task(p.concatenate_in_loop, (normal(10),)),
        Task(p.array_of_numbers, (0.7,)),
        Task(p.logsumexp, (normal(10),)),
        Task(p.gather, (normal(10), rng.integers(0, 10, 15))),
        Task(p.einsum, (normal(6, 5), normal(5, 5))),
        Task(p.broadcasting, (normal(5), normal(5, 5))),
        Task(p.reductions, (normal(8, 6),)),
        Task(p.matrix_products, (normal(5, 5), normal(5))),
        Task(p.sorting, (normal(15),)),
        Task(p.shapes, (normal(24),)),
        Task(p.repeated, (normal(8),)),
        Task(p.norms, (normal(5, 4),)),
        Task(p.determinant, (normal(4, 4) + 3 * np.eye(4),)),
        Task(p.eigenvalues, (0.3 * normal(5, 5),)),
        Task(p.powers, (positive(10),)),
        Task(p.spectrum, (normal(32),)),
        Task(p.running_sums, (normal(10),)),
        Task(p.sampled, (0.7,)),
        Task(p.sinc_product, (positive(10),)),
        Task(p.pairwise, (normal(10, 2),)),
        Task(p.vector_of, (normal(10),), lambda lib, f: lib.jacobian(f), "Jacobian"),
        Task(p.quartic, (normal(6),), lambda lib, f: lib.hessian(f), "Hessian"),
        Task(
            p.quartic,
            (normal(10), normal(10)),
            lambda lib, f: lib.hessian_vector_product(f),
            "Hessian-vector product",
        ),
        Task(
            p.scalar_functions, (0.7,), lambda lib, f: lib.grad(lib.grad(f)), "gradient of gradient"
        ),
        Task(
            p.powers,
            (positive(10),),
            lambda lib, f: lambda x: lib.make_jvp(f)(x)(x)[1],
            "forward mode",
        ),
        Task(p.own_primitive, (normal(10),)),
    ]


def derivatives(task: Task, libs: dict[str, Library]) -> dict[str, Callable[[], Any]]:
    """The call that is timed, of each library."""
    calls: dict[str, Callable[[], Any]] = {}
    for name, lib in libs.items():
        fun = partial(task.fun, lib.np)
        if task.fun is programs.own_primitive:
            fun = partial(fun, own=lib.own)
        calls[name] = partial(task.derive(lib.package, fun), *task.args)
    return calls


def leaves(x: Any) -> list[Any]:
    """The arrays in a nest of containers, in the order of their keys."""
    if isinstance(x, dict):
        return [leaf for key in sorted(x) for leaf in leaves(x[key])]
    if isinstance(x, (list, tuple)):
        return [leaf for entry in x for leaf in leaves(entry)]
    return [np.asarray(x)]


def check_equal(name: str, calls: dict[str, Callable[[], Any]]) -> None:
    """Raise AssertionError unless the libraries find the same derivative."""
    expected, *others = (leaves(call()) for call in calls.values())
    for other in others:
        for a, b in zip(expected, other, strict=True):
            scale = np.max(np.abs(a), initial=1.0)
            np.testing.assert_allclose(b, a, rtol=TOLERANCE, atol=TOLERANCE * scale, err_msg=name)


def median_times(
    calls: dict[str, Callable[[], Any]], rounds: int, seconds: float
) -> dict[str, float]:
    """Median CPU microseconds of a call; the libraries take turns, so that noise hits all alike.

    Args:
        seconds: how long each library's turn in a round is, about.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    repeats = {name: max(1, round(seconds / _cpu_time(call, 1))) for name, call in calls.items()}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(_cpu_time(call, repeats[name]) / repeats[name] * 1e6)
    return {name: statistics.median(values) for name, values in times.items()}


def _cpu_time(call: Callable[[], Any], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        call()
    return max(time.process_time() - start, 1e-6)


def measure(rounds: int, seconds: float = 0.004, only: str = "") -> Table:
    """The table of all programs, after checking that the derivatives are equal.

    Args:
        only: measure the programs with this in their name.
    """
    libs = libraries()
    gc.collect()
    gc.freeze()
    table = Table(title="CPU microseconds per derivative, forward + backward")
    for column in ("program", "autodiff", "Autograd", "ours / Autograd"):
        table.add_column(column, justify="left" if column == "program" else "right")
    ratios = {}
    for task in tasks():
        if only not in task.name:
            continue
        calls = derivatives(task, libs)
        check_equal(task.name, calls)
        times = median_times(calls, rounds, seconds)
        ours, theirs = times["autodiff"], times["autograd"]
        ratios[task.name] = ours / theirs
        mark = " (above the bar)" if ours / theirs > WORST_BAR else ""
        table.add_row(task.name, f"{ours:.0f}", f"{theirs:.0f}", f"{ours / theirs:.2f}{mark}")
    table.add_section()
    mean, worst = statistics.geometric_mean(ratios.values()), max(ratios, key=lambda k: ratios[k])
    table.add_row(f"geometric mean of {len(ratios)} (bar {MEAN_BAR})", "", "", f"{mean:.3f}")
    table.add_row(f"worst: {worst} (bar {WORST_BAR})", "", "", f"{ratios[worst]:.3f}")
    return table


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m experiments.benchmarks.small_functions"
    )
    parser.add_argument("--rounds", type=int, default=9, help="timings of which the median counts")
    parser.add_argument("--only", default="", help="measure programs with this in their name")
    options = parser.parse_args(arguments)
    Console(width=100).print(measure(options.rounds, only=options.only))


if __name__ == "__main__":
    main()
