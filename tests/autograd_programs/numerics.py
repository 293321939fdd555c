"""Numerical programs: simulation, optimisation, linear algebra, complex numbers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as onp


def tanh_to_the_third_derivative(package: str) -> Any:
    np = import_module(f"{package}.numpy")
    egrad = import_module(package).elementwise_grad

    def tanh(x: Any) -> Any:
        return (1.0 - np.exp(-x)) / (1.0 + np.exp(-x))

    x = np.linspace(-3, 3, 11)
    return tanh(x), egrad(tanh)(x), egrad(egrad(tanh))(x), egrad(egrad(egrad(tanh)))(x)


def rosenbrock_by_newton_cg(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    from scipy.optimize import minimize

    def rosenbrock(x: Any) -> Any:
        return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2

    result = minimize(
        ag.value_and_grad(rosenbrock),
        onp.array([-1.0, 2.0]),
        jac=True,
        hessp=ag.hessian_vector_product(rosenbrock),
        method="Newton-CG",
        options={"maxiter": 8},
    )
    return result.x, np.linalg.norm(ag.hessian(rosenbrock)(result.x))


def ode_fitted_to_data(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    odeint = import_module(f"{package}.scipy.integrate").odeint
    t = onp.linspace(0.0, 2.0, 6)

    def field(y: Any, t: Any, a: Any) -> Any:
        return np.dot(y**3, a)

    def loss(a: Any, y0: Any) -> Any:
        orbit = odeint(field, y0, t, ag.tuple((a,)), rtol=1e-12, atol=1e-12)
        return np.mean((orbit - 0.5) ** 2)

    matrix = onp.array([[-0.1, 2.0], [-2.0, -0.1]])
    value, gradient = ag.value_and_grad(loss)(matrix, onp.array([0.8, 0.2]))
    # Two integrators, two adjoints: digits beyond their tolerance are their own.
    return round(float(value), 8), onp.round(gradient, 6)


def pendulum_by_runge_kutta(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)

    def rhs(state: Any, k: Any) -> Any:
        return np.array([state[1], -k * np.sin(state[0])])

    def final_angle(state: Any, k: Any) -> Any:
        h = 0.1
        for _ in range(20):
            a = rhs(state, k)
            b = rhs(state + 0.5 * h * a, k)
            c = rhs(state + 0.5 * h * b, k)
            d = rhs(state + h * c, k)
            state = state + h / 6 * (a + 2 * b + 2 * c + d)
        return state[0]

    start = onp.array([1.0, 0.0])
    return ag.grad(final_angle, (0, 1))(start, 2.0), ag.hessian(final_angle)(start, 2.0)


def gaussian_process(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    mvn = import_module(f"{package}.scipy.stats.multivariate_normal")
    rng = onp.random.RandomState(0)
    x = onp.linspace(0, 3, 8)[:, None]
    y = onp.sin(x[:, 0]) + 0.05 * rng.randn(8)

    def rbf(params: Any, x: Any, xp: Any) -> Any:
        scale, lengths = np.exp(params[0]), np.exp(params[1:])
        diffs = np.expand_dims(x / lengths, 1) - np.expand_dims(xp / lengths, 0)
        return scale * np.exp(-0.5 * np.sum(diffs**2, axis=2))

    def marginal(params: Any) -> Any:
        mean, noise, cov_params = params[0], np.exp(params[1]) + 1e-4, params[2:]
        cov = rbf(cov_params, x, x) + noise * np.eye(len(y))
        return mvn.logpdf(y, mean * np.ones(len(y)), cov)

    def predict(params: Any, xstar: Any) -> Any:
        cov = rbf(params[2:], x, x) + np.exp(params[1]) * np.eye(len(y))
        return np.sum(np.dot(rbf(params[2:], xstar, x), np.linalg.solve(cov, y - params[0])))

    params = onp.array([0.1, -1.0, 0.2, 0.3])
    return ag.grad(marginal)(params), ag.grad(predict, (0, 1))(params, onp.array([[0.5], [1.7]]))


def fluid_in_a_periodic_box(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(1)

    def project(vx: Any, vy: Any) -> Any:
        p = np.zeros(vx.shape)
        div = -0.5 * (
            np.roll(vx, -1, 1) - np.roll(vx, 1, 1) + np.roll(vy, -1, 0) - np.roll(vy, 1, 0)
        )
        for _ in range(3):
            around = np.roll(p, 1, 1) + np.roll(p, -1, 1) + np.roll(p, 1, 0) + np.roll(p, -1, 0)
            p = (div + around) / 4.0
        vx = vx - 0.5 * (np.roll(p, -1, 1) - np.roll(p, 1, 1))
        return vx, vy - 0.5 * (np.roll(p, -1, 0) - np.roll(p, 1, 0))

    def advect(f: Any, vx: Any, vy: Any) -> Any:
        rows, cols = f.shape
        cell_ys, cell_xs = np.meshgrid(np.arange(rows), np.arange(cols), indexing="ij")
        xs = (cell_xs - vx).ravel()
        ys = (cell_ys - vy).ravel()
        left, top = np.floor(xs).astype(int), np.floor(ys).astype(int)
        rw, bw = xs - left, ys - top
        left, right = np.mod(left, cols), np.mod(left + 1, cols)
        top, bottom = np.mod(top, rows), np.mod(top + 1, rows)
        upper = (1 - rw) * f[top, left] + rw * f[top, right]
        lower = (1 - rw) * f[bottom, left] + rw * f[bottom, right]
        return np.reshape((1 - bw) * upper + bw * lower, (rows, cols))

    smoke, target = rng.rand(5, 6), rng.rand(5, 6)

    def objective(params: Any) -> Any:
        vx, vy = np.reshape(params, (2, 5, 6))
        f = smoke
        for _ in range(3):
            vx, vy = project(advect(vx, vx, vy), advect(vy, vx, vy))
            f = advect(f, vx, vy)
        return np.mean((f - target) ** 2)

    return ag.value_and_grad(objective)(rng.randn(60) * 0.3)


def gauss_newton_and_hessian_products(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(2)
    a, x, v = rng.randn(4, 3), rng.randn(3), rng.randn(3)

    def residual(x: Any) -> Any:
        return np.tanh(np.dot(a, x)) - 0.3

    def loss(x: Any) -> Any:
        return 0.5 * np.sum(residual(x) ** 2)

    hvp, gradient = ag.make_hvp(loss)(x)
    jvp_value, tangent = ag.make_jvp(residual)(x)(v)
    vjp, value = ag.make_vjp(residual)(x)
    reverse = import_module(f"{package}.differential_operators").make_jvp_reversemode
    return [
        ag.make_ggnvp(residual)(x)(v),
        hvp(v),
        gradient,
        jvp_value,
        tangent,
        vjp(rng.randn(4)),
        value,
        reverse(residual)(x)(v),
        ag.hessian_tensor_product(loss)(x, v),
        ag.tensor_jacobian_product(residual)(x, rng.randn(4)),
        ag.jacobian(residual)(x),
        ag.jacobian(ag.jacobian(residual))(x),
        ag.deriv(lambda t: residual(t * v))(0.5),
    ]


def complex_numbers(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    z = onp.array([1.0 + 2.0j, -0.5 + 0.3j])

    def through_the_plane(x: Any) -> Any:
        return np.sum(np.abs(np.exp(1j * x) * (x + 2j)) ** 2) + np.real(np.sum(x * 1j * x))

    return [
        ag.grad(lambda z: np.real(z**2))(1.0 + 2.0j),
        ag.grad(lambda z: np.abs(z) ** 2)(1.0 + 2.0j),
        ag.holomorphic_grad(lambda z: np.sin(z) * z)(1.0 - 0.5j),
        ag.grad(lambda z: np.sum(np.real(np.conj(z) * z * np.angle(z))))(z),
        ag.grad(through_the_plane)(onp.array([0.3, 0.7])),
    ]


def spectral_filter(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    fft = import_module(f"{package}.numpy.fft")
    rng = onp.random.RandomState(3)
    signal = rng.randn(8)

    def energy(taps: Any) -> Any:
        filtered = fft.ifft(fft.fft(signal) * taps)
        return np.sum(np.abs(filtered[:4]) ** 2) + np.sum(np.real(fft.rfft(np.real(filtered))) ** 2)

    return ag.grad(energy)(rng.randn(8))


def whitening_by_eigenvectors(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)
    rng = onp.random.RandomState(4)
    data = rng.randn(10, 3)

    def gap(scale: Any) -> Any:
        scaled = data * scale
        cov = np.dot(scaled.T, scaled) / 10 + np.eye(3)
        values, vectors = np.linalg.eigh(cov)
        root = np.linalg.cholesky(cov)
        _, logdet = np.linalg.slogdet(cov)
        s = np.linalg.svd(scaled, compute_uv=False)
        return (
            values[-1]
            - values[0]
            + np.sum(vectors[:, 0] ** 4)
            + np.trace(root)
            + logdet
            + np.sum(s)
            + np.trace(np.linalg.inv(cov))
            + np.linalg.det(cov)
        )

    return ag.grad(gap)(onp.array([1.0, 2.0, 0.5]))


def dynamic_programming(package: str) -> Any:
    ag = import_module(package)
    logsumexp = import_module(f"{package}.scipy.special").logsumexp
    rng = onp.random.RandomState(5)
    emissions = rng.randn(9, 3)

    def log_partition(transitions: Any) -> Any:
        alpha = emissions[0]
        for row in emissions[1:]:
            alpha = logsumexp(alpha[:, None] + transitions, axis=0) + row
        return logsumexp(alpha)

    transitions = rng.randn(3, 3)
    return ag.grad(log_partition)(transitions), ag.hessian(log_partition)(transitions)


def control_flow_and_recursion(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)

    def power(x: Any, n: int) -> Any:
        return 1.0 if n == 0 else x * power(x, n - 1)

    def total(xs: Any) -> Any:
        return sum(power(v, 3) for v in xs) + max(xs[0], xs[1]) * np.floor(xs[2])

    def norm_of_rows(xs: Any) -> Any:
        return np.sum(np.array([np.sqrt(np.sum(row**2)) for row in xs]))

    return (
        ag.grad(total)(onp.array([1.0, 2.0, 3.5])),
        ag.grad(norm_of_rows)(onp.arange(1.0, 7.0).reshape(3, 2)),
        ag.grad(lambda x: power(x, 4))(3.0),
    )


def nested_derivatives(package: str) -> Any:
    np, ag = import_module(f"{package}.numpy"), import_module(package)

    def inner_product(x: Any) -> Any:
        return ag.grad(lambda y: np.sum(np.sin(y * x) * y))(x * 2.0)

    x = onp.array([0.3, 0.8])
    return (
        ag.jacobian(inner_product)(x),
        ag.grad(lambda x: x * ag.grad(lambda y: x + y)(2.0))(1.0),
        ag.grad(lambda a: ag.deriv(lambda b: np.sin(a * b))(a * a))(0.7),
    )
