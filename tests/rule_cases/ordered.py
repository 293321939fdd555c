"""Cases of what puts entries in order, chooses them, and works with their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .table import Case, call, cplx, real

PERMUTE = "autodiff.numpy.ordering.permute_along_axis"


def _ours(name: str, fun: Any, *args: Any, keeps_float32: bool = True) -> Case:
    return Case(name, fun, args, False, keeps_float32)


def ordering_cases() -> list[Case]:
    x, v = real(3, 4), real(6)
    return [
        Case(PERMUTE, call("sort"), (v,)),
        Case("partition", call("partition", 2), (v,)),
        _ours("sort", call("sort"), x),
        _ours("sort", call("sort", axis=0, kind="stable"), x),
        _ours("sort", call("sort", axis=None), x),
        _ours("sort", lambda xp, x: xp.flip(xp.sort(x, axis=-1), -1), x),
        _ours("sort", call("sort"), cplx(5)),
        _ours("sort", call("sort", axis=1), real(2, 0)),
        _ours("sort_complex", call("sort_complex"), cplx(4)),
        _ours("partition", call("partition", (1, 2), axis=0), x),
        _ours("partition", call("partition", 3, axis=None), x),
        _ours("unique", call("unique"), x),
    ]


def unique_cases() -> list[Case]:
    counted = lambda xp, x: xp.multiply(*xp.unique(x, return_counts=True))  # noqa: E731
    cases = [_ours("unique", counted, real(3), keeps_float32=False)]
    if hasattr(onp, "unique_values"):
        cases.append(_ours("unique_values", call("unique_values"), real(3)))
    return cases


def selection_cases() -> list[Case]:
    x, y = real(3, 4), real(3, 4, seed=2)
    rows = onp.array([[0, 2, 2], [1, 1, 3], [3, 0, 1]])
    which = onp.array([0, 1, 1, 0])
    return [
        _ours("take", call("take", [[0, 5], [11, 5]]), x),
        _ours("take", call("take", [2, 0, 2], axis=0), x),
        _ours("take", call("take", -1, axis=-1), x),
        _ours("take", call("take", [5, -6], axis=1, mode="wrap"), x),
        _ours("take", call("take", [9, -9], 1, mode="clip"), x),
        _ours("take_along_axis", call("take_along_axis", rows, 1), x),
        _ours("take_along_axis", call("take_along_axis", rows[:1, [0, 1, 2, 0]] % 3, axis=-2), x),
        _ours("take_along_axis", call("take_along_axis", onp.array([3, 3]), axis=None), x),
        _ours("choose", lambda xp, x, y: xp.choose(which, [x, y]), x, y),
        _ours("choose", lambda xp, x: xp.choose(which + 1, [x, 2 * x], mode="wrap"), x),
        _ours("compress", lambda xp, x: xp.compress([True, False, True], x, axis=0), x),
        _ours("compress", lambda xp, x: xp.compress([False, True, True], x), x),
        _ours("extract", lambda xp, x: xp.extract(x > 0, x), x),
        Case("select", lambda xp, x: xp.select([x > 0.5, x > 0], [x, x**2], 1.0), (x,)),
        _ours("select", lambda xp, x, y: xp.select([x > 0, x > 5], [x, 2.0], y), x, y),
        _ours(
            "piecewise",
            lambda xp, x: xp.piecewise(x, [x < 0, x > 0.5], [xp.sin, lambda s: s**2, xp.exp]),
            x,
        ),
        _ours("piecewise", lambda xp, x: xp.piecewise(x, x < 0, [lambda s: -s, 1.0]), real(4)),
        _ours("piecewise", lambda xp, x: xp.piecewise(x, [x < 9], [xp.sin]), real()),
    ]


def difference_cases() -> list[Case]:
    x, f = onp.array([0.0, 0.4, 0.9, 1.7]), real(3, 4)
    return [
        Case("diff", call("diff"), (f,)),
        Case("diff", call("diff", n=2, axis=0), (f,)),
        _ours("diff", call("diff", n=0), f),
        _ours("diff", lambda xp, f, a: xp.diff(f, prepend=a, append=a), f, 0.5),
        _ours("diff", lambda xp, f, a: xp.diff(f, 2, 0, a), f, real(1, 4)),
        _ours("ediff1d", call("ediff1d"), f),
        _ours("ediff1d", lambda xp, f, a: xp.ediff1d(f, to_end=[1.0, 2.0], to_begin=a), f, 0.3),
        _ours("trapezoid", call("trapezoid", dx=0.5), f),
        _ours("trapezoid", lambda xp, f, x: xp.trapezoid(f, x), f, x),
        _ours("trapezoid", lambda xp, f, x: xp.trapezoid(f, x, axis=0), f, f + 1),
        Case("gradient", call("gradient"), (x,)),
        Case("gradient", call("gradient", axis=-1), (f,)),
        _ours("gradient", lambda xp, f: sum(xp.gradient(f)), f),
        _ours("gradient", lambda xp, f, h: xp.gradient(f, h, axis=0, edge_order=2), f, 0.5),
        _ours("gradient", lambda xp, f, x: xp.gradient(f, x, axis=1), f, x),
        _ours("gradient", lambda xp, f, x: xp.gradient(f, x, axis=1, edge_order=2), f, x),
        _ours("gradient", lambda xp, f, x: sum(xp.gradient(f, 0.5, x, edge_order=2)), f, x),
    ]


def signal_cases() -> list[Case]:
    cases = []
    for n, m in ((5, 3), (3, 5), (4, 4), (5, 1), (5, 2), (2, 6)):
        for mode in ("full", "same", "valid"):
            for name in ("convolve", "correlate"):
                cases.append(_ours(name, call(name, mode), real(n), real(m, seed=2)))
    cases.append(_ours("convolve", call("convolve"), cplx(4), cplx(2, seed=6)))
    cases.append(_ours("correlate", call("correlate", mode="full"), cplx(4), cplx(2, seed=6)))
    xp_, fp = onp.array([-1.0, -0.2, 0.5, 1.1]), real(4, seed=3)
    x = onp.array([[-1.3, -0.7, 0.1], [0.4, 0.9, 1.4]])
    single = {"keeps_float32": False}
    return [
        *cases,
        _ours("interp", call("interp"), x, xp_, fp, **single),
        _ours("interp", call("interp"), 0.3, xp_, fp, **single),
        _ours("interp", call("interp", left=0.5, right=-0.5), x, xp_, fp, **single),
        _ours(
            "interp", lambda xp, a, b: xp.interp(x, xp_, fp, left=a, right=b), 0.1, 2.0, **single
        ),
        _ours("interp", call("interp", period=1.7), x, xp_, fp, **single),
        _ours("interp", lambda xp, f: xp.interp(x, xp_, f), cplx(4), **single),
        _ours("interp", lambda xp, f: xp.interp(x, [0.0], f), real(1), **single),
    ]


CASES = ordering_cases() + unique_cases() + selection_cases() + difference_cases() + signal_cases()
