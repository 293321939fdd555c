"""What a function gives for traced arrays is what NumPy gives: value, shape and dtype."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest
from rule_cases import along_axes, entrywise, ordered

import autodiff.numpy as np
from autodiff import make_vjp

CASES = [*along_axes.CASES, *entrywise.CASES, *ordered.CASES]
OURS = [case for case in CASES if "." not in case.name]


def _check(case: Any, args: tuple[Any, ...], rtol: float) -> None:
    traced = make_vjp(lambda xs: case.fun(np, *xs))(args)[1]
    plain = case.fun(onp, *args)
    onp.testing.assert_allclose(traced, plain, rtol=rtol, atol=rtol)
    assert onp.shape(traced) == onp.shape(plain)
    assert onp.asarray(traced).dtype == onp.asarray(plain).dtype


@pytest.mark.parametrize("known", OURS, ids=lambda case: case.name)
def test_traced_values_are_numpys_in_double_and_single_precision(known: Any) -> None:
    _check(known, known.args, 1e-13)
    if not any(map(onp.iscomplexobj, known.args)):
        _check(known, tuple(onp.asarray(x, onp.float32)[()] for x in known.args), 1e-5)
