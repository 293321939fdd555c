"""Seeds of training runs as pure functions of the settings' seed."""

from __future__ import annotations

import numpy as np

from sciopt.hyperopt.config import HyperoptConfig

_STEP, _EVALUATION = 10, 11  # tags of these uses of a seed


def run_seeds(config: HyperoptConfig, step: int) -> list[int]:
    """The seeds of the training runs of an outer step, `hypergradient.seeds` of them.

    The same in every step, the settings' own first; with `outer.fresh_seeds` new in every step.
    """
    count = config.hypergradient.seeds
    if config.outer.fresh_seeds:
        return [_derived(config.seed, _STEP, 1 + step, k) for k in range(count)]
    return [config.seed, *(_derived(config.seed, _STEP, 0, k) for k in range(1, count))]


def evaluation_seeds(config: HyperoptConfig) -> list[int]:
    """Seeds that no outer step trains from, for the final report; the settings' own if none."""
    count = config.outer.evaluation_seeds
    return [_derived(config.seed, _EVALUATION, k) for k in range(count)] or [config.seed]


def _derived(*key: int) -> int:
    return int(np.random.SeedSequence(key).generate_state(1)[0])
