"""Strides computed from shapes are those of NumPy's own arrays."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

from autodiff.compile.strides import contiguous, keeping_order, reshaped, same_layout

BASE = onp.arange(240.0).reshape(4, 5, 12)
ARRAYS = {
    "C": BASE,
    "F": onp.asfortranarray(BASE),
    "transposed": BASE.transpose(1, 2, 0),
    "every other": BASE[:, :, ::2],
    "backwards": BASE[:, ::-1],
    "rows": BASE[1:3],
    "with an axis": BASE[:, None],
    "spread": onp.broadcast_to(BASE[0], (3, 5, 12)),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_order_is_kept_as_by_numpy(name: str) -> None:
    x = ARRAYS[name]
    wanted = onp.empty_like(x).strides
    assert same_layout(x.shape, keeping_order(x.shape, x.strides, 8), wanted)


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("cut", [(-1,), (2, -1), (-1, 3), (1, -1, 1), (-1, 2, 3), (2, 1, -1, 6)])
def test_views_of_other_shapes_exist_where_numpy_makes_one(name: str, cut: Any) -> None:
    x = ARRAYS[name]
    made = x.reshape(cut)
    found = reshaped(x.shape, x.strides, made.shape)
    if onp.may_share_memory(made, x):
        assert found is not None
        assert same_layout(made.shape, found, made.strides)
    else:
        assert found is None


def test_contiguous() -> None:
    assert contiguous((4, 5, 12), 8) == BASE.strides
    assert contiguous((), 8) == ()
