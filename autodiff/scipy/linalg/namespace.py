"""scipy.linalg's namespace as primitives, and how functions of ours take a place in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import scipy.linalg

from ...numpy.composed import Function, in_place_of
from ...numpy.wrapper import wrap_namespace

wrapped_linalg: dict[str, Any] = {}
wrap_namespace(scipy.linalg, wrapped_linalg)


def composed(name: str) -> Callable[[Function], Function]:
    """Let the decorated function stand for scipy.linalg's of this name where something is traced.

    Options that only tune SciPy's way to the result (check_finite, overwrite_a, ...) are ignored.
    """
    return in_place_of(scipy.linalg, wrapped_linalg, name)
