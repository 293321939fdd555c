"""The Sinkhorn divergence against an independent solver, in one dimension and in two."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import logsumexp

from sciopt.fluid.objectives.sinkhorn import least_width, sinkhorn_divergence


def masses(rng, shape):
    m, n = rng.random((2, *shape)) + 0.05
    return m / m.sum(), n / n.sum()


def costs_of(shape):
    places = [(np.arange(k) + 0.5) / max(shape) for k in shape]
    return tuple((x[:, None] - x) ** 2 for x in places)


def full_cost(costs):
    total = costs[0][:, None, :, None] + costs[1][None, :, None, :]
    size = total.shape[0] * total.shape[1]
    return total.reshape(size, size)


def entropic_cost(m, n, cost, eps):
    """OT by Sinkhorn's plain iteration on the full cost matrix, thousands of times."""
    log_m, log_n = np.log(m), np.log(n)
    g = np.zeros_like(n)
    for _ in range(4000):
        f = -eps * logsumexp(log_n + (g - cost) / eps, axis=1)
        g = -eps * logsumexp(log_m + (f[:, None] - cost).T / eps, axis=1)
    return m @ f + n @ g


def test_it_is_the_debiased_entropic_cost(rng):
    shape, width = (5, 6), 0.15
    m, n = masses(rng, shape)
    costs, eps = costs_of(shape), 2 * width**2
    cost = full_cost(costs)
    a, b = m.ravel(), n.ravel()
    expected = entropic_cost(a, b, cost, eps)
    expected -= (entropic_cost(a, a, cost, eps) + entropic_cost(b, b, cost, eps)) / 2
    # Of size 1e-2, the three costs cancel; own potentials are kept to 1e-9.
    assert sinkhorn_divergence(m, n, costs, width) == pytest.approx(expected, abs=1e-11)


def test_a_narrow_width_comes_near_to_the_linear_program(rng):
    shape = (4, 5)
    m, n = masses(rng, shape)
    costs = costs_of(shape)
    size = m.size
    sums = np.vstack([np.kron(np.eye(size), np.ones(size)), np.kron(np.ones(size), np.eye(size))])
    program = linprog(
        full_cost(costs).ravel(), A_eq=sums[:-1], b_eq=np.append(m, n)[:-1], method="highs"
    )
    ratios = [
        sinkhorn_divergence(m, n, costs, width, 3000) / program.fun for width in (0.08, 0.04, 0.022)
    ]
    # The entropic bias falls with the square of the width, cells being 0.2 apart.
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(1, abs=0.05)


def test_pairs_are_independent_of_their_batch(rng):
    shape = (6, 4)
    pairs = [masses(rng, shape) for _ in range(3)]
    m, n = (np.stack(side) for side in zip(*pairs))
    together = sinkhorn_divergence(m, n, costs_of(shape), 0.1)
    alone = [sinkhorn_divergence(*pair, costs_of(shape), 0.1) for pair in pairs]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


def test_a_width_that_float64_cannot_hold_is_refused(rng):
    shape = (8, 8)
    m, n = masses(rng, shape)
    costs = costs_of(shape)
    limit = least_width(costs)
    assert np.isfinite(sinkhorn_divergence(m, n, costs, 1.01 * limit))
    with pytest.raises(ValueError, match=rf"at least {limit:.3g}"):
        sinkhorn_divergence(m, n, costs, 0.9 * limit)
