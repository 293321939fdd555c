"""Powers by products: near NumPy's everywhere, and the same where something is infinite or zero."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.lowering import lower
from autodiff.compile.replay import Replay
from autodiff.compile.short_powers import with_short_powers

EDGES = [0.0, -0.0, 1.0, -1.0, onp.inf, -onp.inf, onp.nan, 5e-324, -5e-324, 1e-308, 1e308, -1e308]
EXPONENTS = [-3, -2.5, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]


def _powers(x: Any, exponent: float) -> tuple[Any, list[str]]:
    with onp.errstate(all="ignore"):
        program = with_short_powers(lower(record(lambda x: np.power(x, exponent), x)))
        (result,) = Replay(program)(x)
    return result, [value.op for value in program.values]


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_edges(exponent: float) -> None:
    x = onp.array(EDGES)
    found, ops = _powers(x, exponent)
    assert "power" not in ops
    with onp.errstate(all="ignore"):
        expected = onp.power(x, exponent)
    special = (expected == 0) | ~onp.isfinite(expected)
    onp.testing.assert_array_equal(found[special], expected[special])
    signs = special & ~onp.isnan(expected)
    onp.testing.assert_array_equal(onp.signbit(found[signs]), onp.signbit(expected[signs]))
    onp.testing.assert_allclose(found, expected, rtol=1e-15, atol=2e-323)  # 4 of the subnormals


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_accuracy(exponent: float) -> None:
    rng = onp.random.default_rng(7)
    x = onp.exp(rng.uniform(-700, 700, 20000))
    found, _ = _powers(x, exponent)
    with onp.errstate(all="ignore"):
        expected = onp.power(x.astype(onp.longdouble), onp.longdouble(exponent)).astype(float)
    normal = onp.isfinite(expected) & (expected > 1e-300)
    onp.testing.assert_array_max_ulp(found[normal], expected[normal], 3)
    onp.testing.assert_array_equal(found[onp.isinf(expected)], onp.inf)
    onp.testing.assert_allclose(found[~normal & onp.isfinite(expected)], 0.0, atol=1e-300)


@pytest.mark.parametrize("exponent", [5, 0.3, -3.5])
def test_other_exponents_stay(exponent: float) -> None:
    assert "power" in _powers(onp.ones(3), exponent)[1]
