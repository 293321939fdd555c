"""Operations that every training step repeats for every array, each as one primitive.

An update rule is a few sums of scaled arrays; as one primitive such a sum is recorded once and
pulled back once, where its products and its sum would be three.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff.numpy as np
from autodiff.extend import defjvp, defvjp, primitive


@primitive
def plus_scaled(x: Any, b: Any, y: Any) -> Any:
    """x + b y of two arrays of one shape; b is a number or an array of that shape."""
    moved = b * y
    moved += x
    return moved


@primitive
def weighted_sum(a: Any, x: Any, b: Any, y: Any) -> Any:
    """a x + b y of two arrays of one shape; a and b are numbers or arrays of that shape."""
    total = a * x
    total += b * y
    return total


def _factor_vjp(ans: Any, factor: Any, array: Any) -> Callable[[Any], Any]:
    if np.ndim(factor) == 0:
        return lambda g: np.vdot(g, array)
    return lambda g: g * array


defvjp(
    plus_scaled,
    lambda ans, x, b, y: lambda g: g,
    lambda ans, x, b, y: _factor_vjp(ans, b, y),
    lambda ans, x, b, y: lambda g: b * g,
)
defjvp(
    plus_scaled,
    lambda x_dot, ans, x, b, y: x_dot,
    lambda b_dot, ans, x, b, y: b_dot * y,
    lambda y_dot, ans, x, b, y: b * y_dot,
)
defvjp(
    weighted_sum,
    lambda ans, a, x, b, y: _factor_vjp(ans, a, x),
    lambda ans, a, x, b, y: lambda g: a * g,
    lambda ans, a, x, b, y: _factor_vjp(ans, b, y),
    lambda ans, a, x, b, y: lambda g: b * g,
)
defjvp(
    weighted_sum,
    lambda a_dot, ans, a, x, b, y: a_dot * x,
    lambda x_dot, ans, a, x, b, y: a * x_dot,
    lambda b_dot, ans, a, x, b, y: b_dot * y,
    lambda y_dot, ans, a, x, b, y: b * y_dot,
)
