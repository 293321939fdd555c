"""Calls of elementwise functions, of one operand and of several."""

from __future__ import annotations

import numpy as onp
from rule_cases.basics import HOLOMORPHIC, UNARY
from rule_cases.scipy_special import AUTOGRADS
from rule_cases.scipy_special import UNARY as SPECIAL

from .call import Call, complexes, of, positives, reals

_NOT_IN_AUTOGRAD = {"positive", "cbrt"}
_BINARY = (
    "add subtract multiply divide power remainder maximum minimum fmax fmin logaddexp logaddexp2"
    " arctan2 hypot"
)
_BROADCASTS: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((2, 1, 3), (2, 1)),
    ((), (2, 3)),
    ((4, 1), ()),
    ((2, 0), (1, 1)),
]


def unary_calls() -> dict[str, list[Call]]:
    calls = {
        f"numpy.{name}": [Call(of(f"numpy.{name}"), (reals(2, 1, 3, **bounds),))]
        for name, bounds in UNARY.items()
        if name not in _NOT_IN_AUTOGRAD
    }
    for name in HOLOMORPHIC:
        calls[f"numpy.{name}"].append(Call(of(f"numpy.{name}"), (complexes(2, 2),)))
    for name in sorted(AUTOGRADS):
        low, high = SPECIAL[name]
        path = f"scipy.special.{name}"
        calls[path] = [Call(of(path), (reals(2, 1, 3, low=low, high=high),))]
    return calls


def binary_calls() -> dict[str, list[Call]]:
    calls = {
        f"numpy.{name}": [
            Call(of(f"numpy.{name}"), (positives(*left), positives(*right, seed=32)))
            for left, right in _BROADCASTS
        ]
        for name in _BINARY.split()
    }
    for name in ("add", "subtract", "multiply", "divide", "power"):
        path = f"numpy.{name}"
        calls[path] += [
            Call(of(path), (complexes(2, 3), complexes(3, seed=22))),
            Call(of(path), (complexes(3), positives(2, 1))),
        ]
    return calls


def other_calls() -> dict[str, list[Call]]:
    x, z = reals(2, 3), complexes(3)
    holes = onp.where(onp.abs(x) < 0.4, onp.nan, x)
    mask = onp.array([[True], [False]])
    return {
        "numpy.nan_to_num": [Call(of("numpy.nan_to_num"), (x,))],
        "numpy.sinc": [Call(of("numpy.sinc"), (x,)), Call(of("numpy.sinc"), (0.3,))],
        "numpy.clip": [
            Call(of("numpy.clip", -0.4, 0.9), (x,)),
            Call(of("numpy.clip", -0.4, 0.9), (0.2,)),
        ],
        "numpy.real_if_close": [Call(of("numpy.real_if_close"), (v,)) for v in (x, z)],
        "numpy.astype": [
            Call(of("numpy.astype", float), (x,), single=False),
            Call(lambda lib, x: x.astype(complex) * 1j, (x,), single=False),
        ],
        "numpy._original_where": [
            Call(lambda lib, a, b: lib.numpy.where(mask, a, b), (x, 2 * x)),
            Call(lambda lib, a: lib.numpy.where(onp.isnan(holes), 0.0, a * a), (x,)),
        ],
    }


CALLS = {**unary_calls(), **binary_calls(), **other_calls()}
