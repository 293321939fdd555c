"""A fair look: random search and TPE on the same problem, by the same budget of training runs.

Both search the box of the hyperparameters' bounds, each on its scale, where the gradient starts
from the settings. TPE is Optuna's, multivariate: Bergstra et al. (2011), Falkner et al. (2018).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError

from .config import RandomStart
from .hypergradient.average import SeedPool
from .outer import (
    Evaluations,
    Journey,
    check_search,
    losses_compare,
    plain_loss,
    random_vectors,
    refuse_without_bounds,
    search,
)
from .problem import Problem, problem_on
from .report import metrics_of
from .result import SearchCurves

Vector = NDArray[np.float64]
SEARCHES = ("random", "tpe")
_SHARE_OF_DRAWS = 4  # the hybrid spends a quarter of its budget on random draws
_MOST_FOR_TPE = 1000  # hyperparameters; its surrogate's time grows with them, run by run
_TPE = 13  # tag of this use of a seed


@dataclass(frozen=True, eq=False)
class _Path:
    """One method on one seed.

    Attributes:
        best: lowest outer loss after 1, 2, ... training runs, (R,).
        vector: that it belongs to at the end, (size,).
    """

    best: NDArray[np.float64]
    vector: Vector


def check_comparison(problem: Problem, methods: Sequence[str]) -> None:
    """Refuse a comparison that cannot be made. Raises: ConfigError."""
    refuse_without_bounds(problem.space)
    if not losses_compare(problem.config):
        raise ConfigError(
            "--compare: compares losses on fixed seeds; drop outer.fresh_seeds, and take another"
            " hypergradient.method than online"
        )
    if "tpe" in methods:
        _optuna()
        if problem.space.size > _MOST_FOR_TPE:
            raise ConfigError(
                f"--compare: tpe is hopeless with {problem.space.size} hyperparameters (most"
                f" {_MOST_FOR_TPE}); take --compare random"
            )


def compare(
    problem: Problem,
    methods: Sequence[str],
    *,
    seeds: int,
    cost: float,
    runs: int | None = None,
    on_stage: Callable[[str], None] = lambda text: None,
) -> SearchCurves:
    """Search by gradient, by random draws with the gradient after them, and by `methods`.

    Every method gets the same training runs; a hypergradient is charged `cost` of them. Data and
    split stay the same; the seed of training and of all draws is the settings', the next, ...

    Args:
        methods: of `SEARCHES`.
        seeds: how often all is repeated.
        cost: seconds of a hypergradient over seconds of a training run, measured.
        runs: the budget; None for what the settings' outer iterations cost.
        on_stage: told what is going on.
    Raises: ConfigError, see `check_comparison`.
    """
    check_comparison(problem, methods)
    if runs is None:
        runs = round(cost * (1 + problem.config.outer.iterations))
    names = ("gradient", "hybrid", *methods)
    budget = max(runs, 1)
    best = np.full((len(names), seeds, budget), np.nan)
    metrics = np.full((len(names), seeds, 3, 2), np.nan)
    used = [problem.config.seed + k for k in range(seeds)]
    for k, seed in enumerate(used):
        config = problem.config.model_copy(update={"seed": seed})
        for m, name in enumerate(names):
            on_stage(f"comparing: {name}, seed {seed} ({k + 1} of {seeds}), {budget} training runs")
            seeded = problem_on(problem.data, config)
            path = _SEARCHES[name](seeded, budget, cost)
            best[m, k] = path.best
            metrics[m, k] = metrics_of(seeded, path.vector).mean(axis=0)
    return SearchCurves(
        methods=np.array(names, dtype=np.str_),
        best=best,
        metrics=metrics,
        seeds=np.array(used, np.int64),
        cost=np.full(seeds, cost),
        hyperparameters=problem.space.size,
        objective=problem.config.outer.objective,
    )


def _by_gradient(problem: Problem, budget: int, cost: float) -> _Path:
    return _descent(problem, budget, cost, draws=0)


def _hybrid(problem: Problem, budget: int, cost: float) -> _Path:
    start = problem.config.outer.start
    asked = start.random if isinstance(start, RandomStart) else budget // _SHARE_OF_DRAWS
    return _descent(problem, budget, cost, draws=max(1, min(asked, budget)))


def _descent(problem: Problem, budget: int, cost: float, draws: int) -> _Path:
    """Hypergradients until the budget is spent, after so many random draws."""
    affordable = int((budget - draws) / cost)
    start = RandomStart(random=draws) if draws else "settings"
    outer = problem.config.outer.model_copy(
        update={"start": start, "iterations": max(affordable - 1, 1)}
    )
    problem = replace(problem, config=problem.config.model_copy(update={"outer": outer}))
    check_search(problem)
    journey = Journey(is_exact=True)
    with SeedPool(problem, problem.config.hypergradient.processes) as pool:
        search(Evaluations(problem, pool), journey, lambda trial: None)
    ends = [*range(1, draws + 1), *(draws + cost * (1 + t.index) for t in journey.trials)]
    losses = [*journey.draw_losses, *(trial.loss for trial in journey.trials)]
    return _Path(_best_so_far(ends, losses, budget), journey.best.vector)


def _at_random(problem: Problem, budget: int, cost: float) -> _Path:
    vectors = random_vectors(problem.space, budget, problem.config.seed)
    return _of_tried(vectors, [plain_loss(problem, vector) for vector in vectors])


def _by_tpe(problem: Problem, budget: int, cost: float) -> _Path:
    optuna: Any = _optuna()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    seed = int(np.random.SeedSequence([problem.config.seed, _TPE]).generate_state(1)[0])
    with warnings.catch_warnings():  # of multivariate TPE, whose interface may change
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(multivariate=True, seed=seed)
    study = optuna.create_study(sampler=sampler)
    labels = problem.space.labels(problem.layout)
    low, high = problem.space.low, problem.space.high
    vectors, losses = [], []
    for _ in range(budget):
        trial = study.ask()
        vector = np.array([trial.suggest_float(*each) for each in zip(labels, low, high)])
        loss = plain_loss(problem, vector)
        vectors.append(vector)
        losses.append(loss)
        study.tell(trial, loss if np.isfinite(loss) else float("inf"))
    return _of_tried(np.array(vectors), losses)


_SEARCHES: dict[str, Callable[[Problem, int, float], _Path]] = {
    "gradient": _by_gradient,
    "hybrid": _hybrid,
    "random": _at_random,
    "tpe": _by_tpe,
}


def _of_tried(vectors: NDArray[np.float64], losses: Sequence[float]) -> _Path:
    best = int(np.argmin(np.where(np.isfinite(losses), losses, np.inf)))
    return _Path(_best_so_far(range(1, len(losses) + 1), losses, len(losses)), vectors[best])


def _best_so_far(
    ends: Sequence[float], losses: Sequence[float], budget: int
) -> NDArray[np.float64]:
    """The lowest finite loss known after each training run, from when each was known."""
    lowest = np.full(budget + 1, np.inf)
    for end, loss in zip(ends, losses):
        place = int(np.ceil(end - 1e-9))
        if np.isfinite(loss) and place <= budget:
            lowest[place] = min(lowest[place], loss)
    best = np.minimum.accumulate(lowest)[1:]
    return np.where(np.isfinite(best), best, np.nan)


def _optuna() -> ModuleType:
    """Optuna, imported when it is needed. Raises: ConfigError if it is not installed."""
    try:
        import optuna
    except ImportError as error:
        raise ConfigError(
            "--compare tpe: needs Optuna, which is not installed; pip install 'sciopt[compare]',"
            " or take --compare random"
        ) from error
    return optuna
