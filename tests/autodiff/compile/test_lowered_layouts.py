"""What is lowered gives NumPy's bits on arrays of every layout in memory, for sums depend on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.compile.replay import Replay

FORMS: dict[str, Callable[[Any], Any]] = {
    "mean of rows": lambda x: np.mean(x, axis=1),
    "var": lambda x: np.var(x),
    "var of columns": lambda x: np.var(x, axis=0, ddof=1, keepdims=True),
    "std of rows": lambda x: np.std(x, axis=-1),
    "trace": lambda x: np.trace(x, 1),
    "diagonal below": lambda x: np.sum(np.diagonal(x, -2)),
    "diagonal with other axes": lambda x: np.diagonal(x, 3, 1, 0) * 2,
    "tril": lambda x: np.sum(np.tril(x, -1), axis=0),
    "triu of a row": lambda x: np.sum(np.triu(x[0]), axis=0),
    "diff": lambda x: np.sum(np.diff(x, 2, axis=0)),
    "flat in Fortran's order": lambda x: np.sum(np.ravel(x, "F")),
    "reshape in Fortran's order": lambda x: np.sum(np.reshape(x, (8, -1), order="F"), axis=0),
    "rot90 by three": lambda x: np.sum(np.rot90(x, 3), axis=1),
    "tile": lambda x: np.sum(np.tile(x, (2, 1, 3)), axis=(0, 2)),
    "repeat": lambda x: np.sum(np.repeat(x, 3), axis=0),
    "roll of all": lambda x: np.sum(np.roll(x, 5), axis=0),
    "copy": lambda x: np.sum(np.copy(x)) + np.sum(np.array(x, order="F")),
    "inner": lambda x: np.inner(x, x[::2]),
    "inner with itself": lambda x: np.inner(x, x),
    "outer": lambda x: np.sum(np.outer(x[0], x), axis=1),
    "tensordot": lambda x: np.tensordot(x, np.stack([x, 2 * x]), [[0], [1]]),
    "einsum by matmul": lambda x: np.einsum("ij,kj->ki", x, x),
    "einsum of rows": lambda x: np.einsum("ij,ij->i", x, np.exp(x)),
    "einsum of three": lambda x: np.einsum("ij,kj,kl->il", x, x, x),
    "einsum that sums first": lambda x: np.einsum("ij,k->k", x, x[0]),
    "argmax": lambda x: np.argmax(x, axis=0),
    "argmin of all": lambda x: np.argmin(np.round(x)),
    "round": lambda x: np.round(x, 1) + np.round(x, -1),
    "clip": lambda x: np.sum(np.clip(x, -0.5, 0.5)),
    "gather by a mask": lambda x: np.sum(x[onp.arange(16) % 3 > 0], axis=0),
}
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "C": lambda x: x,
    "Fortran": onp.asfortranarray,
    "backwards": lambda x: x[::-1, ::-1],
    "every other": lambda x: onp.repeat(x, 2, axis=1)[:, ::2],
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("form", FORMS)
def test_layouts(form: str, layout: str, dtype: str) -> None:
    x = onp.random.default_rng(3).normal(size=(16, 24)).astype(dtype)
    x = LAYOUTS[layout](x)
    recording = record(FORMS[form], x)
    program = optimized(lower(recording))
    # Results of some that run backwards lie in memory as no operation of the IR leaves them.
    assert layout == "backwards" or all(value.op != "call" for value in program.values)
    expected = onp.asarray(recording.replay(x))
    (got,) = Replay(program)(x)
    assert got.dtype == expected.dtype
    onp.testing.assert_array_equal(got, expected)


def test_a_clipped_zero_keeps_its_sign() -> None:
    x = onp.array([0.0, -0.0, 1.0, onp.nan])

    def fun(x: Any) -> Any:
        return np.clip(x, 0.0, 2.0)

    (got,) = Replay(lower(record(fun, x)))(x)
    onp.testing.assert_array_equal(onp.signbit(got), onp.signbit(fun(x)))
