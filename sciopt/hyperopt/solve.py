"""The outer problem: search for hyperparameters, and lay out what came of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sciopt.errors import DivergenceError
from sciopt.optimize import Iterate

from .hypergradient.average import SeedPool
from .one_thread import one_thread
from .outer import (
    Evaluations,
    Journey,
    Remember,
    Trial,
    check_search,
    forget,
    losses_compare,
    norm,
    run_seeds,
    search,
)
from .problem import Problem
from .report import report
from .result import HyperoptResult, Status
from .training.diagnosis import divergence_message


def solve(
    problem: Problem,
    on_iterate: Callable[[Iterate], None] = lambda iterate: None,
    *,
    remember: Remember = forget,
    on_stage: Callable[[str], None] = lambda text: None,
) -> HyperoptResult:
    """Search for hyperparameters, starting from the settings' or from random ones.

    Args:
        on_iterate: called with the start and after every outer step, with the point that the
            search then stands at.
        remember: answers what was asked in an earlier run of the same settings, for a resume.
        on_stage: told what is going on where there are no iterates.
    Returns: the best hyperparameters found, also after Ctrl-C.
    Raises:
        DivergenceError: training diverges at the start.
        ConfigError: settings that do not go together.
        KeyboardInterrupt: before even the start was known, or during the final report.
    """
    check_search(problem)
    journey = Journey(losses_compare(problem.config))
    with SeedPool(problem, problem.config.hypergradient.processes) as pool:
        evaluations = Evaluations(problem, pool, remember)

        def note(trial: Trial) -> None:
            if trial.index == 0 and not trial.is_finite:
                raise DivergenceError(_divergence(problem, trial))
            here = journey.here
            on_iterate(
                Iterate(
                    index=trial.index,
                    evaluations=evaluations.hypergradients,
                    loss=here.loss,
                    grad_norm=norm(here),
                    seconds=evaluations.seconds,
                    x=here.vector,
                )
            )

        status: Status = "finished"
        try:
            message = search(evaluations, journey, note)
        except KeyboardInterrupt:
            if not journey.trials:
                raise
            last = journey.trials[-1].index
            status = "interrupted"
            message = f"interrupted after {last} iteration{'' if last == 1 else 's'}"
    probe = problem.config.probe
    looks = ", and closer looks" if probe.rates or probe.differences else ""
    on_stage(f"training from unseen seeds{looks}, for the report")
    return report(problem, journey, evaluations, message, status)


def _divergence(problem: Problem, start: Trial) -> str:
    """Where training from the start went wrong, and what to lower."""
    hyper = problem.hyper(start.vector)
    if np.isfinite(start.loss):
        return (
            f"The hypergradient became {norm(start)} at the start, although training did not"
            " diverge: the run is chaotic; lower hyperparameters.learning_rate.start (now up to"
            f" {float(np.max(hyper['learning_rate'])):g}) or training.steps."
        )
    seeds = run_seeds(problem.config, 0)
    with one_thread():
        reason = divergence_message(problem.inner, hyper, seeds[0])
    return f"With the hyperparameters at the start, {reason}."
