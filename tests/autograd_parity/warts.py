"""Calls that Autograd 1.9.1 gets wrong or refuses: ours is compared with differences there."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .call import Call, complexes, of, positives, reals

_X, _X3 = reals(3, 4), reals(2, 3, 4)
_MASK = onp.array([[True], [False]])


def _wart(why: str, fun: Any, *args: Any) -> Call:
    return Call(fun, args, why)


def _choose(lib: Any, a: Any, b: Any) -> Any:
    return lib.numpy.where(_MASK, a, b)


def array_warts() -> dict[str, list[Call]]:
    keyword = "the rule does not take this keyword"
    shape = "the gradient has another shape than the argument"
    return {
        "numpy._original_where": [
            _wart(f"broadcasts: {shape}", _choose, reals(2, 3), reals(3, seed=12)),
            _wart(f"broadcasts: {shape}", _choose, 2.0, reals(2, 3)),
        ],
        "numpy.sum": [
            _wart("`where` is ignored", lambda lib, x: lib.numpy.sum(x, where=_MASK), reals(2, 3))
        ],
        "numpy.numpy_wrapper._primitive_var": [
            _wart("forward over several axes: NameError", of("numpy.var", axis=(0, 2)), _X3)
        ],
        "numpy.roll": [
            _wart("several axes: TypeError", of("numpy.roll", (1, -1), axis=(0, 1)), _X)
        ],
        "numpy.rot90": [_wart(keyword, of("numpy.rot90", axes=(0, 2)), _X3)],
        "numpy.trace": [_wart(keyword, of("numpy.trace", axis1=1, axis2=2), _X3)],
        "numpy.gradient": [
            _wart("first axis of a wide table: ValueError", of("numpy.gradient", axis=0), _X)
        ],
        "numpy.broadcast_to": [
            _wart(keyword, of("numpy.broadcast_to", shape=(3, 4)), _X[:1]),
            _wart("a new axis, forward", of("numpy.broadcast_to", (2, 3, 4)), _X),
        ],
        "numpy.diagonal": [
            _wart(f"not square: {shape}", of("numpy.diagonal", axis1=-1, axis2=-2), _X),
            _wart("default axes: NotImplementedError", of("numpy.diagonal"), _X[:, :3]),
        ],
        "numpy.full": [
            _wart(f"of an array: {shape}", lambda lib, x: lib.numpy.full((2, 3), x), reals(3))
        ],
        "numpy.sort": [_wart("of a table: NotImplementedError", of("numpy.sort"), _X)],
        "numpy.partition": [_wart("of a table: NotImplementedError", of("numpy.partition", 2), _X)],
        "numpy.pad": [_wart("AssertionError", of("numpy.pad", 2, "reflect"), _X)],
    }


def product_warts() -> dict[str, list[Call]]:
    mixed = "real with complex: the gradient of the real operand is complex"
    return {
        "numpy.inner": [_wart(mixed, of("numpy.inner"), complexes(4, 3), reals(3))],
        "numpy.outer": [_wart("of a table: ValueError", of("numpy.outer"), _X, reals(4))],
        "numpy.cross": [
            _wart("broadcasts: wrong shape", of("numpy.cross"), reals(2, 3), reals(3, seed=5))
        ],
        "numpy.einsum": [
            _wart(
                "an index twice in one operand", lambda lib, x: lib.numpy.einsum("ii", x), _X[:, :3]
            )
        ],
        "numpy.linalg._primitive_norm": [
            _wart("forward of a complex vector: complex", of("numpy.linalg.norm"), complexes(2, 3)),
            _wart("largest entry: nan", of("numpy.linalg.norm", onp.inf), reals(5)),
            _wart("sum of entries: NotImplementedError", of("numpy.linalg.norm", 1), reals(5)),
        ],
        "numpy.fft.rfft": [
            _wart("odd length: NotImplementedError", of("numpy.fft.rfft"), reals(5))
        ],
        "numpy.fft.irfft": [
            _wart("odd length: NotImplementedError", of("numpy.fft.irfft", 5), complexes(3))
        ],
    }


def scipy_warts() -> dict[str, list[Call]]:
    bands = onp.array([[0.0, 0.4, 0.3], [3.0, 2.5, 4.0], [0.2, -0.5, 0.0]])
    calls = {
        "scipy.linalg.solve_banded": [
            _wart(
                "several right sides: wrong shape",
                lambda lib, ab, b: lib.scipy.linalg.solve_banded((1, 1), ab, b),
                bands,
                reals(3, 2),
            )
        ]
    }
    for kind in ("pdf", "logpdf"):
        path = f"scipy.stats.chi2.{kind}"
        calls[path] = [_wart("df not whole: zero", of(path, 3.2), positives(3))]
    return calls


WARTS: dict[str, list[Call]] = {**array_warts(), **product_warts(), **scipy_warts()}
"""Path of the primitive -> calls, each with what Autograd does."""
