"""Cases of SciPy's linear algebra, convolution and differential equations."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .table import Case, cplx, real

NAMESPACE = "scipy.linalg"
I3 = onp.eye(3)
A, B = real(3, 3), real(3, 3, seed=2)
POSITIVE = A @ A.T + 3 * I3


def case(name: str, fun: Any, *args: Any, in_autograd: bool = False, single: bool = True) -> Case:
    return Case(name, fun, args, in_autograd, single, NAMESPACE)


def matrix_function_cases() -> list[Case]:
    cases = []
    for name in ("expm", "sinm", "cosm", "tanm", "sinhm", "coshm", "tanhm"):
        fun = lambda sl, a, name=name: getattr(sl, name)(0.5 * a)  # noqa: E731
        cases.append(case(name, fun, A, single=name == "expm"))
    near_identity = I3 + 0.2 * A
    return [
        *cases,
        case("expm", lambda sl, a: sl.expm(a), cplx(2, 2)),
        case("expm", lambda sl, a: sl.expm(a), real(2, 3, 3)),
        case("logm", lambda sl, a: sl.logm(a), near_identity, single=False),
        case("sqrtm", lambda sl, a: sl.sqrtm(a), near_identity, in_autograd=True, single=False),
        case("expm", lambda sl, a, e: sl.expm_frechet(a, e)[1], A, B),
    ]


def solving_cases() -> list[Case]:
    cases = []
    t, b = real(3, 3) + 3 * I3, real(3, 2)
    for trans in (0, 1, 2, "T"):
        for lower in (True, False):
            options: dict[str, Any] = {"trans": trans, "lower": lower}
            fun = lambda sl, a, b, options=options: sl.solve_triangular(a, b, **options)  # noqa: E731
            cases.append(case("solve_triangular", fun, t, b, in_autograd=trans != 2))
            cases.append(case("solve_triangular", fun, t, b[:, 0], in_autograd=trans != 2))
            cases.append(case("solve_triangular", fun, t + 0.5j * A, b - 0.3j))
    unit = lambda sl, a, b: sl.solve_triangular(a, b, lower=True, unit_diagonal=True)  # noqa: E731
    ab = real(4, 5) + onp.array([0, 0, 4, 0])[:, None]
    banded = lambda sl, ab, b: sl.solve_banded((1, 2), ab, b)  # noqa: E731
    sylvester = lambda sl, a, b, q: sl.solve_sylvester(a, b, q)  # noqa: E731
    return [
        *cases,
        case("solve_triangular", unit, t, b),
        case("solve_banded", banded, ab, real(5), in_autograd=True),
        case("solve_banded", banded, ab, real(5, 2), in_autograd=False),
        case("solve_banded", lambda sl, ab, b: sl.solve_banded((0, 1), ab, b), ab[1:3], real(5)),
        case("solve_sylvester", sylvester, t, B @ B.T + I3, A, in_autograd=True),
        case("solve_sylvester", sylvester, t, real(2, 2) + 2 * onp.eye(2), b),
        case("autodiff.numpy.linalg.solve", lambda sl, a, b: sl.solve(a, b), t, b),
        case(
            "autodiff.numpy.linalg.solve",
            lambda sl, a, b: sl.solve(a, b, transposed=True),
            t,
            b[:, 0],
        ),
        case(
            "solve_triangular",
            lambda sl, a, b: sl.solve(a, b, assume_a="lower triangular"),
            t,
            b,
        ),
        case(
            "autodiff.scipy.linalg.factorizations.unit_lower_factor",
            lambda sl, a: sl.lu(a)[1] + 2 * sl.lu(a, permute_l=True)[1],
            A,
        ),
    ]


WINDOWS = "autodiff.scipy.signal.correlate_windows"
SPECS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((5,), (3,), {}),
    ((3,), (5,), {"mode": "valid"}),
    ((4, 5), (2, 3), {"mode": "same"}),
    ((2, 4, 5), (3, 2, 2, 3), {"axes": ([1, 2], [2, 3]), "dot_axes": ([0], [1])}),
    ((6, 2, 4), (3, 5, 3), {"axes": ([0], [2]), "mode": "valid"}),
]


def convolution_cases() -> list[Case]:
    cases = []
    for left, right, options in SPECS:
        fun = lambda ss, a, b, options=options: ss.convolve(a, b, **options)  # noqa: E731
        args = (real(*left), real(*right, seed=2))
        cases.append(Case(WINDOWS, fun, args, True, True, "scipy.signal"))
    flat = {"axes": ([], []), "dot_axes": ([0], [0])}
    contract = lambda ss, a, b: ss.convolve(a, b, **flat)  # noqa: E731
    return [
        *cases,
        Case(WINDOWS, contract, (real(2, 3), real(2, 4)), False, True, "scipy.signal"),
        Case(WINDOWS, correlate, (cplx(5), cplx(3, seed=7)), False, True, "scipy.signal"),
    ]


def correlate(ss: Any, a: Any, b: Any) -> Any:
    return ss.correlate(a, b, "full")


INITIAL_VALUE = "autodiff.scipy.integrate.adjoint.solve_initial_value_problem"


def constant_rate(y: Any, t: Any, a: Any) -> Any:
    """A rate that every solver integrates without an error: rules can be checked to rounding."""
    return a + 0.0 * y


def equation_cases() -> list[Case]:
    t = onp.array([0.0, 0.4, 1.0])
    solve = lambda si, y0, a: si.odeint(constant_rate, y0, t, (a,))  # noqa: E731
    moving = lambda si, t: si.odeint(constant_rate, onp.ones(2), t, (1.5,))  # noqa: E731
    return [
        Case(INITIAL_VALUE, solve, (real(2), real(2, seed=4)), False, False, "scipy.integrate"),
        Case(INITIAL_VALUE, moving, (t,), False, False, "scipy.integrate"),
    ]


SOLVE_AT = "autodiff.scipy.sparse.linalg.solve_at"
NORMAL = "autodiff.scipy.stats.multivariate_normal"


def sparse_and_normal_cases() -> list[Case]:
    row, col = onp.array([0, 0, 1, 2, 2, 1]), onp.array([0, 1, 1, 2, 0, 1])
    spsolve = lambda sp, data, b: sp.linalg.spsolve(  # noqa: E731
        sp.coo_array((data, (row, col)), (3, 3)), b
    )
    cov = lambda f: f @ f.T + onp.eye(3, dtype=f.dtype)  # noqa: E731
    quadratic = lambda mn, d, f: mn.mahalanobis(d, cov(f))  # noqa: E731
    data = real(6, low=1, high=2)
    return [
        Case(SOLVE_AT, spsolve, (data, real(3)), False, True, "scipy.sparse"),
        Case(SOLVE_AT, spsolve, (data, real(3, 2)), False, True, "scipy.sparse"),
        Case(f"{NORMAL}.mahalanobis", quadratic, (real(2, 3), B), False, True, NORMAL[9:]),
        Case(f"{NORMAL}.mahalanobis", quadratic, (real(3), B), False, True, NORMAL[9:]),
        Case(
            f"{NORMAL}.log_determinant",
            lambda mn, f: mn.log_determinant(cov(f)),
            (B,),
            False,
            True,
            NORMAL[9:],
        ),
    ]


CASES = (
    matrix_function_cases()
    + solving_cases()
    + convolution_cases()
    + equation_cases()
    + sparse_and_normal_cases()
)
