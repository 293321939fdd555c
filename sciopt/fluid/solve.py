"""The inverse problem: minimise the mismatch, and lay out what came of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autodiff import value_and_grad
from sciopt.errors import DivergenceError
from sciopt.optimize import Iterate, Outcome, minimize

from .problem import FluidProblem, mismatch
from .result import FluidResult
from .simulate import smoke_frames


def solve(
    problem: FluidProblem, on_iterate: Callable[[Iterate], None] = lambda iterate: None
) -> FluidResult:
    """Search for the initial velocity, starting from the problem's.

    Args:
        on_iterate: called with the start and with every accepted iterate.

    Returns: the best flow that was found, also after Ctrl-C.

    Raises:
        DivergenceError: the loss or its gradient became NaN or infinite; `result` is the best flow
            before that, None if there was none.
        ConfigError: the optimiser or its options do not exist.
    """
    config = problem.config
    history: list[Iterate] = []

    def note(iterate: Iterate) -> None:
        history.append(iterate)
        on_iterate(iterate)

    options = dict(config.optimizer_options)
    if config.optimizer.casefold() == "adam":
        options = {"learning_rate": config.learning_rate, **options}
    outcome = minimize(
        value_and_grad(mismatch(problem)),
        problem.velocity,
        method=config.optimizer,
        iterations=config.iterations,
        options=options,
        on_iterate=note,
    )
    if outcome.status == "diverged" and not history:
        raise DivergenceError(
            f"{outcome.message} No step was taken yet: the start itself is at fault; lower"
            " velocity_noise, or leave it at 0."
        )
    result = _result(problem, outcome, history)
    if outcome.status == "diverged":
        raise DivergenceError(f"{outcome.message} {_likely_cause(result)}", result)
    return result


def _likely_cause(last_good: FluidResult) -> str:
    fastest = float(np.abs(last_good.velocity).max())
    return (
        "The likely cause is a step of the optimiser that was too long"
        f" (the last good flow moves {fastest:.3g} cells per step at most):"
        " lower learning_rate if it is Adam's, or choose another optimizer."
    )


def _result(problem: FluidProblem, outcome: Outcome, history: list[Iterate]) -> FluidResult:
    config = problem.config
    velocity = np.asarray(outcome.x, config.dtype)
    frame_steps, frames = smoke_frames(
        velocity,
        problem.smoke,
        steps=config.steps,
        sweeps=config.sweeps,
        backend=config.backend,
        frames=config.frames,
    )
    levels = np.rint(255 * np.clip(np.stack(frames), 0, 1)).astype(np.uint8)
    return FluidResult(
        target=problem.target,
        smoke_initial=problem.smoke,
        smoke_final=frames[-1],
        velocity=velocity,
        frames=levels,
        frame_steps=np.array(frame_steps),
        loss_history=np.array([iterate.loss for iterate in history]),
        grad_norm_history=np.array([iterate.grad_norm for iterate in history]),
        loss_initial=history[0].loss,
        loss_final=outcome.loss,
        evaluations=outcome.evaluations,
        iterations=outcome.iterations,
        message=outcome.message,
        status=outcome.status,
    )
