"""From the settings to a method; whatever does not fit is refused here, before any training."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from functools import partial

import numpy as np

from autodiff import plan_unroll
from autodiff.checkpointing.plan import parse_bytes
from sciopt.errors import ConfigError
from sciopt.hyperopt.problem import Problem

from .forward import forward
from .hypergradient import Method
from .implicit import Implicit
from .online import Online
from .recommend import Counts, Recommendation, recommend
from .refusals import refuse_misfits
from .reverse import reverse
from .reversible import refuse_irreversible, reversible
from .truncated import truncated

_UNKNOWN_MEMORY = 8 * 10**9
"""Memory assumed where the system does not tell."""


def method_of(problem: Problem) -> Method:
    """The method that the settings ask for; `auto` takes `recommendation_for`.

    Methods "online" and "implicit" remember something from call to call, see there.
    Raises: ConfigError if it does not fit the problem, with the reason.
    """
    refuse_misfits(problem, problem.config.hypergradient.method)
    _budget(problem)
    settings = settled(problem).config.hypergradient
    name, memory = settings.method, settings.memory
    if name == "reversible":
        refuse_irreversible(problem.inner, problem.hyper(problem.space.start))
        return partial(reversible, radix_bits=settings.radix_bits)
    if name == "forward":
        return forward
    if name == "online":
        return Online(settings.update_every)
    if name == "truncated":
        return partial(truncated, last_steps=settings.last_steps, memory=memory)
    if name == "implicit":
        return Implicit(
            settings.solver,
            settings.solver_iterations,
            settings.damping,
            settings.tolerance,
            # Runs of several seeds may go to processes that have seen other solutions.
            warm=settings.seeds == 1,
        )
    return partial(reverse, memory=memory)


def settled(problem: Problem) -> Problem:
    """The problem with `auto` replaced by the method recommended now, with its memory.

    Processes that share the runs must not each ask for themselves.
    """
    settings = problem.config.hypergradient
    if settings.method != "auto":
        return problem
    advice = recommendation_for(problem)
    memory = settings.memory if settings.memory is not None else advice.memory
    chosen = settings.model_copy(update={"method": advice.method, "memory": memory})
    return replace(problem, config=problem.config.model_copy(update={"hypergradient": chosen}))


def recommendation_for(problem: Problem, memory: int | None = None) -> Recommendation:
    """What suits the problem within its memory budget, or else a quarter of the machine's memory.

    What is free would change with time, and the choice, and the last digits, with it.

    Args:
        memory: of the machine, bytes; None asks the system.
    """
    budget = _budget(problem)
    if budget is None:
        budget = (_memory() if memory is None else memory) // 4
    return recommend(counts_of(problem), budget)


def counts_of(problem: Problem) -> Counts:
    """The counts that a recommendation depends on."""
    inner = problem.inner
    return Counts(
        hyperparameters=problem.space.size,
        weights=problem.layout.size,
        slots=inner.rule.slots,
        steps=inner.config.steps,
        item_bytes=np.dtype(inner.config.dtype).itemsize,
        reversal_bits=_reversal_bits(problem),
    )


def _reversal_bits(problem: Problem) -> float | None:
    """Bits per weight and step of exact reversal at the start; None where it cannot be."""
    hyper = problem.hyper(problem.space.start)
    try:
        refuse_irreversible(problem.inner, hyper)
    except ConfigError:
        return None
    ratios = [np.asarray(hyper[name], float) for name in problem.inner.rule.uses]
    return sum(math.log2(1 / float(np.mean(ratio))) for ratio in ratios)


def _budget(problem: Problem) -> int | None:
    """The memory budget in bytes, if one is set. Raises: ConfigError if it holds no state."""
    memory, counts = problem.config.hypergradient.memory, counts_of(problem)
    if memory is None:
        return None
    state = np.broadcast_to(np.zeros(1, np.uint8), (counts.state_bytes,))
    try:
        plan_unroll(state, length=counts.steps, memory=memory)
        return parse_bytes(memory)
    except ValueError as error:
        raise ConfigError(f"hypergradient.memory: {error}") from error


def _memory() -> int:
    """Bytes of memory in this machine."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return _UNKNOWN_MEMORY
