"""NumPy's public functions, one by one: excluded for a reason, or called and differentiated."""

from __future__ import annotations

import warnings

import numpy as np

from .calls import CALLS
from .exclusions import NOT_DIFFERENTIABLE

OBJECTS = ("c_", "r_", "vectorize")
"""Public names that are no functions, and yet give arrays that depend on arrays."""


def public_names() -> list[str]:
    """Every public function of numpy, numpy.linalg and numpy.fft; those of submodules dotted."""
    names = set(OBJECTS)
    for prefix, module in (("", np), ("linalg.", np.linalg), ("fft.", np.fft)):
        for name in dir(module):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # names that leave NumPy
                value = getattr(module, name)
            if not name.startswith("_") and callable(value) and not isinstance(value, type):
                names.add(prefix + name)
    return sorted(names)


def unknown_names() -> list[str]:
    """Public names that are neither excluded nor called: those of a NumPy newer than the lists."""
    return [n for n in public_names() if n not in NOT_DIFFERENTIABLE and n not in CALLS]


def differentiable_names() -> list[str]:
    """Public names that can be differentiated."""
    return [name for name in public_names() if name in CALLS]
