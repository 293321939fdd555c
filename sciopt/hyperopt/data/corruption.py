"""Wrong labels on purpose, for the task of finding them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CORRUPTION = 3  # tag of this use of a seed


def corrupt_labels(
    labels: NDArray[np.int64], classes: int, share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Give exactly round(share * N) of (N,) labels a uniformly random other class.

    Returns: the new labels (N,), and which of them were replaced, (N,) bool.
    Source: the noise of Franceschi et al. (2017), section 5.1.
    """
    rng = np.random.default_rng([seed, _CORRUPTION])
    count = round(share * len(labels))
    chosen = rng.permutation(len(labels))[:count]
    corrupted = np.zeros(len(labels), dtype=bool)
    corrupted[chosen] = True
    # A step of 1..C-1 around the circle of classes never comes back to the start.
    steps = rng.integers(1, classes, size=count)
    replaced = labels.copy()
    replaced[chosen] = (labels[chosen] + steps) % classes
    return replaced, corrupted
