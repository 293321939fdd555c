"""Programs as loops: what they mean, carried out scalar by scalar, and where values lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from agreement import assert_outputs_agree
from loop_interpreter import interpret

import autodiff.numpy as np
from autodiff import grad
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.loops.factors import with_matrices
from autodiff.compile.loops.loop_program import LoopProgram, loop_program
from autodiff.compile.loops.scatter_sums import with_scatter_sums
from autodiff.compile.loops.steps import NestStep, ProductStep
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.replay import Replay
from autodiff.numpy.assignment import index_set

RNG = onp.random.default_rng(5)
X = RNG.normal(size=(4, 5))
V = RNG.normal(size=6)
CUBE = RNG.normal(size=(3, 2, 4))
PLACES = onp.array([0, 3, -1, 3])


def _program(fun: Callable[..., Any], *args: Any) -> Program:
    return optimized(lower(record(fun, *args)))


def _loops(program: Program) -> LoopProgram:
    return loop_program(with_matrices(with_scatter_sums(loosened(program))))


def _check(fun: Callable[..., Any], *args: Any) -> LoopProgram:
    program = _program(fun, *args)
    loops = _loops(program)
    assert_outputs_agree(program, args, interpret(loops, args), Replay(program)(*args))
    return loops


FUNCTIONS: dict[str, tuple[Any, ...]] = {
    "a map": (lambda x: np.tanh(x) * 2 - x, X),
    "broadcasting": (lambda x, v: x * v[:5] + v[0] - x[:, :1], X, V),
    "views": (lambda x: x.T[::-1, 1:] * 2 + x[:3, ::-1].T, X),
    "reshapes": (lambda x: np.reshape(x * 2, (2, 10)) + np.reshape(x, -1)[:10], X),
    "a shift": (lambda v: v - np.roll(v, 1) + np.roll(v, -2), V),
    "shifts": (lambda x: np.roll(x, (1, -2), (0, 1)) - np.roll(x, 3), X),
    "shifts of shifts": (lambda x: np.roll(np.roll(np.tanh(x), 1, 0), -1, 1) + x, X),
    "joins": (lambda x, v: np.concatenate([x[0], v * 2, x[1, ::-1]]) * 3, X, V),
    "joins across": (lambda x: np.concatenate([x, x[:, :2] * 2], 1).T * 2, X),
    "a stack": (lambda v: np.stack([v, np.sin(v), v[::-1]], 1) + 1, V),
    "edges": (lambda x: np.pad(x, ((1, 2), (0, 3))) * 2 + 1, X),
    "edges kept": (lambda x: np.pad(x, 1, "edge") + np.pad(x, 1, "wrap"), X),
    "writes at places": (lambda x, i: index_set(np.tanh(x), i, x[::-1] * 2), X, PLACES),
    "joins at places": (
        lambda v, i: index_set(v * 2, i, np.concatenate([v[:2] * 3, v[4:]])),
        V, PLACES,
    ),
    "sums": (lambda x: (np.sum(x * 2), np.sum(x, 0), np.mean(np.exp(x), 1)), X),
    "long sums": (lambda x: np.sum(np.repeat(x, 9, 1) * 2, 1, keepdims=True) + x, X),
    "extremes": (lambda x: (np.max(x, 0) - np.min(x), np.any(x > 1), np.all(x > -9, 1)), X),
    "a softmax": (lambda x: _softmax(x), X),
    "products": (lambda x: (x @ x.T, x.T @ (x * 2), x[0] @ x[1], x @ x[0]), X),
    "stacks of products": (lambda c: np.sum(c @ np.swapaxes(c, 1, 2) * 2, 0), CUBE),
    "gathers": (lambda x: x[PLACES] * 2 + x[0], X),
    "gathers of two": (lambda x: x[PLACES, PLACES % 5] + x[:, PLACES][0], X),
    "gathers between": (lambda c: c[PLACES % 3, :, PLACES] - c[:, [1, 0]][0].sum(), CUBE),
    "computed places": (lambda x: x[np.argmax(x, 0) % 4, 1] * x[(x[0] * 3).astype(int) % 4, 0], X),
    "choices": (lambda x: np.where(x > 0, x, np.where(x < -1, -1.0, x * x)), X),
    "writing": (lambda x: _written(x), X),
    "whole numbers": (lambda x: ((x * 9).astype(int) // 4 % 3, (x > 0) & (x < 1)), X),
    "gradient of gathers": (grad(lambda x: np.sum(x[PLACES] ** 2 * x[0] + np.roll(x, 1, 0)[1])), X),
    "gradient of a norm": (grad(lambda x: np.sqrt(np.sum((x[1:] - x[:-1]) ** 2))), X),
    "gradient of a net": (grad(lambda x: np.mean(np.tanh(np.tanh(x @ x.T) @ x) ** 2)), X),
    "one number": (lambda v: v[0] * 2 + np.sum(v[:1]), V),
    "nothing": (lambda x: (x[:0] * 2, np.sum(x[:, :0], 1), x[:, :0] @ x[:0]), X),
    "handed on": (lambda x: (x, x * 2, x.T), X),
    "forty operations deep": (lambda v: _deep(v), V),
}  # fmt: skip


def _softmax(x: Any) -> Any:
    powers = np.exp(x - np.max(x, 1, keepdims=True))
    return powers / np.sum(powers, 1)[:, None]


def _written(x: Any) -> Any:
    y = np.zeros(x.shape)
    y[...] = x
    y[1, ::2] = 7.0
    y[:, 1:3] = y[:, 1:3] * x[:, 2:4]
    return y * 2


def _deep(v: Any) -> Any:
    for k in range(40):
        v = (np.roll(v, 1) + v * 0.5) / (1.5 + k)
    return v


@pytest.mark.parametrize("name", FUNCTIONS)
def test_loops_do_what_the_program_says(name: str) -> None:
    _check(*FUNCTIONS[name])


@pytest.mark.parametrize(
    "layout", [onp.asfortranarray, lambda x: x[::-1, ::-1], lambda x: x[:, ::2]]
)
def test_arguments_of_any_layout(layout: Any) -> None:
    _check(lambda x: (x * 2, np.sum(x, 0), np.roll(x, 1, 0) @ x.T, x.T), layout(X))


def test_an_index_out_of_bounds_is_found() -> None:
    fun = lambda x, k: x[k] * 2  # noqa: E731
    loops = _loops(_program(fun, V, PLACES))
    with pytest.raises(IndexError):
        interpret(loops, (V, onp.array([0, 1, 6, 2])))


def test_indices_that_are_known_to_be_within_need_no_check() -> None:
    loops = _loops(_program(lambda v, k: v[k % 6] + v[abs(PLACES)], V, PLACES))
    assert not any(s.nest.checks for s in loops.steps if isinstance(s, NestStep))
    loops = _loops(_program(lambda v, k: v[k], V, PLACES))
    assert any(s.nest.checks for s in loops.steps if isinstance(s, NestStep))


def test_a_gradient_of_a_step_is_few_nests() -> None:
    """52 operations: two products for values, two for derivatives, and what is between."""

    def loss(w: Any, x: Any) -> Any:
        return np.mean((np.tanh(x @ w["a"]) @ w["b"] - 0.5) ** 2)

    w = {"a": RNG.normal(size=(5, 8)), "b": RNG.normal(size=(8, 3))}
    loops = _loops(_program(grad(loss), w, X))
    assert sum(isinstance(step, ProductStep) for step in loops.steps) == 5
    assert sum(isinstance(step, NestStep) for step in loops.steps) <= 3


def test_loops_print_as_a_program() -> None:
    loops = _loops(_program(lambda x, w: np.tanh(x @ w) * 2, X, X.T.copy()))
    assert str(loops).splitlines() == [
        "%2 = %0[4, 5] @ %1[5, 4]",
        "# a0 = %2, a1 = %5",
        "for i0 in 0:16",
        "  s0 = load a0[i0] : float64",
        "  s1 = tanh(s0) : float64",
        "  s2 = 2.0 : float64",
        "  s3 = multiply(s1, s2) : float64",
        "  a1[i0] = s3",
    ]
