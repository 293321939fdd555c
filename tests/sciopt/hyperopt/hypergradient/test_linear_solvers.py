from __future__ import annotations

import numpy as np
import pytest

from sciopt.hyperopt.hypergradient.linear_solvers import SOLVERS, cg, largest_eigenvalue


def matrix(rng: np.random.Generator, eigenvalues: np.ndarray) -> np.ndarray:
    q = np.linalg.qr(rng.standard_normal((eigenvalues.size, eigenvalues.size)))[0]
    return (q * eigenvalues) @ q.T


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize("warm", [False, True])
def test_solves_a_definite_system(name: str, warm: bool, rng: np.random.Generator) -> None:
    a, b = matrix(rng, np.linspace(1, 20, 30)), rng.standard_normal(30)
    start = rng.standard_normal(30) if warm else np.zeros(30)
    found = SOLVERS[name](a.__matmul__, b, start, 2000, 1e-11)
    assert found.is_definite
    assert found.residual == pytest.approx(
        np.linalg.norm(a @ found.x - b) / np.linalg.norm(b), abs=1e-13
    )
    np.testing.assert_allclose(found.x, np.linalg.solve(a, b), rtol=1e-8, atol=1e-9)


def test_cg_needs_no_more_iterations_than_there_are_eigenvalues(rng: np.random.Generator) -> None:
    a = matrix(rng, np.repeat([1.0, 5.0, 40.0], 10))
    found = cg(a.__matmul__, rng.standard_normal(30), np.zeros(30), 100, 1e-10)
    assert found.iterations <= 4  # 3, and one for rounding


def test_cg_stays_true_over_many_iterations(rng: np.random.Generator) -> None:
    a, b = matrix(rng, np.geomspace(1e-4, 1, 200)), rng.standard_normal(200)
    found = cg(a.__matmul__, b, np.zeros(200), 5000, 1e-10)
    assert found.iterations > 150  # beyond several recomputations of the residual
    assert np.linalg.norm(a @ found.x - b) <= 2e-10 * np.linalg.norm(b)


@pytest.mark.parametrize("name", SOLVERS)
def test_reports_a_system_that_is_not_definite(name: str, rng: np.random.Generator) -> None:
    a = matrix(rng, np.concatenate([[-30.0], np.linspace(1, 20, 29)]))
    found = SOLVERS[name](a.__matmul__, rng.standard_normal(30), np.zeros(30), 2000, 1e-11)
    assert not found.is_definite


@pytest.mark.parametrize("name", ["neumann", "fixed-point"])
def test_stops_where_a_small_negative_eigenvalue_makes_it_grow(
    name: str, rng: np.random.Generator
) -> None:
    a = matrix(rng, np.concatenate([[-3.0], np.linspace(1, 20, 29)]))
    found = SOLVERS[name](a.__matmul__, rng.standard_normal(30), np.zeros(30), 5000, 1e-11)
    assert not found.is_definite
    assert np.isfinite(found.x).all()


@pytest.mark.parametrize("name", SOLVERS)
def test_iterations_are_bounded(name: str, rng: np.random.Generator) -> None:
    a = matrix(rng, np.geomspace(1e-6, 1, 30))
    found = SOLVERS[name](a.__matmul__, rng.standard_normal(30), np.zeros(30), 7, 1e-11)
    assert found.iterations == 7
    assert found.residual > 1e-11


def test_largest_eigenvalue_is_close_from_below(rng: np.random.Generator) -> None:
    a = matrix(rng, np.linspace(1, 20, 30))
    assert 10 < largest_eigenvalue(a.__matmul__, 30) <= 20 * (1 + 1e-12)


def test_largest_eigenvalue_of_nothing_is_zero() -> None:
    assert largest_eigenvalue(np.zeros_like, 5) == 0
