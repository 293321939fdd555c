"""Advection against its formula in plain NumPy, and its adjoint against its tangent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciopt.fluid.kernels import advect, advect_adjoint, advect_tangent

SHAPES = [(1, 1), (2, 2), (1, 9), (9, 1), (5, 8), (16, 16), (17, 33), (40, 150)]


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def advect_by_formula(fields, velocity):
    nx, ny = fields.shape[1:]
    x = np.arange(nx, dtype=velocity.dtype)[:, None] - velocity[0]
    y = np.arange(ny, dtype=velocity.dtype)[None, :] - velocity[1]
    i0, j0 = np.floor(x).astype(int), np.floor(y).astype(int)
    a, b = x - i0, y - j0
    corners = [((1 - a) * (1 - b), 0, 0), ((1 - a) * b, 0, 1), (a * (1 - b), 1, 0), (a * b, 1, 1)]
    return sum(w * fields[:, (i0 + di) % nx, (j0 + dj) % ny] for w, di, dj in corners)


def scatter_by_formula(fields_next_bar, velocity):
    """The adjoint's fields_bar: what each cell read is handed back to where it was read."""
    nx, ny = velocity.shape[1:]
    x = np.arange(nx)[:, None] - velocity[0]
    y = np.arange(ny)[None, :] - velocity[1]
    i0, j0 = np.floor(x).astype(int), np.floor(y).astype(int)
    a, b = x - i0, y - j0
    fields_bar = np.zeros_like(fields_next_bar)
    corners = [((1 - a) * (1 - b), 0, 0), ((1 - a) * b, 0, 1), (a * (1 - b), 1, 0), (a * b, 1, 1)]
    for channel, g in zip(fields_bar, fields_next_bar, strict=True):
        for w, di, dj in corners:
            np.add.at(channel, ((i0 + di) % nx, (j0 + dj) % ny), w * g)
    return fields_bar


def random_flow(rng, channels, shape, widths=3.0):
    """Fields, and displacements of up to `widths` grid widths in both directions."""
    reach = widths * np.array(shape)[:, None, None]
    return rng.standard_normal((channels, *shape)), rng.uniform(-reach, reach, (2, *shape))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("channels", [1, 3, 6])
def test_advect_equals_its_formula(rng, shape, channels):
    fields, velocity = random_flow(rng, channels, shape)
    expected = advect_by_formula(fields, velocity)
    np.testing.assert_allclose(advect(fields, velocity), expected, rtol=0, atol=1e-12)


def test_advect_computes_in_float32(rng):
    fields, velocity = random_flow(rng, 3, (20, 30), widths=0.2)
    single = advect(fields.astype(np.float32), velocity.astype(np.float32))
    assert single.dtype == np.float32
    # A displacement of some ten cells is known to 1e-6 of a cell; neighbours differ by about 5.
    np.testing.assert_allclose(single, advect(fields, velocity), rtol=0, atol=3e-5)


@given(st.integers(-60, 60), st.integers(-60, 60))
@settings(max_examples=30, deadline=None)
def test_whole_displacements_only_shift(shift_x, shift_y):
    fields = np.random.default_rng(0).standard_normal((2, 13, 18))
    velocity = np.empty((2, 13, 18))
    velocity[0], velocity[1] = shift_x, shift_y
    np.testing.assert_array_equal(
        advect(fields, velocity), np.roll(fields, (shift_x, shift_y), (1, 2))
    )


