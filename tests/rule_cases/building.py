"""Cases of the functions that build arrays: joined, split, padded, filled, edited, repeated."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .table import POSITIVE, Case, call, cplx, real

M, V = real(3, 4), real(4)


def _parts(result: Any) -> list[Any]:
    """The parts of a split, made different from one another."""
    return [(k + 1.5) * part for k, part in enumerate(result)]


def joining_cases() -> list[Case]:
    known = [
        ("vstack", lambda xp, x: xp.vstack([x, 2 * x, onp.ones((1, 4))]), M),
        ("hstack", lambda xp, x: xp.hstack((x, x * x)), M),
        ("dstack", lambda xp, x: xp.dstack([x, x * x]), M),
        ("dstack", lambda xp, x: xp.dstack([x, 2 * x]), V),
        ("column_stack", lambda xp, x: xp.column_stack([x, onp.ones((4, 2)), x * x]), V),
        ("stack", lambda xp, x: xp.stack([x, x * x], axis=-1), M),
        ("append", lambda xp, x: xp.append(x, x[:1] ** 2, axis=0), M),
        ("append", lambda xp, x: xp.append(x, [1.0, 2.0]), M),
    ]
    with_doubles = (0, 4, 7)  # float64 constants among the parts
    ours = [
        ("array", lambda xp, x: xp.array([[x[0, 0], 1], [2, x[1, 1] ** 2]], ndmin=3), M),
        ("array", lambda xp, x: xp.array([x[0], [1.0, 2.0, 3.0, x[1, 1]]]), M),
        ("array", lambda xp, x: xp.array(x, copy=True, ndmin=3), M),
        ("array", lambda xp, x: xp.array([(x[0], x[1]), (x[2], 2 * x[0])]), M),
        ("asarray", lambda xp, x: xp.asarray([x, x], order="F"), M),
        ("asarray", lambda xp, x: xp.asanyarray(x) * xp.asarray_chkfinite(x), M),
        ("require", lambda xp, x: xp.require(x, requirements=["F", "W"]), M),
        ("block", lambda xp, x: xp.block([[x, x[:, :1] ** 2], [onp.ones((2, 5))]]), M),
        ("block", lambda xp, x: xp.block([x, 2 * x, 1.0]), V),
        ("block", lambda xp, x: xp.block(x), V),
        ("r_", lambda xp, x: xp.r_[x, 0, 1:3, x[0]], V),
        ("r_", lambda xp, x: xp.r_["-1,2,0", x, x**2], V),
        ("r_", lambda xp, x: xp.r_["0,2", x, x**2], V),
        ("r_", lambda xp, x: xp.r_["1", x, x**2], M),
        ("r_", lambda xp, x: xp.r_[x[0] : x[1] : 4j, x], V),
        ("c_", lambda xp, x: xp.c_[x, onp.ones(4), x**2], V),
        ("c_", lambda xp, x: xp.c_[x, x**2], M),
        (
            "concatenate",
            lambda xp, x: xp.concatenate(arrays=[x, x]) if False else xp.concat([x]),
            M,
        ),
        ("concatenate", lambda xp, x: xp.concatenate([x, x**2], axis=1, dtype=complex), M),
        ("stack", lambda xp, x: xp.stack((x, x), dtype=complex, casting="safe"), M),
    ]
    return [
        *(
            Case(name, fun, (x,), True, k not in with_doubles)
            for k, (name, fun, x) in enumerate(known)
        ),
        *(Case(name, fun, (x,), False, False) for name, fun, x in ours),
        Case("hstack", lambda xp, x, y: xp.hstack([x, 1.0, y]), (real(), V), False, False),
    ]


def splitting_cases() -> list[Case]:
    join = lambda fun: lambda xp, x: xp.hstack([xp.ravel(p) for p in _parts(fun(xp, x))])  # noqa: E731
    x3 = real(2, 4, 6)
    known = [
        ("split", lambda xp, x: xp.split(x, 2, axis=1), M),
        ("split", lambda xp, x: xp.split(x, [1, 3]), V),
        ("array_split", lambda xp, x: xp.array_split(x, 3), V),
        ("hsplit", lambda xp, x: xp.hsplit(x, 2), M),
        ("vsplit", lambda xp, x: xp.vsplit(x, 3), M),
        ("dsplit", lambda xp, x: xp.dsplit(x, [2, 5]), x3),
    ]
    ours = [
        ("hsplit", lambda xp, x: xp.hsplit(x, 2), V),
        ("array_split", lambda xp, x: xp.array_split(x, 3, axis=-1), M),
        ("split", lambda xp, x: xp.split(ary=x, indices_or_sections=[-1], axis=-2), M),
    ]
    if hasattr(onp, "unstack"):
        ours.append(("unstack", lambda xp, x: xp.unstack(x, axis=-1), M))
    return [
        *(Case(name, join(fun), (x,)) for name, fun, x in known),
        *(Case(name, join(fun), (x,), False) for name, fun, x in ours),
    ]


def padding_cases() -> list[Case]:
    cases = []
    for mode in (
        "edge",
        "linear_ramp",
        "maximum",
        "mean",
        "median",
        "minimum",
        "reflect",
        "symmetric",
        "wrap",
        "empty",
        "constant",
    ):
        if mode != "empty":
            cases.append(Case("pad", call("pad", ((1, 2), (0, 3)), mode=mode), (M,), False))
        cases.append(Case("pad", call("pad", (0, 0), mode), (M,), False))
    for kind in ("reflect", "symmetric"):
        cases.append(Case("pad", call("pad", (9, 13), kind, reflect_type="odd"), (V,), False))
        cases.append(Case("pad", call("pad", (2, 1), kind, reflect_type="odd"), (M,), False))
        cases.append(Case("pad", call("pad", 2, kind, reflect_type="odd"), (real(1),), False))
    for mode in ("maximum", "mean", "median", "minimum"):
        option = {"stat_length": ((2, 3), (3, 1))}
        cases.append(Case("pad", call("pad", (2, 1), mode, **option), (M,), False))
    ends = ((1.0, 2.0), (0.5, -1.0))
    return [
        *cases,
        Case("pad", call("pad", 2, "linear_ramp", end_values=ends), (M,), False),
        Case("pad", call("pad", 2, constant_values=ends), (M,), False),
        Case("pad", lambda xp, x, c: xp.pad(x, (1, 2), constant_values=c), (M, real()), False),
        Case(
            "pad", lambda xp, c: xp.pad(onp.ones(3), 2, constant_values=c), (real(2),), False, False
        ),
        Case(
            "pad",
            lambda xp, x, c: xp.pad(x, 2, "linear_ramp", end_values=c),
            (V, real(1, 2)),
            False,
        ),
        Case("pad", call("pad", (3, 0), "wrap"), (cplx(2),), False),
    ]


def making_cases() -> list[Case]:
    x, y, pair = real(), real(seed=4), (real(2), real(2, seed=4))
    wide = (real(2, 1), real(3, seed=4))
    up = (real(**POSITIVE), real(seed=4, **POSITIVE))
    return [
        Case("full", lambda xp, x: xp.full((2, 3), x), (x,)),
        Case(
            "full", lambda xp, x: xp.full(shape=(2, 3), fill_value=x, order="F"), (real(3),), False
        ),
        Case("full_like", lambda xp, x: xp.full_like(onp.zeros((2, 3)), x), (x,), False, False),
        Case("full_like", lambda xp, x: xp.full_like(x, x[0]), (V,), False),
        Case("linspace", lambda xp, a, b: xp.linspace(a, b, 5), (x, y), True, False),
        Case("linspace", lambda xp, a, b: xp.linspace(a, stop=b, num=1), (x, y), False, False),
        Case("linspace", lambda xp, a, b: xp.linspace(a, b, 4, False, axis=-1), pair, False),
        Case("linspace", lambda xp, a, b: xp.linspace(a, b, 4, axis=1), wide, False),
        Case("linspace", lambda xp, a: xp.linspace(a, 2.0, 4, retstep=True)[1], (x,), False, False),
        Case("logspace", lambda xp, a, b: xp.logspace(a, b, 4), pair, False, False),
        Case("logspace", lambda xp, a, b: xp.logspace(0.5, a, 3, base=b), up, False, False),
        Case("geomspace", lambda xp, a, b: xp.geomspace(a, b, 4), up, False, False),
        Case(
            "geomspace",
            lambda xp, a: xp.geomspace(a, a * 3, 4, endpoint=False),
            (-up[0],),
            False,
            False,
        ),
        Case("geomspace", lambda xp, a: xp.geomspace(a, 2 + 1j, 4, axis=-1), (cplx(2),), False),
        Case("arange", lambda xp, a: xp.arange(a, a + 2.9, 0.5), (x,), False, False),
        Case("arange", lambda xp, a, b: xp.arange(a, 9.0, step=b), up, False, False),
        Case(
            "meshgrid",
            lambda xp, a, b: xp.meshgrid(a, b)[0] * xp.meshgrid(a, b)[1],
            (V, real(3)),
            False,
        ),
        Case(
            "meshgrid",
            lambda xp, a, b: sum(xp.meshgrid(a, b, indexing="ij", sparse=True)),
            (V, real(3)),
            False,
        ),
        Case("meshgrid", lambda xp, a: xp.meshgrid(a, onp.ones(2), a, copy=False)[2], (V,), False),
        Case(
            "broadcast_arrays",
            lambda xp, a, b: xp.broadcast_arrays(a, 2.0, b)[0] * b,
            (real(3, 1), V),
            False,
        ),
        Case("ix_", lambda xp, a: sum(xp.ix_(a, a, [True, False])), (V,), False, False),
    ]


def editing_cases() -> list[Case]:
    every = [
        ("diag", call("diag"), V),
        ("diag", call("diag", 2), V),
        ("diag", call("diag", k=-1), V),
        ("diag", call("diag"), M),
        ("diag", call("diag", -1), M),
        ("diagflat", call("diagflat", 1), M),
        ("make_diagonal", call("make_diagonal", axis1=-1, axis2=-2), M),
        ("make_diagonal", call("make_diagonal", -1, 0, 1), M),
        ("delete", call("delete", 1), V),
        ("delete", call("delete", [0, -1], axis=1), M),
        ("delete", call("delete", slice(0, 2)), M),
        ("insert", lambda xp, x: xp.insert(x, 1, x[0] ** 2), V),
        ("insert", lambda xp, x: xp.insert(x, 2, x[:2], axis=0), M),
        ("insert", lambda xp, x: xp.insert(x, 1, x[:, 0], axis=1), M),
        ("insert", lambda xp, x: xp.insert(x, [1, 3], [[1.0], [2.0], [3.0]], axis=1), M),
        ("insert", lambda xp, x: xp.insert(x, [3, 0, 3], x[:3]), V),
        ("insert", lambda xp, x: xp.insert(x, [1], x[:1], axis=0), M),
        ("insert", lambda xp, x: xp.insert(x, slice(1, 3), 7.0), V),
        ("resize", call("resize", (3, 2)), V),
        ("resize", call("resize", 2), M),
        ("trim_zeros", lambda xp, x: xp.trim_zeros(xp.where([False, True, False, True], x, 0)), V),
        (
            "trim_zeros",
            lambda xp, x: xp.trim_zeros(xp.where([False, True, True, False], x, 0), "b"),
            V,
        ),
        ("copy", call("copy"), M),
        ("copy", lambda xp, x: xp.copy(x, order="F"), real()),
        ("ascontiguousarray", lambda xp, x: xp.ascontiguousarray(x.T), M),
        ("ascontiguousarray", call("ascontiguousarray"), real()),
        ("asfortranarray", call("asfortranarray"), M),
        ("asfortranarray", call("asfortranarray"), real()),
        ("repeat", call("repeat", [1, 0, 3, 2]), V),
        ("repeat", call("repeat", [2, 0, 1], axis=-2), M),
        ("repeat", call("repeat", onp.array([2]), axis=1), M),
        ("repeat", call("repeat", 12 * [1]), M),
        ("tile", call("tile", onp.array([2, 1])), V),
        ("rollaxis", call("rollaxis", 2, 0), real(2, 3, 4)),
        ("rollaxis", call("rollaxis", -1, 1), real(2, 3, 4)),
        ("rollaxis", call("rollaxis", 0, 3), real(2, 3, 4)),
        ("rot90", call("rot90", 2, (-1, 0)), real(2, 3, 2)),
        ("atleast_2d", lambda xp, x: sum(xp.atleast_2d(x, 2 * x[0])), V),
    ]
    return [Case(name, fun, (x,), False) for name, fun, x in every]


def histogram_cases() -> list[Case]:
    a, b = [0.1, 0.7, 0.2, 1.0], [0.3, 0.1, 0.0, 0.9]
    every = [
        ("bincount", lambda xp, w: xp.bincount([0, 2, 2, 1], w)),
        ("bincount", lambda xp, w: xp.bincount([0, 2, 2, 1], weights=w, minlength=5)),
        ("histogram", lambda xp, w: xp.histogram(a, 3, weights=w)[0]),
        (
            "histogram",
            lambda xp, w: xp.histogram(a, [0.1, 0.5, 0.9], density=True, weights=w + 2)[0],
        ),
        ("histogram2d", lambda xp, w: xp.histogram2d(a, b, bins=2, weights=w)[0]),
        ("histogram2d", lambda xp, w: xp.histogram2d(a, b, [0.0, 0.5, 1.0], weights=w)[0]),
        ("histogramdd", lambda xp, w: xp.histogramdd((a, b), (2, 1), None, True, w + 2)[0]),
    ]
    return [Case(name, fun, (V,), False, False) for name, fun in every]


CASES = (
    joining_cases()
    + splitting_cases()
    + padding_cases()
    + making_cases()
    + editing_cases()
    + histogram_cases()
)
