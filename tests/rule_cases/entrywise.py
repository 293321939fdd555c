"""Cases of functions that work entry by entry: signs, fractions, limits, corners."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .table import POSITIVE, Case, call, cplx, real

SPECIAL, ROUNDING = "autodiff.numpy.special", "autodiff.numpy.rounding"
FINITE = "autodiff.numpy.nan_functions._nan_to_num"


def _ours(name: str, fun: Any, *args: Any, keeps_float32: bool = True) -> Case:
    return Case(name, fun, args, False, keeps_float32)


def sinc_and_i0_cases() -> list[Case]:
    def derivative(order: int) -> Any:
        from autodiff.numpy.special import sinc_derivative

        def fun(xp: Any, x: Any) -> Any:
            value = xp.sinc(x)
            for n in range(1, order + 1):
                value = sinc_derivative(x, n, value)
            return value

        return fun

    def bessel(order: int) -> Any:
        from autodiff.numpy.special import bessel_i

        return lambda xp, x: bessel_i(x, order)

    x = onp.array([-2.3, -1.0, -0.4, 0.2, 0.9, 1.7, 3.1])
    cases = [Case("sinc", call("sinc"), (x,)), Case("sinc", call("sinc"), (0.3,))]
    cases += [_ours("sinc", call("sinc"), onp.array([0.0, 1e-9, -1e-4]))]
    cases += [_ours(f"{SPECIAL}.sinc_derivative", derivative(n), x) for n in (1, 2, 3)]
    cases += [_ours(f"{SPECIAL}.bessel_i", bessel(n), x) for n in (0, 1, 2)]
    cases += [_ours(f"{SPECIAL}._i0", call("i0"), x)]
    return cases


def one_operand_cases() -> list[Case]:
    x = real(2, 3, low=-3, high=3)
    broken = onp.array([onp.nan, 1.5, onp.inf, -onp.inf, -0.5])
    return [
        Case("angle", lambda xp, x: xp.angle(x, deg=True), (cplx(3),), False),
        Case("real_if_close", call("real_if_close"), (x,), False),
        _ours("real_if_close", call("real_if_close"), cplx(3)),
        _ours("real_if_close", lambda xp, x: xp.real_if_close(x + 0j), x),
        _ours("unwrap", call("unwrap"), real(5, low=-9, high=9)),
        _ours("unwrap", call("unwrap", axis=0, period=2.0), real(4, 2, low=-9, high=9)),
        Case(FINITE, call("nan_to_num"), (x,), True),
        _ours("nan_to_num", call("nan_to_num", nan=2.0, posinf=3.0, neginf=-4.0), broken),
        _ours("nan_to_num", call("nan_to_num"), cplx(3)),
        _ours(f"{ROUNDING}.fraction", lambda xp, x: xp.modf(x)[0], x),
        _ours("modf", lambda xp, x: xp.modf(x)[0] * xp.modf(x)[1], x),
        _ours("frexp", lambda xp, x: xp.frexp(x)[0], x),
        _ours("ldexp", lambda xp, x: xp.ldexp(x, onp.array([[1], [-2], [0]])), real(3)),
        _ours("divmod", lambda xp, x: xp.divmod(x, 0.7)[1] * xp.divmod(x, 0.7)[0], x),
    ]


def two_operand_cases() -> list[Case]:
    cases = []
    for name in ("logaddexp2", "float_power", "copysign", "fmod"):
        for left, right in [((), ()), ((3,), ()), ((1, 3), (4, 1)), ((0, 3), (1, 3))]:
            x, y = real(*left, **POSITIVE), real(*right, **POSITIVE, seed=2)
            single = name != "float_power"
            cases.append(Case(name, call(name), (x, y), name == "logaddexp2", single))
    signed = real(4), real(4, seed=2)
    cases += [
        _ours("copysign", call("copysign"), *signed),
        _ours("fmod", call("fmod"), *signed),
        _ours("remainder", call("remainder"), *signed),
        _ours("heaviside", call("heaviside"), real(3), real(3, seed=2)),
        _ours("heaviside", lambda xp, h: xp.heaviside(h * 0, h), real(3)),
        _ours("float_power", call("float_power"), cplx(3), cplx(3, seed=6), keeps_float32=False),
    ]
    return cases


def clip_cases() -> list[Case]:
    x = real(2, 3)
    low, high = real(3, low=-0.6, high=-0.2), real(2, 1, low=0.2, high=0.6)
    return [
        _ours("clip", call("clip"), x, low, high),
        _ours("clip", lambda xp, x, low: xp.clip(x, low, None), x, -0.3),
        _ours("clip", lambda xp, x, high: xp.clip(x, None, high), real(), high),
        _ours("clip", lambda xp, x, low, high: xp.clip(x, a_min=low, a_max=high), x, low, 0.25),
        _ours("clip", lambda xp, x, low, high: xp.clip(x, min=low, max=high), x, low, high),
        _ours("clip", lambda xp, low: xp.clip(x, low, [0.5, 0.4, 0.3]), low, keeps_float32=False),
        _ours(
            "clip", lambda xp, low, high: xp.clip(0.1, high, low), low, high, keeps_float32=False
        ),
    ]


CASES = sinc_and_i0_cases() + one_operand_cases() + two_operand_cases() + clip_cases()
