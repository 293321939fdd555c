"""What does not fit together is refused by name, with the reason, before any training."""

from __future__ import annotations

from sciopt.errors import ConfigError
from sciopt.hyperopt.hyperparameters import KINDS, Part
from sciopt.hyperopt.problem import Problem


def refuse_misfits(problem: Problem, method: str) -> None:
    """Raises: ConfigError if `method` cannot give the gradient by what is tuned."""
    if not problem.space.size:
        raise ConfigError(
            "hyperparameters: none is tuned; give one a mapping instead of a number, such as"
            " learning_rate: {start: 0.1}"
        )
    if method == "truncated":
        _refuse_early(problem)
    elif method == "implicit":
        _refuse_path(problem)
    elif method == "online":
        _refuse_separate_runs(problem)


def _refuse_early(problem: Problem) -> None:
    """Truncated knows nothing of what acts before the last steps."""
    steps = problem.inner.config.steps
    last = problem.config.hypergradient.last_steps
    first = steps - last
    if first <= 0:
        return
    for part in problem.space.parts:
        if _acts(part) == "start":
            raise ConfigError(
                f"hypergradient.method: truncated cannot tune {part.name}: it acts at the start of"
                f" training, and the last {last} of {steps} steps know nothing of it. Take reverse,"
                f" or hypergradient.last_steps: {steps}"
            )
        if part.has_steps and part.every <= first:
            before = min(first // part.every * part.every, steps) - 1
            raise ConfigError(
                f"hypergradient.method: truncated cannot tune {part.name} of steps 0 to {before}:"
                f" they act before the last {last} of {steps} steps. Take reverse,"
                f" hypergradient.last_steps: {steps}, or values that are not per step"
            )


def _refuse_path(problem: Problem) -> None:
    """Implicit differentiation knows the minimum, not the path to it."""
    config = problem.config
    for part in problem.space.parts:
        acts = _acts(part)
        is_penalty = part.name == "weight_decay" and not part.has_steps
        if acts == "start" or (acts == "steps" and not is_penalty):
            raise ConfigError(
                f"hypergradient.method: implicit cannot tune {part.name}: the minimum of the"
                " training loss does not depend on it, so its gradient would be zero. Take reverse,"
                " or give it a plain number"
            )
    if config.hyperparameters.weight_decay is not None and config.training.decay == "decoupled":
        raise ConfigError(
            "hypergradient.method: implicit needs training to end at a minimum of the training"
            " loss, but decoupled weight_decay moves it elsewhere. Take training.decay: plain, l2,"
            " or reverse"
        )


def _refuse_separate_runs(problem: Problem) -> None:
    """Online follows one run while it goes on."""
    config = problem.config
    for part in problem.space.parts:
        if part.has_steps:
            raise ConfigError(
                f"hypergradient.method: online cannot tune {part.name} per step: when the gradient"
                " is known, the step is over. Take forward or reverse, or values that are not per"
                " step"
            )
    if config.hypergradient.seeds > 1:
        raise ConfigError(
            f"hypergradient.seeds: {config.hypergradient.seeds}, but online follows one training"
            " run; drop it, or take forward"
        )
    if config.outer.optimizer == "l-bfgs":
        raise ConfigError(
            "outer.optimizer: l-bfgs compares losses of whole runs, which online does not make;"
            " take adam, sgd or rmsprop, or another hypergradient.method"
        )


def _acts(part: Part) -> str:
    return KINDS[part.name.split(".")[0]].acts
