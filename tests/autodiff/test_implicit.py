"""Fixed points and roots: their derivatives are those of the equation, in every mode."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff import fixed_point, grad, hessian, implicit_root, jacobian, make_jvp, make_vjp
from autodiff.test_util import check_grads


def distance(x: Any, y: Any) -> Any:
    return np.max(np.abs(x - y))


def newton_sqrt(a: Any) -> Any:
    return lambda x: 0.5 * (x + a / x)


def sqrt(a: Any) -> Any:
    return fixed_point(newton_sqrt, a, 1.0, lambda x, y: abs(x - y), 1e-13)


def test_a_square_root_by_newtons_map_has_the_derivatives_of_a_square_root() -> None:
    assert sqrt(2.0) == pytest.approx(2.0**0.5)
    assert grad(sqrt)(2.0) == pytest.approx(0.5 * 2.0**-0.5)
    assert grad(grad(sqrt))(2.0) == pytest.approx(-0.25 * 2.0**-1.5)
    assert make_jvp(sqrt)(2.0)(1.0)[1] == pytest.approx(0.5 * 2.0**-0.5)
    assert make_jvp(grad(sqrt))(2.0)(1.0)[1] == pytest.approx(-0.25 * 2.0**-1.5)
    assert grad(lambda a: make_jvp(sqrt)(a)(1.0)[1])(2.0) == pytest.approx(-0.25 * 2.0**-1.5)
    assert grad(grad(grad(sqrt)))(2.0) == pytest.approx(0.375 * 2.0**-2.5)


def contraction(params: Any) -> Any:
    matrix, b = params
    return lambda x: 0.4 * np.tanh(matrix @ x) + b


@pytest.fixture
def params() -> tuple[Any, Any]:
    rng = onp.random.default_rng(0)
    return rng.normal(size=(3, 3)) / 3, rng.normal(size=3)


def test_a_vector_fixed_point_of_two_parameters_is_right_in_both_modes(params: Any) -> None:
    onp.random.seed(1)  # noqa: NPY002  (check_grads draws its directions from it)

    def fun(matrix: Any, b: Any) -> Any:
        return fixed_point(contraction, (matrix, b), onp.zeros(3), distance, 1e-13)

    check_grads(fun, (0, 1))(*params)


def test_gradients_equal_those_of_iterating(params: Any) -> None:
    def iterated(b: Any) -> Any:
        x = onp.zeros(3)
        for _ in range(100):
            x = contraction((params[0], b))(x)
        return np.sum(x**2)

    def implicit(b: Any) -> Any:
        x = fixed_point(contraction, (params[0], b), onp.zeros(3), distance, 1e-14)
        return np.sum(x**2)

    onp.testing.assert_allclose(grad(implicit)(params[1]), grad(iterated)(params[1]), rtol=1e-12)
    onp.testing.assert_allclose(
        hessian(implicit)(params[1]), hessian(iterated)(params[1]), rtol=1e-10, atol=1e-12
    )


def test_gradients_equal_autograds(params: Any) -> None:
    autograd = pytest.importorskip("autograd")
    anp = pytest.importorskip("autograd.numpy")
    theirs = pytest.importorskip("autograd.misc.fixed_points").fixed_point

    def fun(fixed_point: Any, np: Any) -> Any:
        def of(b: Any) -> Any:
            f = lambda b: lambda x: 0.4 * np.tanh(np.dot(params[0], x)) + b  # noqa: E731
            gap = lambda x, y: np.max(np.abs(x - y))  # noqa: E731
            return np.sum(fixed_point(f, b, onp.zeros(3), gap, 1e-13) ** 2)

        return of

    onp.testing.assert_allclose(
        grad(fun(fixed_point, np))(params[1]),
        autograd.grad(fun(theirs, anp))(params[1]),
        rtol=1e-11,
    )


def test_the_start_has_no_influence() -> None:
    fun = lambda x0: fixed_point(newton_sqrt, 2.0, x0, distance, 1e-12)  # noqa: E731
    vjp, _ = make_vjp(fun)(1.0)
    assert vjp(1.0) == 0.0


def test_a_closure_over_a_traced_value_beside_a_is_refused() -> None:
    def fun(a: Any) -> Any:
        return fixed_point(lambda b: lambda x: 0.5 * np.cos(b * x) * a, a, 0.5, distance, 1e-10)

    for attempt in (grad(fun), lambda a: make_jvp(fun)(a)(1.0)):
        with pytest.raises(TypeError, match="closes over a value that is being differentiated"):
            attempt(0.3)


def test_a_closure_over_a_traced_value_with_a_plain_is_iterated_through() -> None:
    def fun(c: Any) -> Any:
        return fixed_point(lambda a: lambda x: 0.5 * (x + c / x), 0.0, 1.0, distance, 1e-12)

    assert grad(fun)(2.0) == pytest.approx(0.5 * 2.0**-0.5, rel=1e-6)


def test_a_diverging_iteration_is_an_error() -> None:
    with (
        onp.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match="the iteration diverged"),
    ):
        fixed_point(lambda a: lambda x: a * x * x, onp.ones(1), 10 * onp.ones(1), distance, 1e-9)


# -- roots -----------------------------------------------------------------------------------------


def residual(x: Any, a: Any) -> Any:
    """Two equations with root x = (a0^(1/3), a1 / x0)."""
    return np.array([x[0] ** 3 - a[0], x[0] * x[1] - a[1]])


def explicit(a: Any) -> Any:
    first = a[0] ** (1.0 / 3.0)
    return np.array([first, a[1] / first])


@pytest.mark.parametrize("linear_solve", ["auto", "dense", "gmres"])
def test_a_root_has_the_derivatives_of_its_formula(linear_solve: str) -> None:
    root = implicit_root(residual, linear_solve=linear_solve)
    a, x0 = onp.array([2.0, 3.0]), onp.array([1.0, 1.0])
    onp.testing.assert_allclose(root(a, x0), explicit(a), rtol=1e-12)
    onp.testing.assert_allclose(
        jacobian(lambda a: root(a, x0))(a), jacobian(explicit)(a), rtol=1e-9, atol=1e-12
    )
    loss = lambda f: lambda a: np.sum(np.sin(f(a)))  # noqa: E731
    onp.testing.assert_allclose(
        hessian(loss(lambda a: root(a, x0)))(a), hessian(loss(explicit))(a), rtol=1e-8, atol=1e-10
    )


def test_a_root_is_right_in_both_modes_and_their_nestings() -> None:
    onp.random.seed(2)  # noqa: NPY002
    root = implicit_root(residual)
    check_grads(lambda a: root(a, onp.array([1.0, 1.0])))(onp.array([2.0, 3.0]))


def test_a_solver_that_can_not_be_differentiated_will_do() -> None:
    optimize = pytest.importorskip("scipy.optimize")

    def bisection(fun: Any, x0: float) -> float:
        return float(optimize.brentq(fun, 0.0, 10.0, xtol=1e-14))

    root = implicit_root(lambda x, a: np.exp(x) * x - a, bisection)
    x = root(1.0, 0.0)
    assert grad(lambda a: root(a, 0.0))(1.0) == pytest.approx(1.0 / (np.exp(x) * (1.0 + x)))


def test_roots_and_parameters_may_be_nests() -> None:
    def fun(x: Any, a: Any) -> Any:
        return {"u": x["u"] * a["s"] - x["v"], "v": x["v"] + x["u"] - a["t"]}

    root = implicit_root(fun)

    def u_of(s: Any, t: Any) -> Any:
        return root({"s": s, "t": t}, {"u": 1.0, "v": onp.float64(0.0)})["u"]  # t / (1 + s)

    assert u_of(3.0, 8.0) == pytest.approx(2.0)
    assert grad(u_of, (0, 1))(3.0, 8.0) == pytest.approx((-0.5, 0.25))


def test_float32_is_kept() -> None:
    x = onp.float32(2.0)
    close = lambda x, y: np.max(np.abs(x - y))  # noqa: E731
    fixed = lambda a: fixed_point(newton_sqrt, a, onp.float32(1.0), close, 1e-6)  # noqa: E731
    root = implicit_root(lambda x, a: x * x - a)
    for fun in (fixed, lambda a: root(a, onp.float32(1.0))):
        g = grad(fun)(x)
        assert fun(x).dtype == g.dtype == onp.float32
        assert g == pytest.approx(0.5 * 2.0**-0.5, rel=1e-5)


def test_a_root_of_plain_numbers_is_found_to_the_last_digits() -> None:
    assert implicit_root(lambda x, a: x * x - a)(2.0, 1.0) == pytest.approx(2.0**0.5, rel=1e-15)


def test_conjugate_gradients_solve_symmetric_problems() -> None:
    rng = onp.random.default_rng(4)
    m = rng.normal(size=(300, 300)) / 40
    m = m @ m.T + onp.eye(300)
    b = rng.normal(size=300)
    for linear_solve in ("cg", "gmres", "auto", lambda matvec, b: onp.linalg.solve(m, b)):
        root = implicit_root(
            lambda x, a: m @ x - a * b,
            lambda f, x0: onp.linalg.solve(m, b),
            linear_solve=linear_solve,
        )
        onp.testing.assert_allclose(
            make_vjp(lambda a, root=root: root(a, onp.zeros(300)))(1.0)[0](b),
            b @ onp.linalg.solve(m, b),
            rtol=1e-10,
        )


def test_what_can_not_be_solved_is_refused() -> None:
    with pytest.raises(ArithmeticError, match="without converging"):
        implicit_root(lambda x, a: x * x + a)(1.0, 0.7)
    flat = implicit_root(lambda x, a: (x - a) ** 3, lambda f, x0: 2.0)
    with pytest.raises(ArithmeticError, match="singular"):
        grad(lambda a: flat(a, 0.0))(2.0)
    with pytest.raises(ValueError, match=r"linear_solve must be one of \['auto', 'cg'"):
        grad(lambda a: implicit_root(lambda x, a: x - a, linear_solve="lu")(a, 0.0))(2.0)
    with pytest.raises(TypeError, match="closes over a value"):
        grad(lambda a: implicit_root(lambda x, b: x * a - b, lambda f, x0: f(x0))(a, 1.0))(2.0)
