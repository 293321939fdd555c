"""Cases of einsum in all its forms, and of products of vectors."""

from __future__ import annotations

import numpy as onp

from autodiff.numpy import subscripts, vector_products

from .table import Case, call, cplx, real

CONTRACT = "autodiff.numpy.subscripts.contract"
CROSS = "autodiff.numpy.vector_products.cross_product"

SHAPES = {
    "ii->i": ((3, 3),),
    "ii": ((3, 3),),
    "iji->j": ((3, 2, 3),),
    "iii->i": ((3, 3, 3),),
    "...ii->...i": ((2, 3, 3),),
    "...i->...": ((2, 3, 4),),
    "...ij,...jk->...ik": ((2, 1, 3, 4), (5, 4, 2)),
    "ij...,j->i...": ((2, 3, 4, 2), (3,)),
    "...,...": ((2, 3), (3,)),
    "ij,ij->ij": ((1, 3), (2, 3)),
    "bi,bi->b": ((2, 3), (2, 3)),
    "ij,kl->il": ((2, 3), (3, 2)),
    "ii,ij->j": ((3, 3), (3, 2)),
    "ijk,jil->kl": ((2, 3, 4), (3, 2, 5)),
    ",i->i": ((), (3,)),
    "i,i,i->": ((3,), (3,), (3,)),
    "ij,jk,kl->il": ((2, 3), (3, 4), (4, 2)),
    "ab,bc,cd,de,a->e": ((2, 3), (3, 2), (2, 2), (2, 3), (2,)),
    "ij,jk->ik": ((2, 0), (0, 3)),
}


def einsum_cases() -> list[Case]:
    cases = []
    for text, shapes in SHAPES.items():
        operands = tuple(real(*shape, seed=k) for k, shape in enumerate(shapes))
        fun = lambda xp, *ops, text=text: xp.einsum(text, *ops)  # noqa: E731
        cases.append(Case("einsum", fun, operands, False))
    a, b = real(2, 3), real(3, 4, seed=2)
    z, w = cplx(2, 3), cplx(3, 4, seed=6)
    return [
        *cases,
        Case("einsum", lambda xp, a, b: xp.einsum("ij,jk->ki", a, b, optimize=True), (a, b)),
        Case("einsum", lambda xp, a, b: xp.einsum(a, [0, 1], b, [1, 2], [2, 0]), (a, b)),
        Case("einsum", lambda xp, a, b: xp.einsum(a, [0, 1], b, [1, 2]), (a, b), False),
        Case(
            "einsum",
            lambda xp, a, b: xp.einsum(a, [..., 1], b, [1, 5], [..., 5]),
            (a, b),
            False,
        ),
        Case("einsum", lambda xp, a, b: xp.einsum("ij,jk->ik", a, b), (z, w)),
        Case("einsum", lambda xp, a, b: xp.einsum("ij,jk->ik", a, b), (a, w), False),
        Case(CONTRACT, lambda xp, a, b: subscripts.contract("ij,jk->k", a, b), (a, b), False),
    ]


def vector_cases() -> list[Case]:
    x, y = real(2, 3), real(2, 3, seed=2)
    z, w = cplx(2, 3), cplx(2, 3, seed=6)
    m, n = real(3, 4, seed=3), cplx(3, 4, seed=8)
    cases = [
        Case(CROSS, lambda xp, a, b: vector_products.cross_product(a, b), (x, y[0]), False),
        Case("cross", call("cross"), (x, y)),
        Case("cross", call("cross"), (z, w[0]), False),
        Case("cross", call("cross", axisa=0, axisb=1, axisc=0), (real(3, 2), y), False),
        Case("cross", call("cross", axis=0), (real(3, 2), real(3, 2, seed=2)), False),
        Case("kron", call("kron"), (x, m)),
        Case("kron", call("kron"), (real(2), m), False),
        Case("kron", call("kron"), (real(2, 1, 2), z), False),
        Case("vdot", call("vdot"), (x, y), False),
        Case("vdot", call("vdot"), (z, w), False),
        Case("matrix_transpose", call("matrix_transpose"), (x,), False),
    ]
    for name, operands in {
        "vecdot": [(x, y), (z, w), (x, y[0])],
        "matvec": [(x, y[0]), (z, w[0]), (real(2, 4, 3), y[:, None])],
        "vecmat": [(x, m), (z, n), (x[0], m)],
    }.items():
        if hasattr(onp, name):  # NumPy 2.0 has vecdot, 2.2 the others
            cases += [Case(name, call(name), args, False) for args in operands]
    if hasattr(onp, "vecdot"):
        cases.append(Case("vecdot", call("vecdot", axis=0), (x, y), False))
    return cases


CASES = einsum_cases() + vector_cases()
