"""Arrays taken apart: the parts are NumPy's, and each sends its cotangent to its place."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, make_vjp

X = onp.arange(24.0).reshape(2, 4, 3)

SPLITS = [
    lambda xp, x: xp.split(x, 2, axis=1),
    lambda xp, x: xp.split(x, [1, 3, 7], axis=1),
    lambda xp, x: xp.split(x, [-1], axis=-1),
    lambda xp, x: xp.split(x, [2, 1], axis=1),
    lambda xp, x: xp.array_split(x, 3, axis=-2),
    lambda xp, x: xp.array_split(x, 5, axis=0),
    lambda xp, x: xp.hsplit(x, 4),
    lambda xp, x: xp.hsplit(x[0, :, 0], 2),
    lambda xp, x: xp.vsplit(x, [1]),
    lambda xp, x: xp.dsplit(x, 3),
]
if hasattr(onp, "unstack"):
    SPLITS += [lambda xp, x: xp.unstack(x), lambda xp, x: xp.unstack(x, axis=-2)]


@pytest.mark.parametrize("split", SPLITS)
def test_parts_are_numpys(split: Any) -> None:
    parts = split(onp, X)
    for k, part in enumerate(parts):
        onp.testing.assert_array_equal(make_vjp(lambda x, k=k: split(np, x)[k])(X)[1], part)
    weighted = grad(lambda x: sum((k + 1) * np.sum(p) for k, p in enumerate(split(np, x))))(X)
    labels = split(onp, onp.arange(24).reshape(2, 4, 3))
    expected = onp.zeros(24)
    for k, label in enumerate(labels):
        onp.add.at(expected, label.ravel(), k + 1)
    onp.testing.assert_array_equal(weighted.ravel(), expected)


def test_what_cannot_be_split_is_refused() -> None:
    for message, fun in [
        ("no 3 equal parts", lambda x: np.split(x, 3, axis=1)),
        ("must be positive, got 0", lambda x: np.array_split(x, 0)),
        ("2 or more axes", lambda x: np.vsplit(x[0, 0], 1)),
        ("3 or more axes", lambda x: np.dsplit(x[0], 1)),
    ]:
        with pytest.raises(ValueError, match=message):
            grad(lambda x, f=fun: np.sum(f(x)[0]))(X)
    with pytest.raises(IndexError):
        grad(lambda x: np.sum(np.split(x, 1, axis=3)[0]))(X)
