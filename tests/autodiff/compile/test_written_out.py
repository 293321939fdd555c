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
    with onp.errstate(all="ignore"):
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


@pytest.mark.parametrize("fun", [np.argmax, np.argmin])
@pytest.mark.parametrize("options", [{"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": None}])
def test_the_first_extreme_is_found(fun: Any, options: dict[str, Any]) -> None:
    x = onp.array([[1.0, 3.0, 3.0, 0.0], [1.0, onp.nan, -2.0, onp.nan], [5.0, 3.0, -2.0, -0.0]])
    for source in (x, x[[0, 2]], onp.where(onp.isnan(x), 0, x).astype(int)):
        ops = _ops(lambda x: fun(x, **options), source)
        assert not {"argmax", "argmin", "call"} & set(ops)


def test_clip_keeps_the_signs_of_zeros() -> None:
    x = onp.array([0.0, -0.0, 3.0, -3.0, onp.nan, onp.inf])
    for low, high in ((0.0, 1.0), (-0.0, 1.0), (-1.0, 0.0), (-1.0, -0.0), (2.0, 1.0)):
        assert "clip" not in _ops(lambda x: 1 / np.clip(x, low, high), x)  # noqa: B023


def test_clip_between_values_stays() -> None:
    assert "clip" in _ops(lambda x: np.clip(x, x[0, 0], x[1]), X)
