"""Cases of polynomials, and of functions applied along axes and entry by entry."""

from __future__ import annotations

import numpy as onp

from .table import Case, call, cplx, real

P, Q, Q4 = real(4), real(3, seed=2), real(4, seed=2)


def polynomial_cases() -> list[Case]:
    well_apart = onp.array([1.0, -2.1, -1.3, 2.0])
    return [
        Case("vander", call("vander"), (P,), False, False),
        Case("vander", call("vander", 3, increasing=True), (P,), False, False),
        Case("polyval", call("polyval"), (P, real(2, 3)), False),
        Case("polyval", lambda xp, x: xp.polyval([1.0, 0.0, 2.0], x=x), (real(),), False, False),
        Case("polyadd", call("polyadd"), (P, Q), False),
        Case("polysub", call("polysub"), (Q, P), False),
        Case("polymul", call("polymul"), (P, Q), False),
        Case("polymul", call("polymul"), (real(), cplx(2)), False),
        Case("polydiv", lambda xp, u, v: xp.polydiv(u, v)[0], (P, Q), False),
        Case("polydiv", lambda xp, u, v: xp.polydiv(u, v)[1], (P, Q), False),
        Case("polydiv", lambda xp, u, v: xp.polydiv(u, v)[1], (Q, P), False),
        Case("polydiv", lambda xp, u, v: xp.polydiv(u, v)[0], (P, real(1)), False),
        Case("polyder", call("polyder"), (P,), False, False),
        Case("polyder", call("polyder", 2), (P,), False, False),
        Case("polyint", call("polyint"), (P,), False, False),
        Case("polyint", lambda xp, p, k: xp.polyint(p, m=2, k=k), (P, real(2)), False, False),
        Case("poly", call("poly"), (P,), False),
        Case("poly", lambda xp, r: xp.poly([r, xp.conj(r)]), (cplx(),), False),
        Case("poly", call("poly"), (cplx(3),), False),
        Case("roots", call("roots"), (well_apart,), False),
        Case("roots", call("roots"), (onp.array([1.0, 0.3, 2.0, 0.5]),), False),
        Case("polyfit", call("polyfit", 2), (real(5), real(5, seed=2)), False, False),
        Case(
            "polyfit",
            lambda xp, x, w: xp.polyfit(x, real(5, 2), 1, w=w),
            (real(5), real(5, low=0.5, seed=3)),
            False,
            False,
        ),
    ]


def mapping_cases() -> list[Case]:
    m = real(3, 4)
    return [
        Case(
            "apply_along_axis",
            lambda xp, x: xp.apply_along_axis(lambda r: xp.stack([r * r, r]), 0, x),
            (m,),
            False,
        ),
        Case("apply_along_axis", lambda xp, x: xp.apply_along_axis(xp.sum, -1, x), (m,), False),
        Case("apply_over_axes", lambda xp, x: xp.apply_over_axes(xp.sum, x, [0, -1]), (m,), False),
        Case("fromiter", lambda xp, x: xp.fromiter((v * v for v in x), float), (P,), False, False),
        Case("vectorize", lambda xp, x, y: xp.vectorize(_kinked)(x, y), (m, Q4), False),
        Case("vectorize", lambda xp, x, y: xp.vectorize(_kinked)(x, b=y), (m, Q4), False),
        Case(
            "vectorize",
            lambda xp, x, y: xp.vectorize(xp.dot, signature="(n),(n)->()")(x, y),
            (m, P),
            False,
        ),
    ]


def _kinked(a: float, b: float) -> float:
    return a * b if a > b else b - a * a


CASES = polynomial_cases() + mapping_cases()
