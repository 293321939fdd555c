"""The inverse problem: level by level to the best flow, and what came of it laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff import value_and_grad
from sciopt.errors import DivergenceError
from sciopt.optimize import Iterate, Outcome, minimize

from .problem import FluidProblem, Stage
from .report import History, report
from .result import FluidResult

Vector = NDArray[np.floating[Any]]
Answer = dict[str, NDArray[Any]]
Remember = Callable[[Vector, Callable[[], Answer]], Answer]
"""(question, how to compute the answer) -> answer, perhaps one of an earlier run."""


def solve(
    problem: FluidProblem,
    on_iterate: Callable[[Iterate], None] = lambda iterate: None,
    *,
    on_stage: Callable[[Stage], None] = lambda stage: None,
    on_trial: Callable[[Sequence[float]], None] = lambda losses: None,
    remember: Remember = lambda question, compute: compute(),
) -> FluidResult:
    """Search for the controls, starting from where the settings say.

    Args:
        on_iterate: called with the start and with every accepted iterate of every level; they are
            counted through all levels, but a loss means something within its level only.
        on_stage: called before the search on each level.
        on_trial: called before the trial of each start, and before the best one goes on, with what
            the trials so far came to.
        remember: answers what was asked in an earlier run of the same settings, for a resume.

    Returns: the best flow that was found, also after Ctrl-C.

    Raises:
        DivergenceError: the loss or its gradient became NaN or infinite; `result` is the best flow
            before that, None if there was none.
        ConfigError: the optimiser or its options do not exist, or keep no bounds.
    """
    history = History()
    search = partial(_search, history=history, on_iterate=on_iterate, remember=remember)
    stage, left = problem.stage(0), 0
    vector: Vector = stage.start()
    for number, level in enumerate(problem.levels):
        before, stage = stage, problem.stage(number) if number else stage
        vector = before.refined(vector, stage) if number else vector
        on_stage(stage)
        history.begin_level()
        left += level.iterations
        if number == 0 and problem.config.restarts:
            outcome = _try_starts(stage, search, history, on_trial)
            vector, left = outcome.x, left - outcome.iterations
            if _is_over(problem, outcome, history):
                break
            on_trial(history.trial_losses)
        outcome = search(stage, vector, left)
        vector, left = outcome.x, left - outcome.iterations
        if _is_over(problem, outcome, history):
            break
    if outcome.status == "diverged" and history.is_empty:
        raise DivergenceError(
            f"{outcome.message} No step was taken yet: the start itself is at fault; lower"
            " velocity_noise, or leave it at 0."
        )
    if stage is not problem.last:
        vector = stage.refined(vector, problem.last)
    result = report(problem, vector, outcome, history)
    if outcome.status == "diverged":
        raise DivergenceError(f"{outcome.message} {_likely_cause(result)}", result)
    return result


def _is_over(problem: FluidProblem, outcome: Outcome, history: History) -> bool:
    """Whether no search follows this one."""
    spent = history.evaluations == problem.config.evaluations
    return outcome.status != "finished" or spent


def _try_starts(
    stage: Stage,
    search: Callable[[Stage, Vector, int], Outcome],
    history: History,
    on_trial: Callable[[Sequence[float]], None],
) -> Outcome:
    """The best of a few iterations from each start; its iterations are those of all.

    A start whose trial diverges loses against any other.
    """
    trials: list[Outcome] = []
    losses = history.trial_losses
    for number in range(stage.config.restarts + 1):
        on_trial(losses)
        trials.append(search(stage, stage.start(number), stage.config.trial_iterations))
        found = trials[-1].status != "diverged" and np.isfinite(trials[-1].loss)
        losses.append(trials[-1].loss if found else np.inf)
        if trials[-1].status == "interrupted" or history.evaluations == stage.config.evaluations:
            break
    history.start_chosen = int(np.argmin(losses))
    best, last = trials[history.start_chosen], trials[-1]
    status = last.status if last.status == "interrupted" else best.status
    message = last.message if status == "interrupted" else best.message
    spent = sum(trial.iterations for trial in trials)
    return replace(best, iterations=spent, status=status, message=message)


def _search(
    stage: Stage,
    start: Vector,
    iterations: int,
    *,
    history: History,
    on_iterate: Callable[[Iterate], None],
    remember: Remember,
) -> Outcome:
    """A search on one level; iterates go on counting where those of the search before ended."""
    config = stage.config

    def note(iterate: Iterate) -> None:
        on_iterate(history.add(iterate))

    options = dict(config.optimizer_options)
    if config.optimizer.casefold() == "adam":
        options = {"learning_rate": config.learning_rate, **options}
    most = config.evaluations
    try:
        outcome = minimize(
            _evaluation(stage, remember),
            start,
            method=config.optimizer,
            iterations=iterations,
            evaluations=None if most is None else most - history.evaluations,
            options=options,
            on_iterate=note,
            bounds=stage.controls.bounds(),
        )
    except KeyboardInterrupt:
        if history.is_empty:  # not even the start is known
            raise
        nan, why = float("nan"), "interrupted before the next search had begun"
        outcome = Outcome(start, nan, nan, 0, 0, 0.0, "interrupted", why)
    history.end_search(outcome)
    return outcome


def _evaluation(stage: Stage, remember: Remember) -> Callable[[Vector], tuple[float, Vector]]:
    """Loss and gradient of a vector, perhaps as remembered."""
    gradient_of_loss = value_and_grad(stage.loss)

    def evaluate(vector: Vector) -> tuple[float, Vector]:
        def compute() -> Answer:
            loss, gradient = gradient_of_loss(vector)
            return {"loss": np.asarray(loss, np.float64), "gradient": gradient}

        answer = remember(vector, compute)
        return float(answer["loss"]), answer["gradient"]

    return evaluate


def _likely_cause(last_good: FluidResult) -> str:
    fastest = float(np.abs(last_good.velocity).max())
    return (
        "The likely cause is a step of the optimiser that was too long"
        f" (the last good flow moves {fastest:.3g} cells per step at most):"
        " lower learning_rate if it is Adam's, or choose another optimizer."
    )
