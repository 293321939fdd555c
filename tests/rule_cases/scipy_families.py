"""Cases of SciPy's polynomials, power transforms, robust losses and elliptic integrals."""

from __future__ import annotations

import numpy as onp

from .scipy_special import case
from .table import Case, call, real

UNARY: dict[str, tuple[float, float]] = {
    "ellipkm1": (0.2, 0.8),
    "exprel": (-1.0, 1.0),
    "spence": (0.2, 0.8),
    "sindg": (-90.0, 90.0),
    "cosdg": (-90.0, 90.0),
    "tandg": (-40.0, 40.0),
    "wrightomega": (-1.0, 2.0),
}
DEGREES = ("chebyt", "chebyu", "legendre", "hermite", "hermitenorm", "laguerre")


def unary_cases() -> list[Case]:
    return [
        case(name, call(name), real(*shape, low=low, high=high), single=name != "exprel")
        for name, (low, high) in UNARY.items()
        for shape in ((), (3,), (2, 0))
    ]


def polynomial_cases() -> list[Case]:
    x = real(3, low=-0.9, high=0.9)
    n = onp.array([[0], [1], [4]])
    cases = []
    for name in DEGREES:
        fun = lambda sp, x, f=f"eval_{name}": getattr(sp, f)(n, x)  # noqa: E731
        cases.append(case(f"eval_{name}", fun, x, single=False))
    return [
        *cases,
        case("eval_legendre", lambda sp, x: sp.eval_legendre(3, x), 1.0, single=False),
        case("eval_gegenbauer", lambda sp, x: sp.eval_gegenbauer(n, 0.7, x), x, single=False),
        case("eval_genlaguerre", lambda sp, x: sp.eval_genlaguerre(n, 0.7, x), x, single=False),
        case("eval_jacobi", lambda sp, x: sp.eval_jacobi(n, 0.7, 1.2, x), x, single=False),
    ]


def transform_cases() -> list[Case]:
    x, lmbda = real(3, low=0.3, high=2.0), real(2, 1, low=0.4, high=1.5, seed=2)
    cases = []
    for name in ("boxcox", "boxcox1p", "inv_boxcox", "inv_boxcox1p", "powm1"):
        cases += [case(name, call(name), x, lmbda), case(name, call(name), 0.7, 0.6)]
        if name != "powm1":
            at_zero = lambda sp, x, f=name: getattr(sp, f)(x, 0.0)  # noqa: E731
            cases.append(case(name, at_zero, x))
    r = onp.array([-2.0, -0.3, 0.0, 0.4, 1.7])
    for name in ("huber", "pseudo_huber"):
        cases += [case(name, call(name), lmbda, r), case(name, call(name), 0.8, 1.3)]
    return cases


def several_operand_cases() -> list[Case]:
    phi, m = real(3, low=0.2, high=1.2), real(2, 1, low=0.2, high=0.8, seed=2)
    x = real(3, low=0.4, high=2.5)
    cases = [case(name, call(name), phi, m) for name in ("ellipkinc", "ellipeinc", "owens_t")]
    for name in ("struve", "modstruve"):
        for v in (0, 1.5):
            fun = lambda sp, x, f=name, v=v: getattr(sp, f)(v, x)  # noqa: E731
            cases.append(case(name, fun, x, single=False))
    for name in ("jve", "yve"):
        for v in (0, 2):
            fun = lambda sp, x, f=name, v=v: getattr(sp, f)(v, x)  # noqa: E731
            cases.append(case(name, fun, x, single=False))
    wright = lambda sp, x: sp.wright_bessel(0.5, 1.2, x)  # noqa: E731
    return [*cases, case("wright_bessel", wright, x, single=False)]


CASES = unary_cases() + polynomial_cases() + transform_cases() + several_operand_cases()
