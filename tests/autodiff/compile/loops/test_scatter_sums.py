"""Sums of scattered arrays: joined to one operation, and added in two halves."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import compiled, grad
from autodiff.compile.ir import Program, Value
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.loops.scatter_sums import with_scatter_sums
from autodiff.compile.lowering import lower
from autodiff.compile.passes import loosened, optimized
from autodiff.compile.recording import record

PLACES = onp.random.default_rng(8).integers(30, size=(40, 12))


def summed(fun: Any, *args: Any) -> tuple[Program, list[Value]]:
    """The program of a function, and its sums of scattered arrays."""
    program = with_scatter_sums(loosened(optimized(lower(record(fun, *args)))))
    return program, [value for value in program.values if value.op == "scatter_all"]


def reads(count: int) -> Any:
    return grad(lambda x: sum(np.sum(x[places] ** 2) for places in PLACES[:count]))


def test_a_chain_of_additions_is_one_operation(rng: onp.random.Generator) -> None:
    x = rng.standard_normal(30)
    program, (joined,) = summed(reads(40), x)
    assert len(joined.param("parts")) == 40
    assert not any(value.op in ("scatter", "add") for value in program.values)
    nests = [step.nest for step in loop_program(program).steps if step.nest.ordered]  # type: ignore[union-attr]
    assert max(len(nest.pieces[0].stores) for nest in nests) == 16


def test_what_else_is_added_is_the_base(rng: onp.random.Generator) -> None:
    x = rng.standard_normal(30)
    fun = lambda x: reads(3)(x) + np.tanh(x)  # noqa: E731
    _, (joined,) = summed(fun, x)
    assert dict(joined.params)["base"] == len(joined.operands) - 1
    assert len(joined.param("parts")) == 3


def test_two_sums_with_a_base_each_stay_apart(rng: onp.random.Generator) -> None:
    x = rng.standard_normal(30)
    fun = lambda x: (reads(2)(x) + np.tanh(x)) + (reads(3)(x * 2) + np.sin(x))  # noqa: E731
    program, joined = summed(fun, x)
    assert [len(value.param("parts")) for value in joined] in ([2, 3], [3, 2])
    assert program.values[program.outputs[0]].op == "add"
    onp.testing.assert_allclose(compiled(fun)(x), fun(x), rtol=1e-13, atol=1e-13)


def test_a_sum_that_is_read_twice_is_no_part_of_another(rng: onp.random.Generator) -> None:
    x = rng.standard_normal(30)

    def fun(x: Any) -> Any:
        slope = reads(2)(x)
        return slope + reads(3)(x * 2), slope

    _, joined = summed(fun, x)
    assert len(joined) == 2
    for got, wanted in zip(compiled(fun)(x), fun(x)):
        onp.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 90, 90), (2, 90, 90), (5, 90, 90), (90, 90), (1, 1, 9000)])
def test_gradient_of_many_gathers_is_that_of_plain_code(
    shape: tuple[int, ...], rng: onp.random.Generator
) -> None:
    nx, ny = shape[-2:]
    i, j = rng.integers(nx, size=(4, nx, ny)), rng.integers(ny, size=(4, nx, ny))
    weights = rng.standard_normal((4, *shape))

    def total(f: onp.ndarray, weights: onp.ndarray, i: onp.ndarray, j: onp.ndarray) -> onp.ndarray:
        return np.sum(sum(weights[k] * f[..., i[k], j[k]] for k in range(4)) ** 2)

    f = rng.standard_normal(shape)
    expected = grad(total)(f, weights, i, j)
    found = compiled(grad(total))(f, weights, i, j)
    # Sums of about four terms, in another order.
    onp.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * abs(expected).max())