def test_displacements_of_many_grid_widths_are_wrapped_exactly(rng):
    fields = rng.standard_normal((3, 12, 20))
    velocity = np.empty((2, 12, 20))
    velocity[0], velocity[1] = 12 * 2.0**40 + 5, -20 * 2.0**40 - 7
    np.testing.assert_array_equal(advect(fields, velocity), np.roll(fields, (5, -7), (1, 2)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("component", [0, 1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_velocity_that_is_not_finite_gives_nan_there_and_nowhere_else(component, bad, dtype):
    fields = np.ones((3, 30, 31), dtype)
    velocity = np.zeros((2, 30, 31), dtype)
    velocity[component, 7, 30] = bad
    moved = advect(fields, velocity)
    assert np.isnan(moved[:, 7, 30]).all()
    assert np.isnan(moved).sum() == 3
    fields_bar, velocity_bar = advect_adjoint(fields, fields, velocity)
    assert np.isnan(fields_bar).any()
    assert np.isnan(velocity_bar[:, 7, 30]).any()


@pytest.mark.parametrize("huge", [1e300, -1e300, 3e18])
def test_a_huge_velocity_reads_inside_the_grid(huge):
    fields = np.ones((1, 10, 10))
    np.testing.assert_array_equal(advect(fields, np.full((2, 10, 10), huge)), fields)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("channels", [1, 3, 6])
def test_adjoint_hands_back_what_was_read(rng, shape, channels):
    fields, velocity = random_flow(rng, channels, shape)
    g = rng.standard_normal(fields.shape)
    fields_bar, _ = advect_adjoint(g, fields, velocity)
    expected = scatter_by_formula(g, velocity)
    np.testing.assert_allclose(fields_bar, expected, rtol=0, atol=1e-12 * abs(expected).max())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("channels", [2, 5])
def test_adjoint_is_the_transpose_of_the_tangent(rng, shape, channels):
    fields, velocity = random_flow(rng, channels, shape)
    fields_dot, velocity_dot = random_flow(rng, channels, shape)
    g = rng.standard_normal(fields.shape)
    fields_bar, velocity_bar = advect_adjoint(g, fields, velocity)
    pushed = g * advect_tangent(fields, velocity, fields_dot, velocity_dot)
    pulled = np.vdot(fields_bar, fields_dot) + np.vdot(velocity_bar, velocity_dot)
    assert abs(pushed.sum() - pulled) <= 1e-12 * abs(pushed).sum()


def test_tangent_is_the_derivative(rng):
    fields = rng.standard_normal((3, 24, 24))
    velocity = rng.uniform(-2.8, -2.2, (2, 24, 24))  # at least 0.2 from where the slope jumps
    fields_dot, velocity_dot = rng.standard_normal((3, 24, 24)), rng.uniform(-1, 1, (2, 24, 24))
    slope = advect_tangent(fields, velocity, fields_dot, velocity_dot)
    start = advect(fields, velocity)
    steps = 0.1 * 0.5 ** np.arange(4)
    remainders = [
        np.linalg.norm(
            advect(fields + h * fields_dot, velocity + h * velocity_dot) - start - h * slope
        )
        for h in steps
    ]
    orders = np.log2(np.divide(remainders[:-1], remainders[1:]))
    np.testing.assert_allclose(orders, 2, atol=0.1)


def test_at_rest_the_slope_is_that_towards_smaller_velocity(rng):
    fields, rest = rng.standard_normal((1, 6, 7)), np.zeros((2, 6, 7))
    by_x = advect_tangent(fields, rest, np.zeros_like(fields), np.stack([rest[0] + 1, rest[1]]))
    np.testing.assert_array_equal(by_x, fields - np.roll(fields, -1, 1))


def test_strided_and_read_only_arrays_are_accepted(rng):
    fields, velocity = random_flow(rng, 3, (12, 14), widths=0.5)
    expected = advect(fields, velocity)
    backwards = np.ascontiguousarray(fields[:, ::-1, ::-1])[:, ::-1, ::-1]
    np.testing.assert_array_equal(advect(backwards, np.asfortranarray(velocity)), expected)
    velocity.flags.writeable = False
    np.testing.assert_array_equal(advect(fields, velocity), expected)


def test_arguments_are_left_alone_and_results_are_fresh(rng):
    fields, velocity = random_flow(rng, 3, (12, 14))
    before = fields.copy(), velocity.copy()
    first = advect(fields, velocity)
    kept = first.copy()
    advect(2 * fields, velocity)
    advect_adjoint(fields, fields, velocity)
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal((fields, velocity)[0], before[0])
    np.testing.assert_array_equal((fields, velocity)[1], before[1])


@pytest.mark.parametrize(
    ("fields", "velocity", "error", "message"),
    [
        (
            np.ones((1, 4, 4)),
            np.ones((3, 4, 4)),
            ValueError,
            r"velocity must have shape \(2, 4, 4\)",
        ),
        (
            np.ones((1, 4, 4)),
            np.ones((2, 4, 5)),
            ValueError,
            r"velocity must have shape \(2, 4, 4\)",
        ),
        (np.ones((4, 4)), np.ones((2, 4, 4)), ValueError, "fields must have shape"),
        (np.ones((1, 0, 4)), np.ones((2, 0, 4)), ValueError, "fields must have shape"),
        (np.ones((1, 4, 4), int), np.ones((2, 4, 4)), TypeError, "fields must be a float32"),
        (np.ones((1, 4, 4)), np.ones((2, 4, 4), "f4"), TypeError, "velocity is float32 but fields"),
        ([[[1.0]]], np.ones((2, 1, 1)), TypeError, "got list"),
    ],
)
def test_wrong_arguments_are_named(fields, velocity, error, message):
    with pytest.raises(error, match=message):
        advect(fields, velocity)
