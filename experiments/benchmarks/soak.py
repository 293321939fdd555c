"""Does anything grow? 100 000 gradients of every kind, with memory and objects counted on the way.

    python -m experiments.benchmarks.soak [--gradients N]

Numbers, arrays, containers, nests, Jacobians, forward mode, arrays filled in place, loops within a
budget, custom rules and errors raised half way take turns. After a warm-up, resident memory and
the number of Python objects are noted ten times; both must stay where they are. Exits with 1 if
memory grew by more than 2 MB, or objects by more than 100.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import checkpoint, grad, hessian, jacobian, make_jvp, make_vjp, unroll
from autodiff.extend import defvjp, primitive

MEMORY_MB, OBJECTS = 2.0, 100
X = onp.linspace(0.1, 1.0, 20)


@primitive
def cube(x: Any) -> Any:
    """x**3, with a rule of its own."""
    return x**3


defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)


def number() -> Any:
    return grad(lambda x: np.sin(x) * x + x**3 / (1 + x))(0.7)


def array() -> Any:
    return grad(lambda x: np.sum(np.exp(x[::2]) * np.tanh(x[1::2])) + np.mean(x) * np.max(x))(X)


def containers() -> Any:
    value = {"w": X, "bias": [0.3, (1.0, X[:3])]}
    return grad(lambda p: np.sum(p["w"]) * p["bias"][0] + np.sum(p["bias"][1][1] ** 2))(value)


def nested() -> Any:
    return grad(lambda x: x * grad(lambda y: np.sin(x * y) * y)(x))(0.4)


def second() -> Any:
    return hessian(lambda x: np.sum(x**3))(X[:4]), jacobian(lambda x: np.outer(x, x))(X[:3])


def forward() -> Any:
    return make_jvp(grad(lambda x: np.sum(np.sin(x) * x)))(X)(X)


def filled() -> Any:
    def fun(x: Any) -> Any:
        y = np.zeros(5)
        for k in range(1, 5):
            y[k] = y[k - 1] * x + k
        return np.sum(y)

    return grad(fun)(0.5)


def loop() -> Any:
    def fun(x: Any) -> Any:
        return np.sum(unroll(lambda s, _: np.sin(s) * x[0], x, length=12, memory=3 * X.nbytes))

    return grad(fun)(X)


def recomputed() -> Any:
    return grad(lambda x: np.sum(checkpoint(lambda y: np.sin(y) * x)(x * 2)))(X)


def twice() -> Any:
    vjp, value = make_vjp(lambda x: cube(x) * x[0])(X)
    return vjp(value), vjp(X)


def failing() -> Any:
    def fun(x: Any) -> Any:
        y = np.zeros(3)
        y[0] = np.sum(x)
        return np.dot(y, unroll(lambda s, _: _broken(s), x, length=3))

    try:
        return grad(fun)(X)
    except ZeroDivisionError as error:
        return str(error)


def _broken(x: Any) -> Any:
    grad(lambda y: np.sum(y * x))(x)
    raise ZeroDivisionError("half way")


KINDS: tuple[Callable[[], Any], ...] = (
    number, array, containers, nested, second, forward, filled, loop, recomputed, twice, failing,
)  # fmt: skip


def resident_mb() -> float:
    """Resident memory of this process, from Linux's /proc."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("no VmRSS in /proc/self/status")


def run(gradients: int) -> None:
    """That many gradients, all kinds taking turns."""
    for k in range(gradients):
        KINDS[k % len(KINDS)]()


def main() -> int:
    """Soak, print what was counted, and say whether anything grew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gradients", type=int, default=100_000)
    gradients = parser.parse_args().gradients
    run(gradients // 20)
    began, counts = time.perf_counter(), []
    for part in range(11):
        if part:
            run(gradients // 10)
        gc.collect()
        counts.append((resident_mb(), len(gc.get_objects())))
        print(
            f"{part * (gradients // 10):>8} gradients"
            f" {counts[-1][0]:8.1f} MB {counts[-1][1]} objects"
        )
    memory, objects = (last - first for first, last in zip(counts[0], counts[-1]))
    seconds = time.perf_counter() - began
    print(f"grew by {memory:.1f} MB and {objects} objects in {seconds:.0f} s")
    return int(memory > MEMORY_MB or objects > OBJECTS)


if __name__ == "__main__":
    sys.exit(main())
