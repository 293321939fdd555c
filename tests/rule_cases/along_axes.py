"""Cases of reductions, running sums, quantiles and statistics beside the basic ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .table import POSITIVE, Case, call, cplx, real

MASK = onp.array([[True, False, True], [False, True, True]])
GAPS = onp.array([[0.3, onp.nan, -1.2], [0.7, 0.9, onp.nan]])
OTHERS, SPREAD = (
    f"autodiff.numpy.reductions.{name}" for name in ("products_of_others", "spread_from")
)
RECURRENCE = "autodiff.numpy.cumulative.linear_recurrence"


def _ours(name: str, fun: Any, *args: Any, keeps_float32: bool = True) -> Case:
    return Case(name, fun, args, False, keeps_float32)


def masked_cases() -> list[Case]:
    x = real(2, 3)
    cases = []
    for options in ({}, {"axis": 1}, {"axis": -1, "keepdims": True}, {"axis": (0, 1)}):
        for name in ("sum", "mean", "prod", "var", "std"):
            cases.append(_ours(name, call(name, where=MASK, **options), x))
        for name in ("max", "min"):
            start = -5.0 if name == "max" else 5.0
            cases.append(_ours(name, call(name, where=MASK, initial=start, **options), x))
    return [
        *cases,
        _ours("prod", call("prod", axis=0, initial=3.0), x),
        _ours("prod", lambda xp, x: xp.prod(x, 0, float), x, keeps_float32=False),
        _ours("max", call("max", axis=1, initial=0.5), x),
        _ours("mean", lambda xp, x: xp.mean([x[0], 2 * x[1]], 0), x),
        _ours("std", lambda xp, x: xp.std([x[0], 2 * x[1]]), x),
        _ours("var", lambda xp, x: xp.var(x, 0, float), x, keeps_float32=False),
        _ours("var", lambda xp, x: xp.var(x, 1, mean=xp.mean(x, 1, keepdims=True)), x),
        _ours("std", lambda xp, x, m: xp.std(x, mean=m, correction=1), x, 0.3),
        _ours("var", call("var", axis=0, correction=0.5), cplx(3, 2)),
        _ours("ptp", call("ptp"), x),
        _ours("ptp", call("ptp", axis=-1, keepdims=True), x),
        _ours("ptp", call("ptp", axis=(0, 1)), x),
    ]


def nan_cases() -> list[Case]:
    cases = []
    for options in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}):
        for name in ("sum", "mean", "prod", "var", "std", "max", "min", "median"):
            shown = GAPS if name not in ("var", "std") else onp.vstack([GAPS, GAPS[::-1] + 0.4])
            cases.append(_ours(f"nan{name}", call(f"nan{name}", **options), shown))
        several = call("nanquantile", [0.2, 0.9], **options)
        cases.append(_ours("nanquantile", several, GAPS, keeps_float32=False))
    return [
        *cases,
        _ours("nansum", call("nansum", where=MASK, initial=1.0), GAPS),
        _ours("nanmax", call("nanmax", axis=1, initial=0.5), GAPS),
        _ours("nanpercentile", call("nanpercentile", 30.0, axis=1), GAPS),
        _ours("nanvar", call("nanvar", axis=1, ddof=0.5), GAPS),
        _ours("nancumsum", call("nancumsum"), GAPS),
        _ours("nancumsum", call("nancumsum", axis=1), GAPS),
        _ours("nancumprod", call("nancumprod", axis=0), GAPS),
    ]


def cumulative_cases() -> list[Case]:
    def recurrence(xp: Any, a: Any, b: Any) -> Any:
        from autodiff.numpy.cumulative import linear_recurrence

        return linear_recurrence(a, b)

    def others(xp: Any, x: Any) -> Any:
        from autodiff.numpy.reductions import products_of_others

        return products_of_others(x, xp.prod(x, -1, keepdims=True), -1)

    def spread(kept: tuple[int, ...], shape: tuple[int, ...]) -> Callable[..., Any]:
        from autodiff.numpy.reductions import spread_from

        return lambda xp, g: spread_from(g, kept, shape)

    x = real(3, 4)
    cases = [
        _ours(SPREAD, spread((1, 1), (2, 3)), real()),
        _ours(SPREAD, spread((2, 1), (2, 3)), real(2)),
        _ours(SPREAD, spread((1, 3), (500, 3)), real(1, 3)),
        _ours(SPREAD, spread((), ()), real()),
    ]
    cases += [_ours(OTHERS, others, real(*shape)) for shape in ((5,), (2, 4), (2, 0), (1,))]
    cases += [
        Case(RECURRENCE, recurrence, (real(*shape), real(*shape, seed=2)), False)
        for shape in ((5,), (2, 4), (2, 0), (1,))
    ]
    for options in ({}, {"axis": 0}, {"axis": -1}):
        cases.append(_ours("cumprod", call("cumprod", **options), x))
    cases += [
        _ours("cumprod", lambda xp, x: xp.cumprod(x * [0.0, 1, 0, 2], 1), x, keeps_float32=False),
        _ours("cumprod", lambda xp, x: xp.cumprod(x, 0, float), x, keeps_float32=False),
        _ours("cumprod", call("cumprod"), cplx(4)),
        _ours("cumprod", call("cumprod"), real()),
        _ours("cumprod", call("cumprod", axis=1), real(2, 0)),
        _ours("cumsum", lambda xp, x: xp.cumsum(x, 1, float), x, keeps_float32=False),
        _ours("cumsum", call("cumsum"), real()),
        _ours("cumsum", call("cumsum", axis=-1), cplx(2, 3)),
    ]
    for name in ("cumulative_sum", "cumulative_prod"):
        if hasattr(onp, name):
            cases += [
                _ours(name, call(name), real(3)),
                _ours(name, call(name, axis=-1, include_initial=True), x),
                _ours(name, call(name, axis=0, include_initial=True), x),
            ]
    return cases


METHODS = [
    "averaged_inverted_cdf",
    "closest_observation",
    "hazen",
    "higher",
    "interpolated_inverted_cdf",
    "inverted_cdf",
    "linear",
    "lower",
    "median_unbiased",
    "midpoint",
    "nearest",
    "normal_unbiased",
    "weibull",
]


def quantile_cases() -> list[Case]:
    x = real(3, 5)
    cases = [_ours("quantile", call("quantile", 0.55, 1, method=m), x) for m in METHODS]
    table = [[10.0, 50.0], [75.0, 100.0]]
    for options in ({}, {"axis": 0}, {"axis": (0, -1), "keepdims": True}, {"axis": -1}):
        cases += [
            _ours("median", call("median", **options), x),
            _ours("median", call("median", **options), real(2, 2, 3)),
            Case("percentile", call("percentile", table, **options), (x,), False, False),
            _ours("quantile", call("quantile", 0.3, **options), x),
        ]
    return [*cases, _ours("median", call("median"), real())]


def statistics_cases() -> list[Case]:
    x, w = real(3, 4), real(3, 4, **POSITIVE, seed=2)
    row = real(4, **POSITIVE, seed=3)
    covariances: list[tuple[str, Any, tuple[Any, ...]]] = [
        ("cov", call("cov"), (x,)),
        ("cov", lambda xp, x, y: xp.cov(x, y, rowvar=False, bias=True), (x, w)),
        ("cov", call("cov", ddof=0), (row,)),
        ("cov", lambda xp, x, w: xp.cov(x, aweights=w), (x, row)),
        ("cov", call("cov", fweights=[1, 2, 0, 3], aweights=row), (x,)),
        ("cov", call("cov"), (cplx(2, 4),)),
        ("corrcoef", call("corrcoef"), (x,)),
        ("corrcoef", call("corrcoef", rowvar=False), (x,)),
        ("corrcoef", lambda xp, x, y: xp.corrcoef(x, y), (row, real(4))),
    ]
    return [
        _ours("average", call("average"), x),
        _ours("average", call("average", axis=1, keepdims=True), x),
        _ours("average", lambda xp, x, w: xp.average(x, weights=w), x, w),
        _ours("average", lambda xp, x, w: xp.average(x, 0, w), x, w),
        _ours("average", lambda xp, x, w: xp.average(x, axis=-1, weights=w), x, row),
        _ours("average", lambda xp, x, w: xp.average(x, (1, 0), xp.transpose(w)), x, w),
        _ours("average", lambda xp, x, w: sum(xp.average(x, 1, w, returned=True)), x, row),
        _ours("average", lambda xp, x: xp.average(x, -1, [1, 2, 0.5, 1]), x, keeps_float32=False),
        *[Case(name, fun, args, False, False) for name, fun, args in covariances],
    ]


CASES = masked_cases() + nan_cases() + cumulative_cases() + quantile_cases() + statistics_cases()
