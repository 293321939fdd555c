"""Cases of the functions that every program uses: arithmetic, reductions, shapes, products."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as onp

from autodiff.numpy import indexing

from .table import POSITIVE, Case, call, cplx, real

GETITEM, SCATTER = (f"autodiff.numpy.indexing.{name}" for name in ("getitem", "scatter"))
CONCATENATE, ARRAY = (
    f"autodiff.numpy.shaping.{name}" for name in ("concatenate_args", "array_from_args")
)

UNARY: dict[str, dict[str, float]] = {
    "negative": {},
    "positive": {},
    "reciprocal": POSITIVE,
    "square": {},
    "sqrt": POSITIVE,
    "cbrt": POSITIVE,
    "exp": {},
    "exp2": {},
    "expm1": {},
    "log": POSITIVE,
    "log2": POSITIVE,
    "log10": POSITIVE,
    "log1p": POSITIVE,
    "sin": {},
    "cos": {},
    "tan": {"low": -1, "high": 1},
    "arcsin": {"low": -0.8, "high": 0.8},
    "arccos": {"low": -0.8, "high": 0.8},
    "arctan": {},
    "sinh": {},
    "cosh": {},
    "tanh": {},
    "arcsinh": {},
    "arccosh": {"low": 1.3, "high": 3},
    "arctanh": {"low": -0.8, "high": 0.8},
    "rad2deg": {},
    "deg2rad": {},
    "degrees": {},
    "radians": {},
    "absolute": {},
    "fabs": {},
    "real": {},
    "imag": {},
    "conjugate": {},
    "angle": {},
}
HOLOMORPHIC = [
    "reciprocal",
    "square",
    "sqrt",
    "exp",
    "expm1",
    "log",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "negative",
]


def unary_cases() -> list[Case]:
    cases = []
    for name, bounds in UNARY.items():
        fun = call(name)
        known = name not in {"positive", "cbrt"}
        for shape in ((), (3,), (2, 0)):
            cases.append(Case(name, fun, (real(*shape, **bounds),), known))
    for name in [*HOLOMORPHIC, "absolute", "real", "imag", "conjugate", "angle"]:
        cases.append(Case(name, call(name), (cplx(3),)))
    return cases


def binary_cases() -> list[Case]:
    cases = []
    names = (
        "add subtract multiply true_divide power maximum minimum fmax fmin"
        " logaddexp arctan2 hypot mod"
    )
    shapes = [((), ()), ((3,), ()), ((), (3,)), ((1, 3), (4, 1)), ((3,), (2, 3)), ((0, 3), (1, 3))]
    for name in names.split():
        known = name not in {"hypot"}
        for left, right in shapes:
            x, y = real(*left, **POSITIVE), real(*right, **POSITIVE, seed=2)
            cases.append(Case(name, call(name), (x, y), known))
    for name in ("add", "subtract", "multiply", "true_divide", "power"):
        cases.append(Case(name, call(name), (cplx(3), cplx(3, seed=6))))
        cases.append(Case(name, call(name), (real(3, **POSITIVE), cplx(2, 1)), False))
    return cases


def reduction_cases() -> list[Case]:
    cases = []
    for name in ["sum", "mean", "prod", "max", "min", "amax", "amin", "var", "std"]:
        known = name not in {"amax", "amin"}
        for options in (
            {},
            {"axis": 0},
            {"axis": -1, "keepdims": True},
            {"axis": (0, -1)},
            {"axis": (2, 0), "keepdims": True},
            {"axis": ()} if name in ("sum", "prod") else {"axis": 1},
        ):
            safe = known and not (name in ("max", "min") and options.get("axis") == ())
            cases.append(Case(name, call(name, **options), (real(2, 3, 2),), safe))
        if name not in ("var", "std"):
            cases.append(Case(name, call(name), (real(),), known))
    for name in ("sum", "mean", "prod", "var", "std"):
        cases.append(Case(name, call(name), (cplx(2, 3),), name in ("sum", "mean", "prod")))
    mask = onp.array([[True, False, True], [False, False, True]])
    cases += [
        Case("prod", lambda xp, x: xp.prod(x * [0.0, 1.0, 2.0]), (real(3),), False, False),
        Case("prod", lambda xp, x: xp.prod(x * [0.0, 1, 0, 2], 0), (real(4),), False, False),
        Case("sum", lambda xp, x: xp.sum(x, where=mask, initial=2.0), (real(2, 3),), False),
        Case("sum", lambda xp, x: xp.sum(x, dtype=float), (real(2, 3),), False, False),
        Case("mean", lambda xp, x: xp.mean(x, 1, float), (real(2, 3),), False, False),
        Case("var", lambda xp, x: xp.var(x, axis=0, ddof=1), (real(4, 3),)),
        Case("std", lambda xp, x: xp.std(x, axis=1, ddof=1, keepdims=True), (real(4, 3),)),
        Case("sum", lambda xp, x: xp.sum(x, 1), (real(2, 0),)),
        Case("prod", lambda xp, x: xp.prod(x, 1), (real(2, 0),), False),
        Case("sum", lambda xp, x: xp.sum(x, axis=0), (onp.array(0.5),), False),
    ]
    for options in ({}, {"axis": 0}, {"axis": -1}):
        cases.append(Case("cumsum", call("cumsum", **options), (real(3, 2),)))
    return cases


def shaping_cases() -> list[Case]:
    x, x3 = real(3, 4), real(2, 3, 4)
    linear = [
        ("reshape", lambda xp, x: xp.reshape(x, (2, -1)), x),
        ("reshape", lambda xp, x: xp.reshape(x, (4, 3), order="F"), x),
        ("ravel", lambda xp, x: xp.ravel(x), x),
        ("ravel", lambda xp, x: xp.ravel(x, order="F"), x),
        ("squeeze", lambda xp, x: xp.squeeze(x), real(1, 3, 1)),
        ("squeeze", lambda xp, x: xp.squeeze(x, axis=-1), real(1, 3, 1)),
        ("expand_dims", lambda xp, x: xp.expand_dims(x, -1), x),
        ("atleast_1d", lambda xp, x: xp.atleast_1d(x), real()),
        ("atleast_2d", lambda xp, x: xp.atleast_2d(x), real(3)),
        ("atleast_3d", lambda xp, x: xp.atleast_3d(x), x),
        ("transpose", lambda xp, x: xp.transpose(x), x3),
        ("transpose", lambda xp, x: xp.transpose(x, (1, 2, 0)), x3),
        ("moveaxis", lambda xp, x: xp.moveaxis(x, 0, -1), x3),
        ("moveaxis", lambda xp, x: xp.moveaxis(x, (0, 1), (-1, 0)), x3),
        ("swapaxes", lambda xp, x: xp.swapaxes(x, 0, -1), x3),
        ("fliplr", lambda xp, x: xp.fliplr(x), x),
        ("flipud", lambda xp, x: xp.flipud(x), x),
        ("rot90", lambda xp, x: xp.rot90(x), x),
        ("rot90", lambda xp, x: xp.rot90(x, k=3), x),
        ("roll", lambda xp, x: xp.roll(x, 2), x),
        ("roll", lambda xp, x: xp.roll(x, -1, axis=1), x),
        ("triu", lambda xp, x: xp.triu(x, k=1), x),
        ("tril", lambda xp, x: xp.tril(x), x),
        ("repeat", lambda xp, x: xp.repeat(x, 2), x),
        ("repeat", lambda xp, x: xp.repeat(x, 3, axis=1), x),
        ("tile", lambda xp, x: xp.tile(x, (2, 1, 3)), x),
        (
            CONCATENATE,
            lambda xp, x: xp.concatenate([x, xp.sin(x)], axis=-1),
            x,
        ),
        (
            ARRAY,
            lambda xp, x: xp.array([[x[0], x[1]], [x[2], 1.5 * x[0]]]),
            real(3),
        ),
        (GETITEM, lambda xp, x: x[1], x),
        (GETITEM, lambda xp, x: x[..., None, 1:3], x),
        (GETITEM, lambda xp, x: x[::-2, 1], x),
        (GETITEM, lambda xp, x: x[[0, 2, 0]], x),
        (GETITEM, lambda xp, x: x[onp.array([0, 2, 0]), 1], x),
        (
            GETITEM,
            lambda xp, x: x[onp.arange(12).reshape(3, 4) % 3 == 0],
            x,
        ),
        (GETITEM, lambda xp, x: x[onp.array([True, False, True]), 2], x),
    ]
    cases = [Case(name, fun, (x,)) for name, fun, x in linear]
    cases += [Case(name, fun, (x + 0.5j,), False) for name, fun, x in linear]
    # Where Autograd has no derivative, or a wrong one (negative axes, where with broadcasting).
    ours = [
        ("transpose", lambda xp, x: xp.transpose(x, (1, -1, 0)), x3),
        ("repeat", lambda xp, x: xp.repeat(x, 3, axis=-1), x),
        ("tile", lambda xp, x: xp.tile(x, 2), x),
        ("diagonal", lambda xp, x: xp.diagonal(x), x),
        ("ravel", lambda xp, x: xp.ravel(x, "F"), x),
        ("reshape", lambda xp, x: xp.reshape(x, (4, 3), "F"), x),
        ("flip", lambda xp, x: xp.flip(x), x),
        ("flip", lambda xp, x: xp.flip(x, axis=(0, 1)), x),
        ("roll", lambda xp, x: xp.roll(x, (1, -2), axis=(0, 1)), x),
        ("repeat", lambda xp, x: xp.repeat(x, 0), x),
        ("tile", lambda xp, x: xp.tile(x, 3), real()),
        ("broadcast_to", lambda xp, x: xp.broadcast_to(x, (2, 3, 4)), real(3, 1)),
        ("broadcast_to", lambda xp, x: xp.broadcast_to(x, (2, 3)), real()),
        ("pad", lambda xp, x: xp.pad(x, 2), x),
        ("pad", lambda xp, x: xp.pad(x, ((1, 0), (2, 3)), constant_values=7.0), x),
        ("diagonal", lambda xp, x: xp.diagonal(x, 1, 2, 0), x3),
        ("diagonal", lambda xp, x: xp.diagonal(x, offset=-1), x),
        ("trace", lambda xp, x: xp.trace(x), x),
        ("trace", lambda xp, x: xp.trace(x, offset=1, axis1=-1, axis2=0), x3),
        (
            CONCATENATE,
            lambda xp, x: xp.concatenate([x, x[:1]], axis=None),
            x,
        ),
        (CONCATENATE, lambda xp, x: xp.stack([x, 2 * x], axis=-2), x),
        ("astype", lambda xp, x: x.astype(complex), x),
        ("astype", lambda xp, x: xp.astype(x, float), real()),
        ("astype", lambda xp, x: x * x.astype(int), x),
        (GETITEM, lambda xp, x: x[()], x),
        (GETITEM, lambda xp, x: x[...], real()),
        (GETITEM, lambda xp, x: x[onp.True_], x),
        (GETITEM, lambda xp, x: x[[]], x),
        (GETITEM, lambda xp, x: x[onp.int64(1), onp.newaxis], x),
        (
            SCATTER,
            lambda xp, x: indexing.scatter(x, [0, 1, 0], (4,)),
            real(3),
        ),
        (
            SCATTER,
            lambda xp, x: indexing.scatter(x, slice(1, 4), (5,)),
            real(3),
        ),
    ]
    return cases + [
        Case(
            name,
            fun,
            (onp.array(x) if name == GETITEM else x,),
            False,
            name != "astype",
        )
        for name, fun, x in ours
    ]


def _transposed_product(name: str, xp: Any, a: Any, b: Any) -> Any:
    return getattr(xp.contraction, name)(a, b)


def contraction_cases() -> list[Case]:
    cases = []
    shapes = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4))]
    for name in ("dot", "matmul"):
        cases += [Case(name, call(name), (real(*a), real(*b, seed=2))) for a, b in shapes]
        cases += [Case(name, call(name), (cplx(2, 3), cplx(3, 4, seed=6)))]
    for name, a, b in (("nt", (2, 3), (4, 3)), ("tn", (3, 2), (3, 4)), ("tn", (0, 2), (0, 4))):
        full = f"autodiff.numpy.contraction.product_{name}"
        product = partial(_transposed_product, f"product_{name}")
        cases += [Case(full, product, (real(*a), real(*b, seed=2)), False)]
        cases += [Case(full, product, (cplx(*a), cplx(*b, seed=6)), False)]
    batched = [((2, 1, 3, 4), (5, 4, 2)), ((4,), (5, 4, 2)), ((5, 2, 4), (4,)), ((0, 3), (3, 2))]
    cases += [Case("matmul", call("matmul"), (real(*a), real(*b, seed=2))) for a, b in batched]
    wide = [((2, 3, 4), (5, 4, 2)), ((3,), (2, 3, 4)), ((2, 3, 4), (4,)), ((), (3,)), ((2, 3), ())]
    cases += [Case("dot", call("dot"), (real(*a), real(*b, seed=2))) for a, b in wide]
    inner = [((3,), (3,)), ((2, 3), (4, 3)), ((3,), (2, 3)), ((), (3,)), ((2, 3), ())]
    cases += [Case("inner", call("inner"), (real(*a), real(*b, seed=2))) for a, b in inner]
    outer = [((3,), (4,)), ((2, 2), (3,)), ((), (3,))]
    cases += [Case("outer", call("outer"), (real(*a), real(*b, seed=2)), False) for a, b in outer]
    a, b = real(2, 3, 4), real(4, 3, 5, seed=2)
    for axes in (1, 0, ([1, 2], [1, 0]), ([-1, 1], [0, -2]), ((2,), (0,)), (1, 1)):
        cases.append(Case("tensordot", call("tensordot", axes), (a, b)))
    cases.append(Case("tensordot", call("tensordot"), (real(2, 3), real(2, 3, 4, seed=2))))
    for text, operand_shapes in {
        "ij,jk->ik": ((2, 3), (3, 4)),
        "ij,jk": ((2, 3), (3, 4)),
        "i,j->ji": ((2,), (3,)),
        "ij,ij->": ((2, 3), (2, 3)),
        "ijk,k->i": ((2, 3, 4), (4,)),
        "bij , bjk -> bik": ((2, 2, 3), (2, 3, 2)),
        "ij->j": ((2, 3),),
        "ij->ji": ((2, 3),),
        "i,ij,j": ((2,), (2, 3), (3,)),
    }.items():
        operands = tuple(real(*shape, seed=k) for k, shape in enumerate(operand_shapes))
        cases.append(Case("einsum", lambda xp, *ops, text=text: xp.einsum(text, *ops), operands))
    return cases


def choice_cases() -> list[Case]:
    c = onp.array([[True, False, True]])
    cases = []
    for left, right in [((), (3,)), ((3,), ()), ((2, 3), (2, 1)), ((2, 1), (1, 3))]:
        args = (real(*left), real(*right, seed=2))
        cases.append(Case("where", lambda xp, x, y: xp.where(c, x, y), args, False))
    x = real(2, 3)
    return [
        *cases,
        Case("where", lambda xp, x: xp.where(c, x, 1j), (x,), False),
        Case("where", lambda xp, x: xp.where(x > 0, x, 0.0), (x,)),
        Case("maximum", lambda xp, x: xp.maximum(x, 0.25), (x,)),
        Case("minimum", lambda xp, x: xp.minimum([[0.5], [0.2]], x), (x,), True, False),
        Case("clip", lambda xp, x: xp.clip(x, -0.5, 0.5), (x,)),
        Case("clip", lambda xp, x: x.clip(None, 0.5), (x,), False),
        Case("clip", lambda xp, x: xp.clip(x, a_min=-0.5, a_max=None), (x,), False),
        Case("clip", lambda xp, x: xp.clip(x, onp.zeros((2, 3)), 1), (real(3),), False, False),
        Case("clip", lambda xp, x: xp.clip(x, 0, 1), (real(),)),
    ]


def operator_cases() -> list[Case]:
    x, s, a = real(3, **POSITIVE), real(**POSITIVE), onp.array([[2.0], [0.5]])
    return [
        Case("add", lambda xp, x: 2 + x + 1.5 + a + x, (x,), True, False),
        Case("subtract", lambda xp, x: (2 - x) - (a - x) - 3, (x,), True, False),
        Case("multiply", lambda xp, x: a * x * 3 * x * onp.float64(2), (x,), True, False),
        Case("true_divide", lambda xp, x: a / x / (x / a) / 2 + 1 / x, (x,), True, False),
        Case("power", lambda xp, x: x**2 + x**0.5 + x**-1 + 2**x + x**3.0 + x**0, (x,)),
        Case("power", lambda xp, x: x**2 + x**0.5 + x**-1 + 2**x + x**3.0 + x**0, (s,)),
        Case("power", lambda xp, x: x ** onp.array([0.0, 1.0, -2.0]), (x,), True, False),
        Case("add", lambda xp, x: 2 + x * x - a / x, (s,), True, False),
        Case("multiply", lambda xp, x: x * 2j + 1j / x + (x - 1j), (s,), False),
        Case("multiply", lambda xp, x: x * 2j + 1j / x + (x - 1j), (x,), False),
        Case("mod", lambda xp, x: x % 0.4 + 2.1 % x, (x,)),
        Case(
            "matmul", lambda xp, x: onp.ones((2, 3)) @ x + x @ onp.ones((3, 2)), (x,), True, False
        ),
        Case("absolute", lambda xp, x: abs(-x), (s,)),
        Case("negative", lambda xp, x: -x * -x, (s,)),
    ]


CASES = (
    unary_cases()
    + binary_cases()
    + reduction_cases()
    + shaping_cases()
    + contraction_cases()
    + choice_cases()
    + operator_cases()
)
