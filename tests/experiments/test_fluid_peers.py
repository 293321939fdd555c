"""The fluid's peers that are installed for the tests compute the same loss and gradient."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.benchmarks.fluid_peers import CASES, PEERS


@pytest.mark.parametrize("peer", ["compiled", "autograd"])
def test_loss_and_gradient_are_those_of_the_kernels(peer: str) -> None:
    case = CASES["tiny"]
    velocity, _, _ = case.arrays()
    expected, gradient = PEERS["sciopt"](case)(velocity)
    loss, found = PEERS[peer](case)(velocity)
    assert loss == pytest.approx(expected, rel=1e-12)
    assert gradient.any()
    np.testing.assert_allclose(found, gradient, rtol=0, atol=1e-12 * np.abs(gradient).max())
