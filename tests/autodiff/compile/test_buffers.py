"""Buffers: they are reused, in place where an operand dies, and never for what leaves."""

from __future__ import annotations

from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.buffers import plan_buffers
from autodiff.compile.ir import Program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

X = onp.ones((100, 100))


def _program(fun: Any, *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def test_a_chain_of_maps_runs_in_one_buffer() -> None:
    def fun(x: Any) -> Any:
        for _ in range(20):
            x = np.tanh(x) + 0.5
        return np.sum(x)

    plan = plan_buffers(_program(fun, X))
    assert plan.sizes == [X.nbytes]


def test_two_values_that_live_together_have_two() -> None:
    def fun(x: Any) -> Any:
        for _ in range(20):
            x = np.tanh(x) @ np.cos(x)
        return np.sum(x)

    plan = plan_buffers(_program(fun, X))
    assert plan.nbytes <= 3 * X.nbytes


def test_no_buffer_is_written_while_somebody_will_read_it() -> None:
    def fun(x: Any) -> Any:
        a, b = np.tanh(x), np.exp(x[:, ::-1])
        c = a.T[1:] @ b
        d = np.sum(c, 0) + a
        return np.concatenate([d, b]) * np.sum(np.reshape(a, -1))

    program = _program(fun, X)
    plan = plan_buffers(program)
    holds: dict[int, int] = {}  # buffer -> the value in it
    root: dict[int, int] = {}
    for k, value in enumerate(program.values):
        root[k] = root[value.operands[0]] if value.kind == "view" else k
        for operand in value.operands:
            at = root[operand]
            if at in plan.buffers:
                assert holds[plan.buffers[at]] == at
        if k in plan.buffers:
            holds[plan.buffers[k]] = k


def test_results_and_what_they_are_views_of_get_none() -> None:
    program = _program(lambda x: (np.tanh(x).T[1:], np.exp(x) + 1), X)
    plan = plan_buffers(program)
    assert sorted(program.values[k].op for k in plan.fresh) == ["add", "tanh"]
    assert [program.values[k].op for k in plan.buffers] == ["exp"]


def test_a_call_keeps_what_its_result_may_be_a_view_of() -> None:
    program = _program(lambda x: np.sum(np.diagonal(np.exp(x)) + np.sum(np.tanh(x) + 1)), X)
    plan = plan_buffers(program)
    exp, tanh = (k for op in ("exp", "tanh") for k, v in enumerate(program.values) if v.op == op)
    assert plan.buffers[exp] != plan.buffers[tanh]
