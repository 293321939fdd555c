"""Jacobians and Hessians: layout, mode, containers, complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import grad, hessian, jacobian
from autodiff.extend import defjvp, defvjp, primitive

X = onp.array([0.3, -0.7])
MODES = ("reverse", "forward", None)


def outer(x: Any) -> Any:
    return np.outer(np.sin(x), x)


def test_both_modes_give_the_same() -> None:
    rows, columns, chosen = (jacobian(outer, mode=mode)(X) for mode in MODES)
    assert rows.shape == columns.shape == chosen.shape == (2, 2, 2)
    onp.testing.assert_allclose(columns, rows, rtol=1e-14)
    onp.testing.assert_array_equal(chosen, columns)
    with pytest.raises(ValueError, match=r"must be .*, got 'sideways'"):
        jacobian(outer, mode="sideways")(X)


def test_the_mode_with_fewer_passes_is_taken_and_the_function_runs_twice_at_most() -> None:
    pulls: list[str] = []
    runs: list[int] = []
    watched = primitive(lambda x: x * 1.0)
    defvjp(watched, lambda ans, x: lambda g: pulls.append("row") or g)
    defjvp(watched, lambda g, ans, x: pulls.append("column") or g)

    def fun(x: Any, copies: int) -> Any:
        runs.append(1)
        return np.concatenate([watched(x)] * copies)

    jacobian(lambda x: fun(x, 1)[:1])(onp.ones(3))
    assert pulls == ["row"]
    assert len(runs) == 1
    pulls.clear()
    jacobian(lambda x: fun(x, 2))(onp.ones(3))
    assert pulls == ["column"] * 3
    assert len(runs) == 3


def test_without_a_forward_rule_it_is_rows() -> None:
    one_way = primitive(lambda x: x**2)
    defvjp(one_way, lambda ans, x: lambda g: 2 * g * x)
    tall = lambda x: np.concatenate([one_way(x), x, x])  # noqa: E731
    expected = onp.concatenate([onp.diag(2 * X), onp.eye(2), onp.eye(2)])
    onp.testing.assert_array_equal(jacobian(tall)(X), expected)
    onp.testing.assert_array_equal(hessian(lambda x: np.sum(one_way(x)))(X), 2 * onp.eye(2))
    with pytest.raises(NotImplementedError, match="JVP"):
        jacobian(tall, mode="forward")(X)


@pytest.mark.parametrize("mode", MODES)
def test_containers_nest_result_first(mode: Any) -> None:
    def fun(p: Any, y: Any) -> Any:
        return [p["a"] * y, {"s": np.sum(p["a"]) * p["b"][0]}]

    p = {"a": X, "b": (2.0,)}
    left, right = jacobian(fun, mode=mode)(p, onp.array([3.0, 5.0]))
    onp.testing.assert_array_equal(left["a"], onp.diag([3.0, 5.0]))
    onp.testing.assert_array_equal(left["b"][0], [0.0, 0.0])
    onp.testing.assert_array_equal(right["s"]["a"], [2.0, 2.0])
    assert right["s"]["b"][0] == pytest.approx(-0.4)


@pytest.mark.parametrize("mode", MODES)
def test_several_arguments_give_a_tuple(mode: Any) -> None:
    a, b = jacobian(lambda x, k, y: k * x * y, (0, 2), mode=mode)(X, 2, onp.array([1.0, 2.0]))
    onp.testing.assert_allclose(a, onp.diag([2.0, 4.0]))
    onp.testing.assert_allclose(b, onp.diag(2 * X))


@pytest.mark.parametrize("mode", MODES)
def test_complex_jacobians(mode: Any) -> None:
    z = onp.array([1 + 2j, -0.5j])
    onp.testing.assert_allclose(
        jacobian(lambda x: np.exp(1j * x), mode=mode)(X), onp.diag(1j * onp.exp(1j * X))
    )
    onp.testing.assert_allclose(
        jacobian(lambda z: np.abs(z) ** 2, mode=mode)(z), onp.diag(2 * onp.conj(z))
    )
    onp.testing.assert_allclose(
        jacobian(lambda z: z**2 * 1j, mode=mode)(z), onp.diag(2j * z), atol=1e-15
    )
    assert jacobian(lambda z: np.real(z**2), mode=mode)(1 + 2j) == grad(lambda z: np.real(z**2))(
        1 + 2j
    )
    for fun in (np.conj, lambda z: np.real(z) + 0j, lambda z: z * np.conj(z)):
        with pytest.raises(ValueError, match="not; take the Jacobians of its"):
            jacobian(fun, mode=mode)(z)


def test_empty_and_independent_results() -> None:
    for mode in MODES:
        assert jacobian(lambda x: x[:0], mode=mode)(X).shape == (0, 2)
        assert jacobian(lambda x: x * 2.0, mode=mode)(onp.zeros((0, 2))).shape == (0, 2, 0, 2)
        onp.testing.assert_array_equal(jacobian(lambda x: 3.0, mode=mode)(X), [0.0, 0.0])
        assert jacobian(lambda x: x * x, mode=mode)(3.0) == 6.0


def test_random_numbers_drawn_in_the_function_are_the_same_for_all_columns() -> None:
    rng = onp.random.default_rng(0)
    fun = lambda x: np.concatenate([x * rng.standard_normal(2)] * 2)  # noqa: E731
    matrix = jacobian(fun, mode="forward")(X)
    onp.testing.assert_array_equal(matrix[:2], matrix[2:])


def test_jacobians_can_be_differentiated() -> None:
    expected = jacobian(jacobian(outer, mode="reverse"), mode="reverse")(X)
    for inner in MODES:
        for mode in MODES:
            matrix = jacobian(jacobian(outer, mode=inner), mode=mode)(X)
            onp.testing.assert_allclose(matrix, expected, rtol=1e-13, atol=1e-15)
    onp.testing.assert_allclose(
        grad(lambda x: np.sum(jacobian(outer)(x) ** 2))(X),
        onp.einsum("abc,abcd->d", 2 * jacobian(outer)(X), expected),
    )


def test_hessians_of_vectors_and_containers() -> None:
    onp.testing.assert_allclose(
        hessian(outer)(X), jacobian(jacobian(outer, mode="reverse"), mode="reverse")(X)
    )
    h = hessian(lambda p: np.sum(p["a"] ** 2) * p["b"])({"a": X, "b": 2.0})
    onp.testing.assert_array_equal(h["a"]["a"], 4 * onp.eye(2))
    onp.testing.assert_array_equal(h["a"]["b"], 2 * X)
    onp.testing.assert_array_equal(h["b"]["a"], 2 * X)
    assert h["b"]["b"] == 0
    both = hessian(lambda x, y: np.sum(x * y**2), (0, 1))(X, X)
    onp.testing.assert_allclose(both[0][1], onp.diag(2 * X))
    onp.testing.assert_allclose(both[1][1], onp.diag(2 * X))


def test_float32_stays() -> None:
    x = X.astype(onp.float32)
    for mode in MODES:
        assert jacobian(outer, mode=mode)(x).dtype == onp.float32
    assert hessian(lambda x: np.sum(outer(x)))(x).dtype == onp.float32
