"""Compiling ahead of the first use."""

from __future__ import annotations

import numpy as np

from .advect import advect, advect_adjoint
from .project import project
from .rollout import rollout, rollout_adjoint


def warm_up(dtype: np.dtype | type) -> None:
    """Compile, or load from Numba's cache, what a value and gradient in `dtype` needs.

    Takes some 8 s the first time on a machine and 0.2 s later. Other calls compile on first use.
    """
    state = np.zeros((3, 4, 4), dtype)
    states = rollout(state, 1, 1)
    rollout_adjoint(state, states, 1)
    advect_adjoint(advect(state, state[:2]), state, state[:2])
    project(state[:2], 1)
