"""Results of compiled functions are the caller's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import compiled, grad
from autodiff.nests import flatten

X = onp.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: x * 1.0,
        lambda x: np.transpose(x * 1.0),
        lambda x: np.copy(x),
        lambda x: (x * 2, x * 2.0),
        lambda x: (x * 2, np.transpose(x * 2.0)),
        lambda x: (x * 1, x + 0.0, x / 1.0),
        lambda x: grad(lambda y: np.sum(y * y) / 2)(x),
    ],
)
def test_writing_to_a_result_changes_nothing_else(fun: Callable[[Any], Any]) -> None:
    x = X.copy()
    results, _ = flatten(compiled(fun)(x))
    expected = [onp.array(result) for result in results]
    for k, result in enumerate(results):
        result[...] = -1.0
        onp.testing.assert_array_equal(x, X)
        for other, wanted in zip(results[k + 1 :], expected[k + 1 :]):
            onp.testing.assert_array_equal(other, wanted)
