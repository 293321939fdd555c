"""Calls of products, of numpy.linalg and of numpy.fft."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .call import Call, complexes, of, reals


def product_calls() -> dict[str, list[Call]]:
    a, b, c = reals(3, 4), reals(4, 2, seed=12), reals(4, seed=13)
    stack = reals(2, 4, 3, seed=14)
    z = complexes(4, 3)
    pairs: dict[str, list[tuple[Any, Any]]] = {
        "dot": [(a, b), (a, c), (c, c * 2), (a, stack), (z, a), (2.0, a), (c, b), (stack, a)],
        "matmul": [(a, b), (a, c), (c, c * 2), (a, stack), (z, a), (stack, a), (c, stack)],
        "inner": [(a, c), (c, c * 2), (a, reals(2, 4)), (z, complexes(2, 3))],
        "outer": [(c, reals(2)), (c, c * 2), (complexes(2), complexes(3))],
        "kron": [(a, b), (c, b), (c, c * 2)],
        "cross": [(reals(2, 3), reals(2, 3, seed=5)), (reals(3), reals(3, seed=5))],
    }
    calls = {
        f"numpy.{name}": [Call(of(f"numpy.{name}"), pair) for pair in given]
        for name, given in pairs.items()
    }
    calls["numpy.tensordot"] = [
        Call(of("numpy.tensordot", axes=axes), pair)
        for axes, pair in (
            (1, (a, b)),
            (0, (c, b)),
            ([[1], [1]], (a, stack)),
            ([[0, 1], [2, 1]], (a, stack)),
            (1, (complexes(3, 4), complexes(4, 2))),
        )
    ]
    calls["numpy.einsum"] = [
        Call(lambda lib, *xs, s=spec: lib.numpy.einsum(s, *xs), operands)
        for spec, operands in (
            ("ij,jk->ik", (a, b)),
            ("ij,j", (a, c)),
            ("ij,j->", (a, c)),
            ("bij,jk->bik", (reals(2, 3, 4), b)),
            ("...ij,...j->...i", (reals(2, 3, 4), c)),
            ("ij,jk,k->i", (a, b, reals(2))),
            ("ij->ji", (complexes(2, 3),)),
            ("ij->j", (a,)),
        )
    ] + [Call(lambda lib, x, y: lib.numpy.einsum(x, [0, 1], y, [1, 2], [0, 2]), (a, b))]
    for name in ("dot", "tensordot"):
        product = of(f"numpy.{name}", *([1] if name == "tensordot" else []))
        with_itself = [
            Call(lambda lib, x, f=product: f(lib, x, lib.numpy.sin(x)), (reals(3, 3),)),
            Call(lambda lib, x, f=product: f(lib, x[0], x * x), (reals(3, 3),)),
        ]
        for k in (0, 1):
            calls[f"numpy.numpy_jvps.{name}_adjoint_{k}"] = with_itself
    return calls


def linalg_calls() -> dict[str, list[Call]]:
    square, stack = reals(3, 3) + 2 * onp.eye(3), reals(2, 3, 3) + 2 * onp.eye(3)
    hermitian = complexes(3, 3)

    def positive(lib: Any, x: Any) -> Any:
        return lib.numpy.matmul(x, lib.numpy.swapaxes(x, -1, -2)) + onp.eye(3)

    def part(name: str, k: int, *given: Any, **options: Any) -> Any:
        return lambda lib, x: getattr(lib.numpy.linalg, name)(x, *given, **options)[k]

    def modulus(name: str, k: int) -> Any:
        return lambda lib, x: lib.numpy.abs(getattr(lib.numpy.linalg, name)(x)[k])

    calls: dict[str, list[Call]] = {}
    for name in ("det", "inv", "pinv"):
        path = f"numpy.linalg.{name}"
        calls[path] = [Call(of(path), (x,)) for x in (square, stack)]
    calls["numpy.linalg.pinv"] += [Call(of("numpy.linalg.pinv"), (reals(4, 2),))]
    calls["numpy.linalg.slogdet"] = [Call(part("slogdet", 1), (x,)) for x in (square, stack)]
    calls["numpy.linalg.solve"] = [
        Call(of("numpy.linalg.solve"), pair)
        for pair in (
            (square, reals(3)),
            (square, reals(3, 2)),
            (stack, reals(2, 3, 2)),
        )
    ]
    calls["numpy.linalg.cholesky"] = [
        Call(lambda lib, x: lib.numpy.linalg.cholesky(positive(lib, x)), (x,))
        for x in (square, stack)
    ]
    calls["numpy.linalg.eigh"] = [
        Call(part("eigh", k, triangle), (x,))
        for k in (0, 1)
        for triangle in ("L", "U")
        for x in (square, stack)
    ] + [Call(part("eigh", 0), (hermitian,))]
    calls["numpy.linalg.eig"] = [Call(modulus("eig", 0), (x,)) for x in (square, stack)] + [
        Call(modulus("eig", 1), (square,))
    ]
    wide = reals(2, 3, 4)
    calls["numpy.linalg.svd"] = [
        Call(of("numpy.linalg.svd", compute_uv=False), (x,)) for x in (square, wide, hermitian)
    ] + [
        Call(part("svd", k, full_matrices=False), (x,))
        for k in (0, 1, 2)
        for x in (reals(4, 3), wide)
    ]
    orders = [(None, None), (None, 0), (2, 1), (3, 0), (2.5, 1), ("fro", (0, 2)), ("nuc", (1, 2))]
    calls["numpy.linalg._primitive_norm"] = [
        Call(of("numpy.linalg.norm", order, axis), (wide,)) for order, axis in orders
    ] + [Call(of("numpy.linalg.norm"), (x,)) for x in (reals(2, 3), reals(5))]
    return calls


def fft_calls() -> dict[str, list[Call]]:
    x, z = reals(2, 4, 6), complexes(2, 4, 6)
    calls: dict[str, list[Call]] = {}
    for name in ("fft", "ifft"):
        calls[f"numpy.fft.{name}"] = [
            Call(of(f"numpy.fft.{name}", **options), (v,))
            for options in ({}, {"axis": 0}, {"n": 4}, {"n": 8, "axis": 1}, {"norm": "ortho"})
            for v in (x, z)
        ]
        for kind in ("2", "n"):
            calls[f"numpy.fft.{name}{kind}"] = [
                Call(of(f"numpy.fft.{name}{kind}", **options), (v,))
                for options in ({}, {"axes": (0, 1)}, {"s": (3, 8), "axes": (1, 2)})
                for v in (x, z)
            ]
    for kind in ("", "2", "n"):
        forward, back = f"numpy.fft.rfft{kind}", f"numpy.fft.irfft{kind}"
        calls[forward] = [Call(of(forward), (x,)), Call(of(forward, norm="ortho"), (x,))]
        calls[back] = [Call(of(back), (z,)), Call(of(back, norm="ortho"), (z,))]
    for name in ("fftshift", "ifftshift"):
        path = f"numpy.fft.{name}"
        calls[path] = [Call(of(path, **o), (v,)) for o in ({}, {"axes": (1,)}) for v in (x, z)]
    calls["numpy.fft.truncate_pad"] = [
        Call(lambda lib, x, n=n: lib.numpy.fft.fft(x, n) ** 2, (x,)) for n in (4, 8)
    ]
    return calls


CALLS = {**product_calls(), **linalg_calls(), **fft_calls()}
