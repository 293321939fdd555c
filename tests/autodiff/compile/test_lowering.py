"""Lowering: which operations of the IR a recorded program becomes, and what stays a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.replay import Replay

X = onp.arange(12.0).reshape(3, 4) / 7
BIG = onp.arange(400.0).reshape(100, 4) / 7
PLACES = onp.array([2, 0])


def _ops(fun: Callable[..., Any], *args: Any) -> list[str]:
    recording = record(fun, *args)
    program = lower(recording)
    got = Replay(program)(*args)[0]
    onp.testing.assert_array_equal(got, recording.replay(*args))
    return [value.op for value in program.values if value.kind != "leaf"]


@pytest.mark.parametrize(
    ("fun", "ops"),
    [
        (lambda x: np.tanh(x) + 1, ["tanh", "add"]),
        (lambda x: x**2, ["square"]),
        (lambda x: x**0.5, ["sqrt"]),
        (lambda x: x**3, ["power"]),
        (lambda x: np.where(x > 0.5, x, 0), ["greater", "select"]),
        (lambda x: np.where(x, x, 0), ["not_equal", "select"]),
        (lambda x: x.astype("float32") * 2, ["cast", "multiply"]),
        (lambda x: x.T[::-1], ["transpose", "slice"]),
        (lambda x: x[1, None, None, 2:], ["slice", "reshape"]),
        (lambda x: np.reshape(x.T, -1), ["transpose", "copy", "reshape"]),
        (lambda x: np.broadcast_to(x[0], (2, 4)), ["slice", "reshape", "broadcast"]),
        (lambda x: np.sum(x, axis=0), ["sum"]),
        (lambda x: np.mean(x, axis=-1, keepdims=True), ["sum", "divide"]),
        (lambda x: np.max(x), ["max"]),
        (lambda x: np.sum(x > 0.5), ["greater", "cast", "sum"]),
        (lambda x: x.T @ x, ["transpose", "matmul"]),
        (lambda x: np.dot(x, x[0]), ["slice", "reshape", "dot"]),
        (lambda x: np.concatenate([x, x]), ["concatenate"]),
        (lambda x: np.stack([x, x]), ["reshape", "concatenate"]),
        (lambda x: np.roll(x, 1, 0), ["roll"]),
        (lambda x: x[PLACES], ["gather"]),
        (lambda x: np.flip(x, 1), ["slice"]),
        (lambda x: np.einsum("ij,kj->ki", BIG, x), ["transpose", "matmul", "transpose"]),
        (lambda x: np.einsum("ij,kj->ki", x, x), ["einsum"]),  # so small that rounding differs
        (lambda x: np.einsum("ij->ji", x), ["transpose"]),
        (lambda x: np.clip(x, 0.2, 1.0), ["clip"]),
        (lambda x: np.clip(x, 0.2, None), ["maximum"]),
        (lambda x: np.argmin(x, axis=0), ["argmin"]),
        (lambda x: np.argmax(x), ["reshape", "argmax"]),
        (lambda x: np.diff(x, axis=0), ["slice", "slice", "subtract"]),
        (lambda x: np.tril(x), ["select"]),
        (lambda x: np.diagonal(x), ["reshape", "slice"]),
        (lambda x: np.diagonal(x, 1, 1, 0), ["transpose", "transpose", "reshape", "slice"]),
        (lambda x: np.trace(np.exp(x)), ["exp", "reshape", "slice", "sum"]),
        (lambda x: np.repeat(x, 2, axis=1), ["reshape", "broadcast", "copy", "reshape"]),
        (lambda x: np.rot90(x), ["slice", "transpose"]),
        (lambda x: np.outer(x, x), ["reshape", "reshape", "multiply"]),
        (lambda x: np.var(x), ["sum", "divide", "subtract", "square", "sum", "divide"]),
        (lambda x: x[:, [2, 0]], ["gather"]),
        (lambda x: x * [1, 2, 3, 4], ["multiply"]),
        (lambda x: np.cumsum(x, 0), ["call"]),
        (lambda x: np.linalg.inv(x[:3, :3] + np.eye(3)), ["slice", "add", "call"]),
        (lambda x: np.sum(x, where=x > 0), ["greater", "call"]),
    ],
)
def test_programs_become_operations(fun: Callable[[Any], Any], ops: list[str]) -> None:
    assert _ops(fun, X) == ops


def test_assignment_becomes_updates() -> None:
    def fun(x: Any) -> Any:
        y = np.zeros(4)
        y[1:] = x[0, 1:]
        return y

    assert _ops(fun, X) == ["slice", "reshape", "update"]


def test_numbers_of_python_do_not_promote() -> None:
    program = lower(record(lambda x, s: 2.5 * x * s + 1, X.astype("float32"), 3.0))
    maps = [value for value in program.values if value.kind == "map"]
    assert [value.op for value in maps] == ["multiply", "cast", "multiply", "add"]
    assert {value.dtype for value in maps} == {onp.dtype("float32")}


def test_operands_of_maps_have_the_dtype_of_the_loop() -> None:
    program = lower(record(lambda x, n: x * n, X, onp.arange(4)))
    (product,) = (value for value in program.values if value.op == "multiply")
    assert {program.values[k].dtype for k in product.operands} == {onp.dtype(float)}


def test_complex_numbers_stay_calls() -> None:
    assert _ops(lambda x: x * 1j, X) == ["call"]


def test_a_call_names_its_primitive_and_the_line() -> None:
    program = lower(record(lambda x: np.cumsum(x), X))
    (call,) = (value for value in program.values if value.op == "call")
    assert call.function.name == "cumsum"
    assert call.function.operation.line.startswith(__file__)
