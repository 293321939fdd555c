"""Numerical derivatives for the tests of linear algebra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest


def _by_differences(fun: Callable[[Any], Any], x: Any, h: float = 1e-6) -> Any:
    slopes = onp.zeros_like(x)
    for index in onp.ndindex(x.shape):
        step = onp.zeros_like(x)
        step[index] = h
        slopes[index] = (fun(x + step) - fun(x - step)) / (2 * h)
    return slopes


@pytest.fixture
def by_differences() -> Callable[..., Any]:
    """The gradient of a scalar function of a real matrix, entry by entry."""
    return _by_differences


@pytest.fixture
def rng() -> onp.random.Generator:
    return onp.random.default_rng(0)
