"""A step and its reversal, parted anew: together they give what they gave before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import make_vjp
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.recording import record
from autodiff.compile.replay import Replay
from autodiff.compile.residuals import Split, split

RNG = onp.random.default_rng(5)
X, W, G = RNG.normal(size=(4, 24)), RNG.normal(size=(24, 24)), RNG.normal(size=(4, 24))


def programs_of(step: Callable[[Any, Any], Any]) -> tuple[Program, Program]:
    """A step of (x, w), and its reversal of (x, w, cotangent)."""

    def reverse(x: Any, w: Any, g: Any) -> Any:
        return make_vjp(step, (0, 1))(x, w)[0](g)

    return tuple(  # type: ignore[return-value]
        optimized(lower(record(fun, *args))) for fun, args in ((step, (X, W)), (reverse, (X, W, G)))
    )


def parted(step: Callable[[Any, Any], Any], steps: int = 1) -> Split:
    found = split(*programs_of(step), leaves=2, steps=steps)
    end, *residuals = Replay(found.forward)(X, W)
    onp.testing.assert_array_equal(end, step(X, W))
    assert sum(x.nbytes for x in residuals) == found.nbytes
    expected = Replay(programs_of(step)[1])(X, W, G)
    for got, wanted in zip(Replay(found.reverse)(X, W, G, *residuals), expected, strict=True):
        onp.testing.assert_array_equal(got, wanted)
    return found


def network(x: Any, w: Any) -> Any:
    return np.tanh(x @ w) * 2 + x


def test_what_is_dear_is_handed_over() -> None:
    found = parted(network)
    assert found.nbytes == G.nbytes  # of the tanh
    assert not any(value.op in ("tanh", "exp") for value in found.reverse.values)
    assert any(value.op == "tanh" for value in found.forward.values)


def test_what_is_cheap_is_computed_again() -> None:
    found = parted(lambda x, w: (x * 2 + w[0]) * (x - 1))
    assert found.nbytes == 0
    assert len(found.forward.outputs) == 1


def test_less_is_kept_where_all_that_is_kept_does_not_fit_into_the_cache() -> None:
    near, far = parted(network), parted(network, steps=10**6)
    assert far.nbytes < near.nbytes


def test_a_residual_that_is_a_result_is_written_twice() -> None:
    found = parted(lambda x, w: np.tanh(x @ w))
    assert len(set(found.forward.outputs)) == 2
