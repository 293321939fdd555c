"""Parts that have loops and parts of Python, in turns: as few as can be, in order, all covered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Number, Program
from autodiff.compile.lowering import lower
from autodiff.compile.partition import dense_strides, partition
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay
from autodiff.extend import primitive

X = onp.random.default_rng(0).normal(size=(4, 3))


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _has_loops(program: Program, k: Number) -> bool:
    return program.values[k].kind != "call"


def _kinds(fun: Callable[..., Any], *args: Any) -> list[bool]:
    return [part.compiled for part in partition(_program(fun, *args), _has_loops)]


def test_parts_alternate_and_are_as_few_as_can_be() -> None:
    assert _kinds(lambda x: np.tanh(x) * 2, X) == [True]
    assert _kinds(lambda x: np.cumsum(x), X) == [False]
    assert _kinds(lambda x: np.cumsum(x * 2) + 1, X) == [True, False, True]
    # Two calls that do not need each other, one of them after compiled operations.
    assert _kinds(lambda x: np.cumsum(x * 2) + np.cumsum(x), X) == [True, False, True]
    two = lambda x: np.cumsum(np.cumsum(x) * 2) + np.cumsum(x, 0).sum()  # noqa: E731
    assert _kinds(two, X) == [False, True, False, True]
    assert _kinds(lambda x: np.cumsum(np.cumsum(x)), X) == [False]


def test_a_program_that_only_hands_on_has_no_parts() -> None:
    assert partition(_program(lambda x: x, X), _has_loops) == []
    assert partition(_program(lambda x: 3.0, X), _has_loops) == []


def test_entries_of_a_result_stay_with_their_call() -> None:
    program = _program(lambda x: np.linalg.svd(x)[1] * 2, X)
    parts = partition(program, _has_loops)
    assert [part.compiled for part in parts] == [False, True]
    assert [value.op for value in parts[0].program.values] == ["input", "call", "entry"]


def _several(x: Any, y: Any) -> Any:
    u, s, v = np.linalg.svd(x @ y.T)
    total = np.cumsum(u[:, :2] * s, 1) @ v
    return np.sum(total, 0), np.sort(x.T, 0)[::-1] + 1, total, y, 3.0


def test_every_operation_is_in_one_part_and_reads_what_was_computed_before() -> None:
    program = _program(_several, X, X[:2])
    parts = partition(program, _has_loops)
    count = sum(value.kind != "leaf" for part in parts for value in part.program.values)
    assert count == sum(value.kind != "leaf" for value in program.values)
    known = {k for k, value in enumerate(program.values) if value.op == "input"}
    for part in parts:
        assert known.issuperset(part.inputs)
        known.update(part.outputs)
        for k, value in enumerate(part.program.values):
            assert all(x < k for x in value.operands)
    assert all(k in known or program.values[k].op == "constant" for k in program.outputs)


def test_parts_one_after_the_other_give_the_bits_of_the_whole() -> None:
    program = _program(_several, X, X[:2])
    values: dict[Number, Any] = dict(zip(program.inputs, (X, X[:2])))
    for part in partition(program, _has_loops):
        found = Replay(part.program)(*(values[k] for k in part.inputs))
        values.update(zip(part.outputs, found))
    for k, wanted in zip(program.outputs, Replay(program)(X, X[:2])):
        if k in values:
            onp.testing.assert_array_equal(values[k], wanted)


class _Calls:
    order: list[str]


def test_calls_keep_their_order_within_a_part() -> None:
    def named(name: str) -> Any:
        def call(x: Any) -> Any:
            _Calls.order.append(name)
            return x.copy() if float(onp.sum(x)) < 1e9 else x

        return primitive(call)

    first, second, third = map(named, "abc")
    _Calls.order = []
    program = _program(lambda x: first(x) + second(x) * third(x + 1), X)
    parts = [part for part in partition(program, _has_loops) if not part.compiled]
    _Calls.order = []
    for part in parts:
        Replay(part.program)(*[X] * len(part.inputs))
    assert _Calls.order == ["a", "b", "c"]


@pytest.mark.parametrize("layout", [lambda x: x.T, lambda x: x[::-1], lambda x: x[:, ::2]])
def test_what_parts_hand_on_lies_without_gaps_or_steps_backwards(layout: Any) -> None:
    """Compiled code gives dense results; the next part must not be told that they are views."""
    program = _program(lambda x: np.cumsum(layout(x * 2)) + np.sum(layout(x * 2) ** 2), X)
    handed = [
        value
        for part in partition(program, _has_loops)[1:]
        for value in part.program.values
        if value.op == "input"
    ]
    assert handed
    for value in handed:
        assert value.strides == dense_strides(value)
        order = sorted(range(len(value.shape)), key=lambda axis: -value.strides[axis])
        dense = onp.empty([value.shape[axis] for axis in order]).transpose(onp.argsort(order))
        assert value.strides == dense.strides
