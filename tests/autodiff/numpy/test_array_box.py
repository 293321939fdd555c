"""A traced array behaves as an array to its user."""

from __future__ import annotations

import operator
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad
from autodiff.tracer import isbox

X = onp.arange(1.0, 7.0).reshape(2, 3)


def inspected(x: Any, look: Any) -> Any:
    """What `look` finds on a box of x, and on a box of a box."""
    seen = []

    def fun(y: Any) -> Any:
        seen.append(look(y))
        return np.sum(y)

    grad(lambda x: np.sum(grad(fun)(x)) + np.sum(fun(x)))(x)
    assert seen[0] == seen[1]
    return seen[0]


@pytest.mark.parametrize("x", [2.0, onp.float32(2), onp.array(2.0), X, X.astype(onp.float32)])
def test_metadata_is_plain(x: Any) -> None:
    plain = onp.asarray(x)
    assert inspected(x, lambda y: (y.shape, y.ndim, y.size)) == (
        plain.shape,
        plain.ndim,
        plain.size,
    )
    assert inspected(x, lambda y: y.dtype) == plain.dtype
    assert inspected(x, lambda y: (np.shape(y), np.ndim(y), np.size(y))) == (
        plain.shape,
        plain.ndim,
        plain.size,
    )


def test_length_hash_truth_and_text() -> None:
    assert inspected(X, len) == 2
    assert inspected(2.0, bool) is True

    def fun(x: Any) -> Any:
        assert hash(x) == hash(x)
        assert len({x, x}) == 1
        assert str(x) == f"Autodiff ArrayBox with value {X}"
        with pytest.raises(ValueError, match="ambiguous"):
            bool(x)
        return np.sum(x)

    grad(fun)(X)


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_comparisons_give_plain_arrays(name: str) -> None:
    compare = getattr(operator, name)

    def fun(x: Any) -> Any:
        for result, expected in (
            (compare(x, 3.0), compare(X, 3.0)),
            (compare(3.0, x), compare(3.0, X)),
            (compare(x, X.T[0, 0]), compare(X, 1.0)),
            (compare(X, x), compare(X, X)),
            (compare(x, x), compare(X, X)),
        ):
            assert not isbox(result)
            onp.testing.assert_array_equal(result, expected)
        return np.sum(x)

    grad(fun)(X)
