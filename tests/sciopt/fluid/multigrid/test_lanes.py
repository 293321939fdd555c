"""Vectors taken apart and put together, against slices."""

from __future__ import annotations

import numpy as np
from numba import njit

from sciopt.fluid.kernels.memory import load, store
from sciopt.fluid.kernels.simd import LANES
from sciopt.fluid.multigrid import lanes


@njit
def shuffled(x, out):  # type: ignore[no-untyped-def]
    first, second = load(x, 0), load(x, LANES)
    even, odd = lanes.even_lanes(first, second), lanes.odd_lanes(first, second)
    store(out, 0, even)
    store(out, LANES, odd)
    store(out, 2 * LANES, lanes.first_zipped(even, odd))
    store(out, 3 * LANES, lanes.second_zipped(even, odd))
    return lanes.sum_of_lanes(first)


@njit
def rounded(x, out):  # type: ignore[no-untyped-def]
    store(out, 0, lanes.to_float64(lanes.to_float32(load(x, 0))))


def test_even_and_odd_lanes_and_back(rng: np.random.Generator) -> None:
    for dtype in (np.float32, np.float64):
        x, out = rng.random(2 * LANES).astype(dtype), np.empty(4 * LANES, dtype)
        total = shuffled(x, out)
        np.testing.assert_array_equal(out[: 2 * LANES], np.concatenate([x[::2], x[1::2]]))
        np.testing.assert_array_equal(out[2 * LANES :], x)
        np.testing.assert_allclose(total, x[:LANES].sum(), rtol=1e-6)


def test_conversion(rng: np.random.Generator) -> None:
    x, out = rng.random(LANES), np.empty(LANES)
    rounded(x, out)
    np.testing.assert_array_equal(out, x.astype(np.float32))
