"""Means over several training runs, each of its own seed, in one process or several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import WorkerError
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.data import Dataset
from sciopt.hyperopt.one_thread import one_thread
from sciopt.hyperopt.problem import Problem, problem_on

from .hypergradient import Hypergradient, Method
from .implicit import Implicit
from .methods import method_of, settled
from .online import Online

Vector = NDArray[np.float64]


def averaged(
    method: Method, problem: Problem, vector: Vector, seeds: Sequence[int]
) -> Hypergradient:
    """The mean loss and hypergradient over training runs of these seeds, in their order."""
    return mean_of([_on_one_thread(method, problem, vector, seed) for seed in seeds])


def mean_of(found: Sequence[Hypergradient]) -> Hypergradient:
    """Means of losses and gradients, summed from first to last; the largest of each diagnostic."""
    if len(found) == 1:
        return found[0]
    loss, gradient = 0.0, np.zeros_like(found[0].gradient)
    diagnostics: dict[str, float] = {}
    for each in found:
        loss += each.loss
        gradient += each.gradient
        for name, value in each.diagnostics.items():
            diagnostics[name] = float(np.maximum(diagnostics.get(name, value), value))
    notices = tuple(dict.fromkeys(notice for each in found for notice in each.notices))
    return Hypergradient(loss / len(found), gradient / len(found), diagnostics, notices)


class SeedPool:
    """Processes that take training runs of several seeds off each other's hands.

    A context manager. Every process holds the problem, and computes on one thread: results are the
    same, to the last bit, for any number of processes. They end with the block, and at once if this
    process dies, however it does.

    It starts none where the settings average over one run only: methods that remember something
    from call to call stay in this process.

    Raises: ConfigError if the method that the settings ask for does not fit.
    """

    def __init__(self, problem: Problem, processes: int) -> None:
        self.problem = problem = settled(problem)
        self.method = method_of(problem)
        self._pool: ProcessPoolExecutor | None = None
        self._lifeline: Connection | None = None
        if processes > 1 and problem.config.hypergradient.seeds > 1:
            context = multiprocessing.get_context("spawn")
            # Whoever reads the other end of a pipe learns that this process is gone.
            end, self._lifeline = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(
                processes, context, _begin, (problem.data, problem.config, end)
            )

    def __enter__(self) -> SeedPool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None and self._lifeline is not None:
            self._lifeline.close()  # ends workers in the middle of their runs
            self._pool.shutdown(wait=True, cancel_futures=True)

    def __call__(self, vector: Vector, seeds: Sequence[int]) -> Hypergradient:
        """The mean over `seeds`.

        Raises: WorkerError if a process died; whatever a run raises.
        """
        if self._pool is None:
            return averaged(self.method, self.problem, vector, seeds)
        try:
            runs: list[Future[Hypergradient]] = [
                self._pool.submit(_run, vector, seed) for seed in seeds
            ]
            return mean_of([run.result() for run in runs])
        except BrokenProcessPool as error:
            raise WorkerError(
                "a process that shared the training runs died, most often for want of memory; set"
                " hypergradient.processes lower, or to 1"
            ) from error

    def kept(self) -> dict[str, NDArray[np.float64]]:
        """What the method remembers of its last call, to be stored beside the answer."""
        method = self.method
        if isinstance(method, Implicit) and method.solution is not None:
            return {"solution": method.solution}
        return {}

    def recall(
        self, vector: Vector, seeds: Sequence[int], kept: Mapping[str, NDArray[Any]]
    ) -> None:
        """Take note of a call that was answered from an earlier run, as if it had been made here.

        The tangents of `Online` are too large to be stored: it trains again.
        """
        method = self.method
        if isinstance(method, Implicit) and "solution" in kept:
            method.solution = kept["solution"]
        elif isinstance(method, Online):
            averaged(method, self.problem, vector, seeds)


def _on_one_thread(method: Method, problem: Problem, vector: Vector, seed: int) -> Hypergradient:
    with one_thread():
        return method(problem, vector, seed)


_worker: dict[str, tuple[Problem, Method]] = {}
"""What a worker process builds once and uses for every run."""


def _begin(data: Dataset, config: HyperoptConfig, lifeline: Connection) -> None:
    """Set up a worker: the problem, and the end of the worker with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C too, and ends us
    threading.Thread(target=_follow, args=(lifeline,), daemon=True).start()
    os.environ["AUTODIFF_THREADS"] = "1"  # of compiled loops; workers are threads enough
    problem = problem_on(data, config)
    _worker["problem"] = problem, method_of(problem)


def _follow(lifeline: Connection) -> None:
    lifeline.poll(None)
    os._exit(1)


def _run(vector: Vector, seed: int) -> Hypergradient:
    problem, method = _worker["problem"]
    return _on_one_thread(method, problem, vector, seed)
