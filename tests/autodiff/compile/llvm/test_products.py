"""Products of vectors, matrices and stacks, of every shape and side, beside NumPy's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.llvm.executable import Executable, executable
from autodiff.compile.llvm.object_layout import LAYOUT
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized


def _compiled(fun: Callable[..., Any], *args: Any) -> Executable:
    return executable(optimized(lower(record(fun, *args))))


SHAPES = [
    ((4, 3), (3, 5)),
    ((1, 3), (3, 1)),
    ((4, 1), (1, 5)),
    ((1, 1), (1, 1)),
    ((6,), (6,)),
    ((1,), (1,)),
    ((6,), (6, 2)),
    ((4, 6), (6,)),
    ((1, 6), (6,)),
    ((6,), (6, 1)),
    ((2, 4, 3), (3, 5)),
    ((4, 3), (2, 3, 5)),
    ((2, 4, 3), (2, 3, 5)),
    ((2, 1, 4, 3), (5, 3, 2)),
    ((1, 4, 3), (2, 3, 5)),
    ((2, 4, 3), (3,)),
    ((3,), (2, 3, 5)),
    ((0, 3), (3, 5)),
    ((4, 0), (0, 5)),
    ((4, 3), (3, 0)),
    ((0, 4, 3), (3, 5)),
    ((0,), (0,)),
    ((64, 33), (33, 47)),
]


def _turned(x: Any) -> Any:
    """The same entries, the last two axes the other way round in memory."""
    return onp.ascontiguousarray(onp.swapaxes(x, -1, -2)).swapaxes(-1, -2) if x.ndim > 1 else x


@pytest.mark.parametrize(("one", "two"), SHAPES, ids=str)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_products_of_every_shape(rng: onp.random.Generator, one: Any, two: Any, dtype: str) -> None:
    a, b = (rng.normal(size=shape).astype(dtype) for shape in (one, two))
    for x, y in ((a, b), (_turned(a), b), (a, _turned(b)), (_turned(a), _turned(b))):
        run = _compiled(lambda x, y: x @ y, x, y)
        (got,) = run(x, y)
        wanted = x @ y
        assert got.dtype == wanted.dtype
        assert got.shape == onp.shape(wanted)
        # Up to 33 terms near 1, added in another order than NumPy's BLAS does.
        eps = float(onp.finfo(dtype).eps)
        onp.testing.assert_allclose(got, wanted, rtol=30 * eps, atol=60 * eps)


def test_factors_may_be_views_of_one_array(rng: onp.random.Generator) -> None:
    x = rng.normal(size=(6, 6))

    def fun(x: Any) -> Any:
        return x @ x, x.T @ x, x[:3] @ x[3:].T, x[::2, :2] @ x[:2, ::3], np.diagonal(x) @ x

    for got, wanted in zip(_compiled(fun, x)(x), fun(x)):
        onp.testing.assert_allclose(got, wanted, rtol=1e-13, atol=1e-14)


def test_infinities_and_nan_pass_through() -> None:
    a = onp.array([[1.0, onp.inf], [0.0, 2.0]])
    b = onp.array([[onp.nan, 1.0], [0.0, -1.0]])
    (got,) = _compiled(lambda x, y: x @ y, a, b)(a, b)
    with onp.errstate(invalid="ignore"):
        onp.testing.assert_array_equal(got, a @ b)


def test_equal_products_are_one_function(rng: onp.random.Generator) -> None:
    """Eight products in a chain are eight calls of the same code."""

    def chain(x: Any) -> Any:
        for _ in range(8):
            x = x @ x
        return x

    from autodiff.compile.llvm.program import write_module
    from autodiff.compile.loops.loop_program import loop_program

    x = rng.normal(size=(5, 5)) / 3
    text = str(write_module(loop_program(optimized(lower(record(chain, x)))), LAYOUT))
    assert text.count("define internal void @") == 1
    onp.testing.assert_allclose(_compiled(chain, x)(x)[0], chain(x), rtol=1e-12)
