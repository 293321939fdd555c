"""Transport on pictures: distances that can be told beforehand, and the envelope's gradient."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff import compiled, grad, value_and_grad
from autodiff.test_util import check_duality, taylor_order
from sciopt.fluid.drawings import draw
from sciopt.fluid.objectives import transport
from sciopt.fluid.smoke import initial_smoke


def blob(x, y, cells=32, radius=0.08):
    i, j = (np.indices((cells, cells)) + 0.5) / cells
    return np.exp(-((i - x) ** 2 + (j - y) ** 2) / (2 * radius**2))[None]


@pytest.mark.parametrize("shift", [(0.25, 0.0), (0.0, 0.125), (0.25, -0.25)])
def test_a_shifted_blob_is_as_far_as_the_square_of_its_shift(shift):
    squared = shift[0] ** 2 + shift[1] ** 2
    found = transport(blob(0.4, 0.5), blob(0.4 + shift[0], 0.5 + shift[1]), periodic=(False, False))
    # For translations the debiased divergence is exact; the floor of density costs 1e-3 of it.
    assert found == pytest.approx(squared, rel=5e-3)


def test_distance_does_not_saturate_where_densities_no_longer_overlap():
    values = [transport(blob(0.2, 0.5), blob(0.2 + d, 0.5), periodic=(False, False)) for d in
              (0.15, 0.3, 0.6)]  # fmt: skip
    assert values[1] / values[0] == pytest.approx(4, rel=0.02)
    assert values[2] / values[1] == pytest.approx(4, rel=0.02)


def test_on_a_periodic_grid_the_short_way_counts():
    near, far = (blob(x, 0.5, radius=0.03) for x in (0.1, 0.9))
    assert transport(near, far, periodic=(False, True)) == pytest.approx(0.64, rel=0.02)
    round_the_seam = transport(np.roll(near, -3, 1), np.roll(near, 3, 1), periodic=(True, True))
    assert round_the_seam == pytest.approx((6 / 32) ** 2, rel=0.02)


def test_in_one_dimension_it_is_the_distance_between_quantiles(rng):
    cells = 32
    m, n = rng.random((2, cells)) + 0.2
    m, n = m / m.sum(), n / n.sum()
    levels = (np.arange(200_000) + 0.5) / 200_000
    places = np.arange(cells) / cells
    quantiles = [places[np.searchsorted(np.cumsum(p), levels).clip(max=cells - 1)] for p in (m, n)]
    expected = np.mean((quantiles[0] - quantiles[1]) ** 2)
    found = transport(
        m.reshape(1, cells, 1), n.reshape(1, cells, 1), width=0.03, periodic=(False, False),
        iterations=2000,
    )  # fmt: skip
    # Noise from cell to cell is finer than the width: the divergence sees a part of it only.
    assert 0.5 * expected < found < expected


def test_smooth_masses_in_one_dimension_have_the_closed_form():
    x = (np.arange(32) + 0.5) / 32

    def bell(c, s):
        return np.exp(-((x - c) ** 2) / (2 * s**2)).reshape(1, 32, 1)

    found = transport(bell(0.35, 0.06), bell(0.6, 0.1), periodic=(False, False))
    # W2^2 of two normal distributions; blurred by eps at the third digit.
    assert found == pytest.approx(0.25**2 + 0.04**2, rel=1e-2)


def test_equal_pictures_are_at_distance_zero_with_no_slope():
    target = draw("smile", (40, 40))[None]
    value, slope = value_and_grad(lambda s: transport(s, target))(target)
    assert abs(value) < 1e-10
    assert np.abs(slope).max() < 1e-8


def test_masses_do_not_count_but_their_places_do(rng):
    smoke, target = rng.random((2, 1, 16, 16))
    assert transport(3 * smoke, target) == pytest.approx(transport(smoke, target), rel=1e-10)


def test_dyes_are_carried_each_on_its_own():
    red, green = blob(0.4, 0.5), blob(0.6, 0.5)
    swapped = transport(np.concatenate([red, green]), np.concatenate([green, red]))
    assert swapped == pytest.approx(transport(red, green), rel=1e-10)


def test_negative_and_empty_smoke_have_finite_values_and_slopes():
    smoke = np.stack([np.zeros((16, 16)), draw("heart", (16, 16)) - 0.1])
    target = np.stack([draw("heart", (16, 16)), np.zeros((16, 16))])
    value, slope = value_and_grad(lambda s: transport(s, target))(smoke)
    assert np.isfinite(value)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("shape", [(40, 40), (36, 50)])
def test_the_envelopes_gradient_is_the_gradient(shape, rng):
    smoke = initial_smoke("bands", shape)[None] + 0.1
    target = draw("smile", shape)[None]

    def f(s):
        return transport(s, target, periodic=(True, False))

    direction = 0.1 * rng.standard_normal(smoke.shape)
    assert taylor_order(f, smoke, direction, largest=0.5) == pytest.approx(2, abs=0.1)
    h = 1e-5
    slope = (f(smoke + h * direction) - f(smoke - h * direction)) / (2 * h)
    assert np.vdot(grad(f)(smoke), direction) == pytest.approx(slope, rel=1e-4)
    check_duality(f, smoke)


def test_it_compiles_and_keeps_the_dtype_of_the_smoke():
    smoke = initial_smoke("bands", (24, 24))[None].astype(np.float32)
    target = draw("heart", (24, 24))[None].astype(np.float32)
    slope = grad(lambda s: transport(s, target))
    assert slope(smoke).dtype == np.float32
    np.testing.assert_array_equal(compiled(slope)(smoke), slope(smoke))
