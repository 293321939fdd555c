"""One peer's time and memory for a value and gradient, in this process, as JSON on stdout."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ValueAndGrad = Callable[[Any], tuple[float, np.ndarray]]


def report(
    peer: str,
    build: Callable[[], ValueAndGrad],
    x: np.ndarray,
    seconds: float,
    folder: str,
    clock: Callable[[], float] = time.perf_counter,
) -> None:
    """Time a peer and print its report; its gradient goes to a file, for the parent to compare.

    Repeats for `seconds`, at least three times and at most fifty; a very slow peer runs once.

    Args:
        clock: of the process's own time, where all peers run on one thread and the machine is busy.
    """
    try:
        value_and_grad = build()
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    before = peak_megabytes()
    start = clock()
    loss, gradient = value_and_grad(x)
    first = clock() - start
    np.save(Path(folder) / f"{peer}.npy", gradient)
    times: list[float] = []
    while len(times) < 3 or (sum(times) < seconds and len(times) < 50):
        start = clock()
        value_and_grad(x)
        times.append(clock() - start)
        if times[0] > 2 * seconds:
            break
    facts = {"loss": float(loss), "times": times, "first": first}
    print(json.dumps({**facts, "peak": peak_megabytes(), "before": before}))


def peak_megabytes() -> float:
    """The largest resident size of this process so far (Linux reports kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
