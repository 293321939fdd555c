"""What is compared with Autograd: a call of one primitive, in either library."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as onp


class Call(NamedTuple):
    """`fun(library, *args)`, differentiated in all `args`; `library` is autodiff or autograd.

    `wart` says what Autograd gets wrong here: then ours is compared with differences instead.
    `single`: whether it is tried in float32 too.
    """

    fun: Callable[..., Any]
    args: tuple[Any, ...]
    wart: str = ""
    single: bool = True


def of(path: str, *options: Any, **keywords: Any) -> Callable[..., Any]:
    """The function that calls what is at `path` below the library, with these options."""
    found = attrgetter(path)
    return lambda library, *args: found(library)(*args, *options, **keywords)


def reals(*shape: int, low: float = -1.5, high: float = 1.5, seed: int = 11) -> Any:
    """Distinct numbers in [low, high], shape `shape`."""
    values = onp.random.default_rng(seed).uniform(low, high, shape)
    return float(values) if shape == () else values


def complexes(*shape: int, seed: int = 21) -> Any:
    return reals(*shape, seed=seed) + 1j * reals(*shape, seed=seed + 100)


def positives(*shape: int, seed: int = 31) -> Any:
    return reals(*shape, low=0.4, high=2.2, seed=seed)
