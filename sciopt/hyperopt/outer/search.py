"""The whole search: a start, then steps, by what the settings say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sciopt.errors import ConfigError
from sciopt.hyperopt.config import HyperoptConfig, RandomStart
from sciopt.hyperopt.problem import Problem

from .descent import Trial, Vector, descend
from .draws import best_of_draws, refuse_without_bounds
from .evaluations import Evaluations
from .quasi_newton import descend_quasi_newton


@dataclass
class Journey:
    """What has been tried so far.

    Attributes:
        draw_losses: outer losses of the random start.
        trials: every vector tried after it.
        is_exact: whether losses can be compared, see `losses_compare`.
    """

    is_exact: bool
    draw_losses: list[float] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)

    @property
    def here(self) -> Trial:
        """The last accepted trial."""
        return next(trial for trial in reversed(self.trials) if trial.accepted)

    @property
    def best(self) -> Trial:
        """The accepted trial with the lowest loss.

        The last one where losses are noisy: the lowest of them would be the luckiest seed.
        """
        accepted = [trial for trial in self.trials if trial.accepted]
        return min(accepted, key=lambda trial: trial.loss) if self.is_exact else accepted[-1]


def losses_compare(config: HyperoptConfig) -> bool:
    """Whether a vector always has the same outer loss."""
    return not config.outer.fresh_seeds and config.hypergradient.method != "online"


def check_search(problem: Problem) -> None:
    """Refuse settings that do not go together. Raises: ConfigError."""
    config = problem.config
    if problem.space.size == 0:
        raise ConfigError(
            "hyperparameters: none is tuned; write one as a mapping, such as"
            " learning_rate: {start: 0.1}, or begin with a config that comes with sciopt, such as"
            " digits"
        )
    if config.outer.optimizer == "l-bfgs" and not losses_compare(config):
        cause = "fresh_seeds" if config.outer.fresh_seeds else "hypergradient.method online"
        raise ConfigError(
            f"outer.optimizer: l-bfgs compares losses, which {cause} makes noisy; take adam"
        )
    if isinstance(config.outer.start, RandomStart):
        refuse_without_bounds(problem.space)


def search(evaluations: Evaluations, journey: Journey, on_trial: Callable[[Trial], None]) -> str:
    """Search from the start on, filling the journey; why it ended.

    Raises: KeyboardInterrupt at any time; the journey then is what was done.
    """
    problem = evaluations.problem
    config, space = problem.config.outer, problem.space

    def note(trial: Trial) -> None:
        journey.trials.append(trial)
        on_trial(trial)

    def drawn_loss(vector: Vector) -> float:
        journey.draw_losses.append(evaluations.loss(vector))
        return journey.draw_losses[-1]

    start = space.start
    if isinstance(config.start, RandomStart):
        start = best_of_draws(space, config.start.random, problem.config.seed, drawn_loss)
    box = (space.low, space.high)
    if config.optimizer == "l-bfgs":
        return descend_quasi_newton(evaluations, start, *box, config.iterations, note)
    descend(evaluations, start, *box, config, note, is_exact=journey.is_exact)
    count = config.iterations
    return f"reached the limit of {count} iteration{'' if count == 1 else 's'}"


def norm(trial: Trial) -> float:
    """The length of a trial's hypergradient."""
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(trial.gradient))
