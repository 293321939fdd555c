"""Steps that stand alone, as they are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.loops.scatter_sums import with_scatter_sums
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.recording import record


def printed(fun: Callable[..., Any], *args: Any) -> list[str]:
    program = with_scatter_sums(loosened(optimized(lower(record(fun, *args)))))
    return str(loop_program(program)).splitlines()


def test_products_name_their_factors() -> None:
    assert printed(lambda a, b: a @ b, onp.ones((4, 3)), onp.ones((3, 5))) == [
        "%2 = %0[4, 3] @ %1[3, 5]"
    ]
    rows = printed(lambda a, b: a[2:] @ b, onp.ones((4, 3)), onp.ones((3, 5)))
    assert rows == ["%3 = %0[6:][2, 3] @ %1[3, 5]"]


def test_empty_sums_and_products_are_filled() -> None:
    (_, *lines) = printed(lambda x: np.sum(x, 0), onp.ones((0, 3)))
    assert lines == ["for i0 in 0:3", "  s0 = 0.0 : float64", "  a0[i0] = s0"]
    (_, *lines) = printed(lambda x: np.prod(x, 0), onp.ones((0, 3)))
    assert "  s0 = 1.0 : float64" in lines


def test_reductions_say_along_what() -> None:
    lines = printed(lambda x: np.sum(np.exp(x), 1), onp.ones((4, 30)))
    assert "for i0 in 0:4, i1 in 0:30 reducing sum along (1,)" in lines


def test_every_other_entry_is_written_over_what_is_filled_before() -> None:
    lines = printed(grad(lambda x: np.sum(np.tanh(x[::2]))), onp.ones(10))
    assert "for i0 in 0:10" in lines
    assert lines[-1].startswith("  a1[2*i0] = s")


def test_what_is_scattered_is_added() -> None:
    places = onp.array([3, 1, 3])
    lines = printed(grad(lambda x: np.sum(x[places] ** 2)), onp.ones(5))
    assert sum(" += " in line for line in lines) == 1
    assert "for i0 in 0:3" in lines


def test_long_joins_are_written_piece_by_piece() -> None:
    lines = printed(lambda x: np.concatenate([x[k] for k in range(9)]), onp.ones((9, 4)))
    stores = [line for line in lines if line.startswith("  a1[")]
    assert len(stores) == 9
    assert stores[1] == "  a1[i0 + 4] = s1"
