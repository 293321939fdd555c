"""Cases of SciPy's special functions."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .table import Case, call, cplx, real

NAMESPACE = "scipy.special"
AUTOGRADS = {
    *("gamma", "gammaln", "rgamma", "psi", "digamma", "j0", "j1", "y0", "y1", "i0", "i1"),
    *("erf", "erfc", "erfinv", "erfcinv", "expit", "logit"),
}
UNARY: dict[str, tuple[float, float]] = {
    **dict.fromkeys(["gamma", "gammaln", "rgamma", "psi", "digamma", "loggamma"], (0.6, 3.0)),
    **dict.fromkeys(["j0", "j1", "i0", "i1", "i0e", "i1e"], (-2.0, 2.0)),
    **dict.fromkeys(["y0", "y1", "k0", "k1", "k0e", "k1e"], (0.6, 3.0)),
    **dict.fromkeys(["erf", "erfc", "erfi", "erfcx", "dawsn"], (-1.5, 1.5)),
    **dict.fromkeys(["ndtr", "log_ndtr", "expit", "log_expit"], (-3.0, 3.0)),
    **dict.fromkeys(["logit", "ndtri", "ellipk", "ellipe"], (0.15, 0.85)),
    **dict.fromkeys(["exp1", "expi", "entr"], (0.4, 2.0)),
    **dict.fromkeys(["expm1", "exp2", "exp10", "log1p", "cosm1"], (-0.7, 1.0)),
    "cbrt": (0.5, 2.0),
    "erfinv": (-0.8, 0.8),
    "erfcinv": (0.3, 1.7),
}


def unary_cases() -> list[Case]:
    cases = []
    for name, (low, high) in UNARY.items():
        for shape in ((), (3,), (2, 0)):
            x = real(*shape, low=low, high=high)
            cases.append(Case(name, call(name), (x,), name in AUTOGRADS, True, NAMESPACE))
    for name in ("erf", "expi", "exp1"):
        cases.append(Case(name, call(name), (cplx(3) + 2,), False, False, NAMESPACE))
    return cases


def case(name: str, fun: Any, *args: Any, in_autograd: bool = False, single: bool = True) -> Case:
    return Case(name, fun, args, in_autograd, single, NAMESPACE)


def two_operand_cases() -> list[Case]:
    shapes: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((), (3,)), ((2, 1), (3,)), ((), ())]
    cases = []
    for left, right in shapes:
        a, b = real(*left, low=0.6, high=2.5), real(*right, low=0.4, high=0.9, seed=2)
        names = ["beta", "betaln", "binom", "poch", "xlogy", "xlog1py", "rel_entr", "kl_div"]
        for name in names:
            cases.append(case(name, call(name), a, b, in_autograd=name in ("beta", "betaln")))
        for name in ("gammaincinv", "gammainccinv", "stdtrit"):
            fun = lambda sp, y, name=name, a=a: getattr(sp, name)(a, y)  # noqa: E731
            cases.append(case(name, fun, b, single=False))
        for name in ("gammainc", "gammaincc", "stdtr", "zeta"):
            shift = 1.5 if name == "zeta" else 0.0
            fun = lambda sp, x, name=name, a=a + shift: getattr(sp, name)(a, x)  # noqa: E731
            known = name.startswith("gamma")
            cases.append(case(name, fun, b, in_autograd=known, single=False))
        for name in ("betainc", "betaincc", "betaincinv", "betainccinv"):
            fun = lambda sp, x, name=name, a=a: getattr(sp, name)(a, 1.4, x)  # noqa: E731
            cases.append(case(name, fun, b, in_autograd=name == "betainc", single=False))
    x, a = real(3, low=0.2, high=0.8), onp.array([0.7, 1.9, 4.0])
    for name in ("gammainc", "gammaincc", "gammaincinv", "gammainccinv"):
        cases.append(case(name, call(name), a, x))
    derivative = lambda sp, a, x: sp.incomplete_gamma.gammainc_derivative(a, x, 1)  # noqa: E731
    cases.append(case("incomplete_gamma.gammainc_derivative", derivative, a, 4 * x))
    b = onp.array([2.3, 0.6, 1.4])
    for name in ("betainc", "betaincc", "betaincinv", "betainccinv"):
        cases.append(case(name, call(name), a, b, x))
    mixed = lambda sp, a, b, x: sp.incomplete_beta.betainc_derivative(a, b, x, 1, 1)  # noqa: E731
    cases.append(case("incomplete_beta.betainc_derivative", mixed, a, b, x))
    for name in ("stdtr", "stdtrit"):
        cases.append(case(name, call(name), a, x))
    for name in ("gammainc", "gammaincc", "gammaincinv", "stdtr"):
        fun = lambda sp, x, name=name: getattr(sp, name)(onp.full(3, 1.3, x.dtype), x)  # noqa: E731
        cases.append(case(name, fun, x))
    fun = lambda sp, x: sp.betainc(onp.full(3, 1.3, x.dtype), onp.full(3, 0.7, x.dtype), x)  # noqa: E731
    return [*cases, case("betainc", fun, x)]


def order_cases() -> list[Case]:
    cases = []
    known = {"jn", "yn", "iv", "ive"}
    for name in ("jv", "jn", "yv", "yn", "iv", "ive", "kv", "kve", "kn"):
        for n in (0, 2):
            fun = lambda sp, x, name=name, n=n: getattr(sp, name)(n, x)  # noqa: E731
            x = real(3, low=0.6, high=3)
            cases.append(case(name, fun, x, in_autograd=name in known and n > 0, single=False))
    for n in (0, 1, 3):
        fun = lambda sp, x, n=n: sp.expn(n, x)  # noqa: E731
        cases.append(case("expn", fun, real(3, low=0.6, high=2), single=False))
        fun = lambda sp, x, n=n: sp.polygamma(n, x)  # noqa: E731
        cases.append(
            case("polygamma", fun, real(3, low=0.6, high=3), in_autograd=True, single=False)
        )
    return cases


def other_cases() -> list[Case]:
    x = real(3, low=0.2, high=0.7)
    return [
        case(
            "multigammaln", lambda sp, a: sp.multigammaln(a, 3), real(low=2, high=4), single=False
        ),
        case("multigammaln", lambda sp, a: sp.multigammaln(a, 3), x + 2, single=False),
        case("lambertw", lambda sp, x: sp.lambertw(x), x, single=False),
        case("hyp2f1", lambda sp, z: sp.hyp2f1(0.7, 1.3, 2.1, z), x, single=False),
        case("hyp1f1", lambda sp, z: sp.hyp1f1(0.7, 1.3, z), x, single=False),
        case("hyp0f1", lambda sp, z: sp.hyp0f1(1.3, z), x),
        case("hyperu", lambda sp, z: sp.hyperu(0.7, 1.3, z), x + 1),
        case("xlogy", lambda sp, y: sp.xlogy(0, y), onp.array([0.3, 2.0]), single=False),
        case("binom", lambda sp, n: sp.comb(n, [2, 3, 9]), x + 4, single=False),
        case("gamma", lambda sp, n: sp.factorial(n), x),
    ]


SUM = "autodiff.scipy.special.sums.log_abs_sum_exp"


def sum_cases() -> list[Case]:
    x = real(2, 3)
    cases = [case("softmax", call("softmax"), x), case("log_softmax", call("log_softmax"), x)]
    for options in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)}):
        cases.append(case(SUM, call("logsumexp", **options), x, in_autograd="axis" in options))
        if "keepdims" not in options:
            cases.append(case("softmax", call("softmax", **options), x))
            cases.append(case("log_softmax", call("log_softmax", **options), x))
    signed = onp.array([1.5, -0.3, 0.4])
    weighted = lambda sp, a, b: sp.logsumexp(a, 1, b=b)  # noqa: E731
    negative = lambda sp, a, b: sp.logsumexp(a, 1, b, return_sign=True)[0]  # noqa: E731
    return [
        *cases,
        case(SUM, call("logsumexp"), real()),
        case(SUM, call("logsumexp", axis=0), real(2, 0)),
        case(SUM, weighted, x, onp.array([1.5, 0.3, 0.4])),
        case(SUM, weighted, x, onp.array([[0.5], [0.3]])),
        case(SUM, negative, 0.1 * x, -signed),
        case("softmax", call("softmax", axis=0), real(0, 2)),
        case("log_softmax", call("log_softmax", axis=-1), real(2, 0)),
    ]


CASES = unary_cases() + two_operand_cases() + order_cases() + other_cases() + sum_cases()
