"""Which stored values one nest computes: only pointwise, never before what they read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops import grouping
from autodiff.compile.loops.loop_program import NestStep, loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

X = onp.random.default_rng(0).normal(size=(16, 12))


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _steps(fun: Callable[..., Any], *args: Any) -> list[set[str]]:
    """For each nest the operations whose results it stores; for a product its own."""
    program = _program(fun, *args)
    return [{program.values[k].op for k in step.writes} for step in loop_program(program).steps]


def test_values_that_are_read_at_their_own_place_come_from_registers() -> None:
    fun = lambda x: (np.tanh(x), np.exp(np.tanh(x)), np.tanh(x) * x)  # noqa: E731
    assert _steps(fun, X) == [{"tanh", "exp", "multiply"}]
    (step,) = loop_program(_program(fun, X)).steps
    assert isinstance(step, NestStep)
    assert [s.op for s in step.nest.pieces[0].scalars].count("load") == 1


def test_values_that_read_the_same_share_a_nest() -> None:
    assert _steps(lambda x: (np.sin(x), np.cos(x)), X) == [{"sin", "cos"}]
    assert _steps(lambda x, y: (np.sin(x), np.cos(y)), X, X) == [{"sin"}, {"cos"}]


def test_a_value_that_is_read_elsewhere_ends_the_nest() -> None:
    assert _steps(lambda x: np.tanh(x) * np.roll(np.tanh(x), 1, 1), X) == [{"tanh"}, {"multiply"}]
    assert _steps(lambda x: np.tanh(x) * np.tanh(x)[::-1], X) == [{"tanh"}, {"multiply"}]
    assert _steps(lambda x: np.exp(x) - np.exp(x)[:, :1], X) == [{"exp"}, {"subtract"}]


def test_other_shapes_have_other_nests() -> None:
    assert _steps(lambda x: (np.sin(x), np.cos(x[0])), X) == [{"sin"}, {"cos"}]


def test_a_value_joins_no_nest_before_one_that_it_reads() -> None:
    """What reads a sum of `t` cannot join the nest that computes `t`."""

    def fun(x: Any) -> Any:
        t = np.tanh(x)
        return t, t / np.sum(t), np.sin(x)

    program = _program(fun, X)
    steps = loop_program(program).steps
    done: set[int] = {k for k, value in enumerate(program.values) if value.kind == "leaf"}
    for step in steps:
        assert step.reads <= done | step.writes
        done |= step.writes
    ops = [{program.values[k].op for k in step.writes} for step in steps]
    assert {"tanh", "sin"} <= ops[0]
    assert ops[-1] == {"divide"}


def test_everything_read_was_written_before_or_at_the_same_place() -> None:
    def loss(w: Any, x: Any) -> Any:
        hidden = np.tanh(x @ w)
        return np.mean((np.roll(hidden, 1, 0) * hidden - np.sum(hidden, 0)) ** 2)

    program = _program(grad(loss), X[:12, :5], X)
    loops = loop_program(program)
    done = {k for k, value in enumerate(program.values) if value.kind == "leaf"}
    for step in loops.steps:
        inside = step.reads & step.writes
        assert step.reads - inside <= done
        assert not inside or isinstance(step, NestStep)
        if isinstance(step, NestStep) and inside and not step.nest.ordered:
            raise AssertionError("what is in a register is not loaded")
        done |= step.writes


def test_nests_do_not_grow_without_bound(monkeypatch: Any) -> None:
    fun = lambda x: tuple(np.sin(x * k) for k in range(1, 9))  # noqa: E731
    assert len(_steps(fun, X)) == 1
    monkeypatch.setattr(grouping, "MOST_TARGETS", 3)
    assert len(_steps(fun, X)) == 3
    monkeypatch.setattr(grouping, "MOST_SCALARS", 8)
    assert len(_steps(fun, X)) >= 4
