"""numpy.random, for programs that take it from here: ``autodiff.numpy.random``.

Random numbers have no derivatives: a function that is given a traced value raises
NotImplementedError. Draw standard numbers, and shift and scale them by traced values.
"""

from types import ModuleType
from typing import Any

import numpy as onp

from .wrapper import wrap

# Methods of NumPy's global generator: of another type than NumPy's functions.
globals().update(
    (name, wrap(value) if callable(value) and not isinstance(value, type) else value)
    for name, value in vars(onp.random).items()
    if not name.startswith("_") and not isinstance(value, ModuleType)
)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.numpy.random' has no attribute {name!r}")
