"""NumPy's own loops written in maps and sums: the same entries to rounding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.replay import Replay
from autodiff.compile.written_out import written_out

X = onp.random.default_rng(5).normal(size=(3, 4))


def _ops(fun: Callable[..., Any], x: Any) -> list[str]:
    recording = record(fun, x)
    program = written_out(lower(recording))
    got, wanted = Replay(program)(x)[0], onp.asarray(recording.replay(x))
    assert got.shape == wanted.shape
    # Sums of at most 48 products, and products instead of libm's powers.
    onp.testing.assert_allclose(got, wanted, rtol=1e-14, atol=1e-14)
    return [value.op for value in program.values if value.kind != "leaf"]


@pytest.mark.parametrize(
    ("subscripts", "ops"),
    [
        ("ij,kj->ik", ["reshape", "reshape", "multiply", "sum"]),
        ("ij,kl->jl", ["transpose", "reshape", "transpose", "reshape", "multiply", "sum"]),
        ("ij,ij->ij", ["multiply"]),
        ("ij,ij->", ["multiply", "sum"]),
        ("ij,kj->jki", ["transpose", "reshape", "transpose", "reshape", "multiply"]),
    ],
)
def test_einsum(subscripts: str, ops: list[str]) -> None:
    found = _ops(lambda x: np.einsum(subscripts, x, np.tanh(x)), X)
    assert found == ["tanh", *ops]


def test_einsum_of_one_and_of_three() -> None:
    assert _ops(lambda x: np.einsum("ij->j", x), X) == ["transpose", "sum"]
    three = _ops(lambda x: np.einsum("ij,kj,lj->lik", x, x, x), X)
    assert three.count("multiply") == 2
    assert three[-1] == "sum"


@pytest.mark.parametrize(
    ("exponent", "op"), [(2, "square"), (0.5, "sqrt"), (-1, "reciprocal"), (1.7, "power")]
)
def test_powers_of_single_numbers(exponent: float, op: str) -> None:
    ops = _ops(lambda x: np.exp(x[0, 0]) ** exponent, X)
    assert ops[-1] == op
    assert "call" not in ops
