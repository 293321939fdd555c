"""Cases of numpy.linalg: regular and singular points, stacks of matrices, real and complex.

Vectors that are defined up to a phase are seen through functions that do not depend on it, where
Autograd or differences would show another one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .table import Case, cplx, real

SOLVE, PINV = (f"autodiff.numpy.linalg.solving._{name}" for name in ("solve", "pinv"))
CHOLESKY, QR = (f"autodiff.numpy.linalg.factorizations._{name}" for name in ("cholesky", "qr"))
SVD = "autodiff.numpy.linalg.singular._svd"
ROOT = "autodiff.numpy.linalg.norms._root"
COFACTORS, CHANGE = (
    f"autodiff.numpy.linalg.determinants.{name}" for name in ("cofactors", "cofactors_change")
)


def adjoint(xp: Any, x: Any) -> Any:
    return xp.swapaxes(xp.conj(x), -1, -2)


def gram(xp: Any, x: Any) -> Any:
    """A positive definite matrix."""
    return xp.matmul(x, adjoint(xp, x)) + onp.eye(x.shape[-2], dtype=onp.float32)


def projector(xp: Any, vectors: Any) -> Any:
    return xp.matmul(vectors, adjoint(xp, vectors))


def linalg(name: str, *options: Any, **keywords: Any) -> Callable[..., Any]:
    return lambda xp, *args: getattr(xp.linalg, name)(*args, *options, **keywords)


def _cofactors(xp: Any, x: Any) -> Any:
    return xp.linalg.determinants.cofactors(x, xp.linalg.det(x))


def square_cases() -> list[Case]:
    cases = []
    for x in (real(3, 3), real(2, 3, 3)):
        cases += [
            Case("linalg.inv", linalg("inv"), (x,)),
            Case("linalg.det", linalg("det"), (x,)),
            Case("linalg.slogdet", lambda xp, x: xp.linalg.slogdet(x)[1], (x,)),
            Case(CHOLESKY, lambda xp, x: xp.linalg.cholesky(gram(xp, x)), (x,)),
            Case(SOLVE, linalg("solve"), (x, real(3, 2, seed=4)), len(x.shape) == 2),
            Case(SOLVE, linalg("solve"), (x, real(3, seed=4)), len(x.shape) == 2),
            Case("linalg.matrix_power", linalg("matrix_power", 5), (x,), False),
            Case("linalg.matrix_power", linalg("matrix_power", -2), (x,), False),
        ]
    z = cplx(2, 3, 3)
    rank_one = onp.outer([1.0, 2.0, -1.0], [0.5, 1.0, 3.0])
    return [
        *cases,
        Case("linalg.inv", linalg("inv"), (z,)),
        Case("linalg.det", linalg("det"), (z,)),
        Case("linalg.det", linalg("det"), (rank_one,), False, False),
        Case("linalg.det", linalg("det"), (onp.zeros((2, 2)),), False),
        Case("linalg.slogdet", lambda xp, x: sum(xp.linalg.slogdet(x)), (z,), False),
        Case(COFACTORS, _cofactors, (real(3, 3),), False),
        Case(COFACTORS, _cofactors, (z,), False),
        Case(
            CHANGE,
            lambda xp, a, x: xp.linalg.determinants.cofactors_change(a, x),
            (real(2, 3, 3), real(2, 3, 3, seed=7)),
            False,
        ),
        Case(CHOLESKY, lambda xp, x: xp.linalg.cholesky(gram(xp, x)), (z,), False),
        Case(CHOLESKY, lambda xp, x: xp.linalg.cholesky(gram(xp, x), upper=True), (z,), False),
        Case(SOLVE, linalg("solve"), (z, cplx(3, 2, seed=4)), False),
        Case(SOLVE, linalg("solve"), (z[:1], real(2, 3, 1, seed=4)), False),
    ]


def rectangular_cases() -> list[Case]:
    cases = []
    for x in (real(4, 3), real(2, 3, 4), cplx(4, 3)):
        known = not onp.iscomplexobj(x)
        cases += [
            Case(PINV, linalg("pinv"), (x,), known),
            Case(SVD, lambda xp, x: xp.linalg.svd(x, compute_uv=False), (x,)),
            Case("linalg.svdvals", linalg("svdvals"), (x,), False),
            Case(SVD, lambda xp, x: polar(xp, xp.linalg.svd(x, full_matrices=False)), (x,)),
            Case(SVD, lambda xp, x: spaces(xp, xp.linalg.svd(x)), (x,), False),
            Case(QR, lambda xp, x: xp.linalg.qr(x)[0], (x,), False),
            Case(QR, linalg("qr", "r"), (x,), False),
            Case(QR, lambda xp, x: beyond(xp, xp.linalg.qr(x, mode="complete")[0]), (x,), False),
        ]
    b = real(4, 2, seed=9)
    return [
        *cases,
        Case("linalg.lstsq", lambda xp, a, b: xp.linalg.lstsq(a, b)[0], (real(4, 3), b), False),
        Case("linalg.lstsq", lambda xp, a, b: xp.linalg.lstsq(a, b)[1], (real(4, 3), b), False),
        Case("linalg.lstsq", lambda xp, a, b: xp.linalg.lstsq(a, b)[0], (real(4, 5), b), False),
        Case("linalg.tensorinv", linalg("tensorinv"), (real(2, 3, 6),), False),
        Case("linalg.tensorsolve", linalg("tensorsolve"), (real(2, 3, 6), real(2, 3)), False),
    ]


def polar(xp: Any, result: Any) -> Any:
    """U V^H: no phase and no order of equal singular values is seen in it."""
    return xp.matmul(result[0], result[2])


def spaces(xp: Any, result: Any) -> Any:
    """What both full bases span from the third column on."""
    u, _, vh = result
    of_u, of_v = projector(xp, u[..., 2:]), projector(xp, adjoint(xp, vh[..., 2:, :]))
    return xp.sum(of_u, -1)[..., :2] * xp.sum(of_v, -1)[..., :2]


def beyond(xp: Any, q: Any) -> Any:
    """What the columns of q from the third on span."""
    return projector(xp, q[..., 2:])


def eigen_cases() -> list[Case]:
    cases = []
    for x in (real(3, 3), real(2, 3, 3), cplx(3, 3)):
        for triangle in ("L", "U"):
            cases += [
                Case("linalg.eigh", lambda xp, x, t=triangle: xp.linalg.eigh(x, t)[0], (x,)),
                Case("linalg.eigvalsh", linalg("eigvalsh", triangle), (x,), False),
                Case(
                    "linalg.eigh",
                    lambda xp, x, t=triangle: projector(xp, xp.linalg.eigh(x, t)[1][..., :2]),
                    (x,),
                ),
            ]
        cases += [
            # Sums over the spectrum: neither the order nor conjugation is seen.
            Case("linalg.eig", lambda xp, x: xp.sum(xp.abs(xp.linalg.eig(x)[0]) ** 3, -1), (x,)),
            Case("linalg.eig", lambda xp, x: xp.sum(xp.abs(xp.linalg.eig(x)[1]) ** 3, -1), (x,)),
            Case("linalg.eigvals", lambda xp, x: xp.linalg.eigvals(x) ** 2, (x,), False, False),
        ]
    return cases


def norm_cases() -> list[Case]:
    x, z = real(3, 2, 4), cplx(3, 2, 4)
    cases = []
    for order in (None, 2, 1, 3, 0.5, -1, onp.inf, -onp.inf):
        for data in (x, z):
            known = order in (None, 2, 3)
            options = {"ord": order, "axis": 1}
            cases.append(Case(ROOT, linalg("norm", **options), (data,), known))
            cases.append(Case(ROOT, linalg("norm", keepdims=True, **options), (data,), False))
    for order in (None, "fro", "nuc", 2, -2, 1, -1, onp.inf, -onp.inf):
        options = {"ord": order, "axis": (2, 0)}
        known = order in (None, "fro")
        cases.append(Case(ROOT, linalg("norm", **options), (x,), known))
        cases.append(Case(ROOT, linalg("norm", keepdims=True, **options), (z,), False))
        cases.append(Case("linalg.cond", linalg("cond", order), (real(2, 3, 3),), False))
        if order is not None:
            name = "linalg.matrix_norm"
            cases.append(Case(name, linalg("matrix_norm", ord=order), (x,), False))
    return [
        *cases,
        Case(ROOT, linalg("norm"), (x,)),
        Case(ROOT, linalg("norm"), (z,)),
        Case(ROOT, linalg("norm"), (real(4),)),
        Case(ROOT, linalg("norm", "nuc"), (real(3, 4),)),
        Case("linalg.vector_norm", linalg("vector_norm"), (x,), False),
        Case("linalg.vector_norm", linalg("vector_norm", axis=(0, -1), ord=3), (x,), False),
    ]


def product_cases() -> list[Case]:
    a, b, c = real(2, 3), real(3, 4, seed=2), real(4, seed=3)
    x, y = real(2, 3), real(2, 3, seed=2)
    chains = [(a, b, c), (a, b), (real(2), a, b, c), (real(5, 2), a, b, real(4, 2, seed=8))]
    cases = [
        Case("linalg.multi_dot", lambda xp, *chain: xp.linalg.multi_dot(chain), chain, False)
        for chain in chains
    ]
    return [
        *cases,
        Case("linalg.cross", linalg("cross"), (x, y), False),
        Case("linalg.outer", linalg("outer"), (c, real(3)), False),
        Case("linalg.matmul", linalg("matmul"), (a, b), False),
        Case("linalg.vecdot", linalg("vecdot"), (x, y), False),
        Case("linalg.tensordot", linalg("tensordot", axes=1), (a, b), False),
        Case("linalg.trace", linalg("trace", offset=1), (real(2, 3, 3),), False),
        Case("linalg.diagonal", linalg("diagonal", offset=-1), (real(2, 3, 3),), False),
        Case("linalg.matrix_transpose", linalg("matrix_transpose"), (x,), False),
    ]


CASES = square_cases() + rectangular_cases() + eigen_cases() + norm_cases() + product_cases()
