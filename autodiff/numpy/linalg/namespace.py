"""numpy.linalg's namespace as primitives, and how functions of ours take a place in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..composed import Function, in_place_of
from ..wrapper import wrap_namespace

linalg: dict[str, Any] = {}
wrap_namespace(onp.linalg, linalg)


def composed(name: str) -> Callable[[Function], Function]:
    """Let the decorated function stand for numpy.linalg's function of this name."""
    return in_place_of(onp.linalg, linalg, name)
