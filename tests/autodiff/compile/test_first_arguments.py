"""What a function was first called with is not kept alive by what was made for it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import compiled, grad, make_jvp, make_vjp, unroll

pytestmark = pytest.mark.usefixtures("backend")


def loss(x: Any, w: Any) -> Any:
    return np.sum(np.tanh(x @ w)[0] * np.sort(w[:, 0]))


def trained(x: Any, w: Any, budget: Any = None) -> Any:
    """A loop whose step closes over x, and whose first state is w."""

    def step(w: Any, _: Any) -> Any:
        return w - np.tanh(x @ w)

    def end(w: Any) -> Any:
        return np.sum(unroll(step, w, length=9, memory=budget, compiled=True))

    return grad(end)(w)


RUNS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "value": lambda fast, x, w: fast(x, w),
    "grad": lambda fast, x, w: grad(fast)(x, w),
    "vjp": lambda fast, x, w: make_vjp(fast, (0, 1))(x, w)[0](1.0),
    "jvp": lambda fast, x, w: make_jvp(fast, (0, 1))(x, w)((x, w)),
    "grad of grad": lambda fast, x, w: grad(lambda x: np.sum(grad(fast)(x, w) ** 2))(x),
    "loop": lambda fast, x, w: trained(x, w),
    "loop in few states": lambda fast, x, w: trained(x, w, 3 * w.nbytes),
    "untraced loop": lambda fast, x, w: unroll(
        lambda w, row: w - row * x, w, onp.ones((5, 4)), compiled=True
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_arrays_go_when_their_owner_lets_them(name: str) -> None:
    fast = compiled(loss)
    x, w = onp.full((4, 4), 0.5), onp.full((4, 4), 0.25)
    alive = weakref.ref(x), weakref.ref(w)
    RUNS[name](fast, x, w)
    del x, w
    gc.collect()
    assert all(ref() is None for ref in alive)


def test_the_way_back_is_recorded_with_values_of_the_call_that_needs_it() -> None:
    """Those of zeros would warn of a division by zero."""

    def end(a: Any, compiled: bool) -> Any:
        return np.sum(unroll(lambda x, _: 1 / (a + x), onp.ones(3), length=4, compiled=compiled))

    a = onp.array([1.0, 2.0, 3.0])
    onp.testing.assert_allclose(grad(end)(a, True), grad(end)(a, False), rtol=1e-13)
