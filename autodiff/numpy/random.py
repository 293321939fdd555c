"""numpy.random, for programs that take it from here: ``autodiff.numpy.random``.

Random numbers have no derivatives: a function that is given a traced value raises
NotImplementedError. Draw standard numbers, and shift and scale them by traced values.
"""

from types import ModuleType
from typing import Any

import numpy as onp

from .wrapper import wrap


def __getattr__(name: str) -> Any:
    """Functions are wrapped when they are first asked for: NumPy imports its own as late."""
    value = None if name.startswith("_") else getattr(onp.random, name, None)
    if value is None or isinstance(value, ModuleType):
        raise AttributeError(f"module 'autodiff.numpy.random' has no attribute {name!r}")
    # Methods of NumPy's global generator: of another type than NumPy's functions.
    globals()[name] = found = wrap(value) if _is_function(value) else value
    return found


def __dir__() -> list[str]:
    known = vars(onp.random).items()
    return [n for n, v in known if not n.startswith("_") and not isinstance(v, ModuleType)]


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)
