"""What a case of the rule table is, and numbers to make one from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as onp


class Case(NamedTuple):
    """`fun(xp, *args)` uses the primitive `name`; `args` are what it is differentiated in.

    `xp` is the module `namespace` of the library under test: autodiff.numpy, or autograd.numpy. The
    name is looked up there ("linalg.solve"), or is a full one ("autodiff.numpy.indexing.getitem").
    """

    name: str
    fun: Callable[..., Any]
    args: tuple[Any, ...]
    in_autograd: bool = True
    keeps_float32: bool = True
    namespace: str = "numpy"


def real(*shape: int, low: float = -1.5, high: float = 1.5, seed: float = 1) -> Any:
    """Distinct numbers in [low, high]: no two operands tie, none sits on a kink at 0 or 1."""
    values = onp.random.default_rng(int(seed)).uniform(low, high, shape)
    return float(values) if shape == () else values


def cplx(*shape: int, seed: int = 5) -> Any:
    return real(*shape, seed=seed) + 1j * real(*shape, seed=seed + 100)


def call(name: str, *positional: Any, **keywords: Any) -> Callable[..., Any]:
    """The function that calls `name` of a namespace, with these options."""
    return lambda xp, *args: getattr(xp, name)(*args, *positional, **keywords)


POSITIVE: dict[str, float] = {"low": 0.3, "high": 2.0}
