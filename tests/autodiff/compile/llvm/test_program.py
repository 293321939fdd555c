"""Whole modules: equal nests are one function, and long programs are cut into parts."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile.llvm.object_layout import Layout
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.recording import record

program = pytest.importorskip("autodiff.compile.llvm.program", exc_type=ImportError)

LAYOUT = Layout(24, 16)


def names_of(fun: Any, *args: Any) -> list[str]:
    """The functions that a program's module defines."""
    module = program.write_module(loop_program(optimized(lower(record(fun, *args)))), LAYOUT)
    return [function.name for function in module.functions if function.blocks]


def network(layers: int) -> Any:
    def fun(w: Any, x: Any) -> Any:
        for k in range(layers):
            x = np.tanh(x @ w[k])
        return np.sum(x)

    return grad(fun)


def test_more_of_the_same_takes_no_more_functions() -> None:
    counts = []
    for layers in (16, 24):  # gradients of layers are put together eight by eight
        names = names_of(network(layers), onp.ones((layers, 3, 3)), onp.ones((4, 3)))
        counts.append(sum(name.startswith("loops") for name in names))
    assert counts[0] == counts[1]


def test_the_body_of_a_long_program_calls_parts() -> None:
    short = names_of(network(3), onp.ones((3, 3, 3)), onp.ones((4, 3)))
    long = names_of(network(40), onp.ones((40, 3, 3)), onp.ones((4, 3)))
    assert {"body", "entry"} <= set(short) & set(long)
    assert not any(name.startswith("part") for name in short)
    assert sum(name.startswith("part") for name in long) > 2
