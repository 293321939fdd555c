"""The names of Autograd's util module."""

from __future__ import annotations

import pytest

import autodiff.numpy as np
from autodiff import util
from autodiff.core import VJPNode
from autodiff.tracer import trace


def test_entries_are_replaced_in_a_copy() -> None:
    x = (1, 2, 3)
    assert util.subval(x, 1, 9) == (1, 9, 3)
    assert util.subvals(x, [(0, 7), (-1, 8)]) == (7, 2, 8)
    assert x == (1, 2, 3)
    assert util.func(len) is len


def test_toposort_follows_any_parents() -> None:
    order = list(util.toposort(12, parents=lambda n: [d for d in (n // 2, n // 3) if d >= 1]))
    assert order[0] == 12
    assert order[-1] == 1
    assert set(order) == {12, 6, 4, 3, 2, 1}
    _, end = trace(VJPNode.new_root(), lambda x: np.sin(x) * x, 1.0)
    assert len(list(util.toposort(end))) == 3


def test_quick_grad_check_warns_and_checks() -> None:
    with pytest.warns(DeprecationWarning, match="check_grads"):
        util.quick_grad_check(lambda x, y: np.sin(x) * y, 0.3, (2.0,))
    with pytest.warns(DeprecationWarning, match="check_grads"), pytest.raises(AssertionError):
        util.quick_grad_check(lambda x: x * x if isinstance(x, float) else x * float(x._value), 0.3)
