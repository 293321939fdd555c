"""Interpolation against polynomials that it must reproduce."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff import elementwise_grad
from autodiff.test_util import check_grads
from sciopt.fluid.physics.grid import EVEN, WRAPPED, Grid
from sciopt.fluid.physics.interpolation import inside, sample, variance_around

WALLS = (EVEN, EVEN)


def places(rng: np.random.Generator, low: float = 1.0, high: float = 6.0) -> tuple:
    return tuple(rng.uniform(low, high, (2, 40)))


def test_bilinear_is_exact_for_bilinear_fields(rng: np.random.Generator) -> None:
    x, y = np.mgrid[:8, :9]
    u, v = places(rng)
    value = sample(2 - x + 3 * y + 0.5 * x * y, WALLS, (u, v), "bilinear")
    np.testing.assert_allclose(value, 2 - u + 3 * v + 0.5 * u * v, rtol=0, atol=1e-13)


def test_bicubic_is_exact_for_quadratic_fields(rng: np.random.Generator) -> None:
    x, y = np.mgrid[:8, :9]
    u, v = places(rng)
    value = sample(x**2 - 2 * y**2 + x * y + y + 1.0, WALLS, (u, v), "bicubic")
    np.testing.assert_allclose(value, u**2 - 2 * v**2 + u * v + v + 1, rtol=0, atol=1e-12)


def test_bicubic_is_exact_for_cubic_fields_in_mid_cell(rng: np.random.Generator) -> None:
    x, y = np.mgrid[:8, :9]
    u, v = 2.5 + np.arange(4), np.full(4, 3.5)
    value = sample(x**3 - x * y**2 + 0.0, WALLS, (u, v), "bicubic")
    np.testing.assert_allclose(value, u**3 - u * v**2, rtol=0, atol=1e-11)


@pytest.mark.parametrize(("kind", "order"), [("bilinear", 2), ("bicubic", 3)])
def test_error_falls_with_the_order(kind: str, order: int) -> None:
    errors = []
    for n in (32, 64):
        x = np.arange(n) * 2 * np.pi / n
        f = np.sin(x)[:, None] + np.cos(x)[None, :]
        i, j = np.mgrid[:n, :n] + 0.3
        value = sample(f, (WRAPPED, WRAPPED), (i, j), kind)  # type: ignore[arg-type]
        exact = np.sin(i * 2 * np.pi / n) + np.cos(j * 2 * np.pi / n)
        errors.append(np.abs(value - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.15)


def test_bicubic_has_no_kink_between_cells(rng: np.random.Generator) -> None:
    f = rng.standard_normal((8, 9))

    def slopes(kind: str) -> np.ndarray:
        def value(u: np.ndarray) -> np.ndarray:
            return sample(f, WALLS, (u, 3.3 + 0 * u), kind)  # type: ignore[arg-type]

        return elementwise_grad(value)(np.array([4 - 1e-7, 4 + 1e-7]))

    assert abs(np.diff(slopes("bicubic"))) < 1e-5
    assert abs(np.diff(slopes("bilinear"))) > 0.1


def test_places_wrap_around_and_are_moved_back_to_walls(rng: np.random.Generator) -> None:
    f = rng.standard_normal((5, 6))
    grid = Grid((5, 6), ("periodic", "free-slip"))
    far = inside(grid, (np.array([-12.3]), np.array([9.0])))
    near = np.array([-12.3 + 15]), np.array([5.5])
    for kind in ("bilinear", "bicubic"):
        value = sample(f, grid.smoke_sides, far, kind)  # type: ignore[arg-type]
        expected = sample(f, grid.smoke_sides, near, kind)  # type: ignore[arg-type]
        np.testing.assert_allclose(value, expected, rtol=1e-12)


def test_a_place_that_is_no_number_gives_none(rng: np.random.Generator) -> None:
    f = rng.standard_normal((5, 6))
    with np.errstate(invalid="ignore"):
        value = sample(f, WALLS, (np.array([np.nan]), np.array([1.0])), "bicubic")
    assert np.isnan(value).all()


def test_variance_is_that_of_the_four_values_around() -> None:
    f = np.arange(20.0).reshape(4, 5) ** 1.5
    value = variance_around(f, WALLS, (np.array([1.2]), np.array([2.9])))
    assert value == pytest.approx(np.var(f[1:3, 2:4]))


@pytest.mark.parametrize("kind", ["bilinear", "bicubic"])
def test_derivatives_by_fields_and_places(kind: str, rng: np.random.Generator) -> None:
    f = rng.standard_normal((2, 5, 6))
    u = rng.uniform(0.1, 0.9, (3, 3)) + rng.integers(0, 4, (3, 3))
    check_grads(lambda f: sample(f, WALLS, (u, u), kind))(f)  # type: ignore[arg-type]
    check_grads(lambda u: sample(f, WALLS, (u, 0.9 * u), kind))(u)  # type: ignore[arg-type]
