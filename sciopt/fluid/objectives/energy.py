"""A penalty on the flow's energy."""

from __future__ import annotations

from typing import Any

import autodiff.numpy as np

from .flow import Flow


def kinetic_energy(velocity: Any) -> Any:
    """mean(|v|^2) / 2 over cells, in (cells per step)^2. `velocity` has shape (2, nx, ny)."""
    return np.mean(velocity * velocity) * (velocity.shape[0] / 2)


def mean_energy(flow: Flow) -> Any:
    """The mean of the kinetic energies of all states that the flow keeps."""
    total = sum(kinetic_energy(v) for v in flow.velocity)
    return total / len(flow.velocity)
