"""Calls that reduce, move, join and index arrays."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .call import Call, complexes, of, reals

_X, _X3, _Z = reals(3, 4), reals(2, 3, 4), complexes(3, 4)
_PRIMITIVE = {name: f"numpy.numpy_wrapper._primitive_{name}" for name in ("mean", "var", "std")}
_AXES: list[dict[str, Any]] = [
    {},
    {"axis": 1},
    {"axis": (0, 2)},
    {"axis": (0, -1), "keepdims": True},
    {"axis": -2, "keepdims": True},
]
_ONE_AXIS = [options for options in _AXES if not isinstance(options.get("axis"), tuple)]


def reduction_calls() -> dict[str, list[Call]]:
    calls = {
        _PRIMITIVE.get(name, f"numpy.{name}"): [
            Call(of(f"numpy.{name}", **options), (_X3,))
            for options in (_AXES if name != "var" else _ONE_AXIS)
        ]
        for name in ("sum", "mean", "prod", "var", "std", "max", "min", "amax", "amin")
    }
    for name in ("sum", "mean", "prod", "var", "std"):
        calls[_PRIMITIVE.get(name, f"numpy.{name}")].append(Call(of(f"numpy.{name}"), (_Z,)))
    for name in ("var", "std"):
        for options in ({"ddof": 1}, {"axis": 1, "ddof": 2}):
            calls[_PRIMITIVE[name]].append(Call(of(f"numpy.{name}", **options), (_X3,)))
    ties = onp.array([[1.0, 2.0, 2.0], [2.0, 0.5, 0.5]])
    for name in ("max", "min", "amax", "amin"):
        calls[f"numpy.{name}"] += [
            Call(of(f"numpy.{name}"), (ties,)),
            Call(of(f"numpy.{name}", axis=1), (ties,)),
        ]
    return calls


def moving_calls() -> dict[str, list[Call]]:
    forms: dict[str, list[tuple[dict[str, Any], Any]]] = {
        "reshape": [({"shape": (4, -1)}, _X), ({"shape": (6, 2), "order": "F"}, _X)],
        "roll": [({"shift": 2}, _X), ({"shift": -1, "axis": 1}, _X)],
        "ravel": [({}, _X3), ({"order": "F"}, _X3)],
        "expand_dims": [({"axis": 1}, _X), ({"axis": -1}, _Z)],
        "squeeze": [({}, _X3[:1]), ({"axis": 0}, _X3[:1])],
        "diag": [({"k": 1}, _X[:, :3]), ({}, _X[0]), ({"k": -2}, _X[0])],
        "flipud": [({}, _X3), ({}, _X[0])],
        "fliplr": [({}, _X3)],
        "rot90": [({"k": k}, _X) for k in (1, 2, 3)],
        "trace": [({}, _X), ({"offset": 1}, _X)],
        "triu": [({}, _X), ({"k": 1}, _X3)],
        "tril": [({}, _X), ({"k": -1}, _X3)],
        "swapaxes": [({"axis1": 0, "axis2": 2}, _X3)],
        "moveaxis": [({"source": 0, "destination": 2}, _X3)],
        "rollaxis": [({"axis": 2}, _X3), ({"axis": 1, "start": 3}, _X3)],
        "diff": [({}, _X), ({"n": 2}, _X), ({"axis": 0}, _X), ({"n": 2, "axis": 1}, _X3)],
        "gradient": [({}, _X[0]), ({"axis": 1}, _X)],
        "repeat": [({"repeats": 2}, _X), ({"repeats": 3, "axis": 0}, _X)],
        "tile": [({"reps": (2, 1)}, _X), ({"reps": (2, 3, 1)}, _X)],
        "transpose": [({}, _X3), ({"axes": (2, 0, 1)}, _X3), ({}, _Z)],
        "cumsum": [({}, _X), ({"axis": 0}, _X), ({"axis": -1}, _X3), ({}, _Z)],
        "sort": [({}, _X[0])],
        "partition": [({"kth": 2}, _X[0])],
        "atleast_1d": [({}, 0.4), ({}, _X)],
        "atleast_2d": [({}, 0.4), ({}, _X[0])],
        "atleast_3d": [({}, 0.4), ({}, _X[0]), ({}, _X)],
        "diagonal": [({"axis1": -1, "axis2": -2}, _X3[:, :2, :2])],
        "make_diagonal": [({"axis1": -1, "axis2": -2}, _X)],
    }
    calls = {
        f"numpy.{name}": [Call(of(f"numpy.{name}", **options), (x,)) for options, x in of_name]
        for name, of_name in forms.items()
    }
    pad = [((1, 2), (0, 3)), 2, (1, 0)]
    calls["numpy.broadcast_to"] = [
        Call(of("numpy.broadcast_to", (3, 4)), (x,)) for x in (_X[:1], _X[:, :1], _Z[:1])
    ]
    calls["numpy.pad"] = [Call(of("numpy.pad", width, "constant"), (_X,)) for width in pad]
    return calls


def joining_calls() -> dict[str, list[Call]]:
    def joined(lib: Any, a: Any, b: Any) -> Any:
        return lib.numpy.concatenate((a, b * b, a), axis=1)

    def table(lib: Any, x: Any) -> Any:
        return lib.numpy.array([[x[0], x[1] * x[2]], [2.0, x[0]]])

    return {
        "numpy.concatenate_args": [
            Call(joined, (_X, reals(3, 2))),
            Call(lambda lib, a, b: lib.numpy.hstack([a, b]), (_X[0], reals(2))),
            Call(lambda lib, a, b: lib.numpy.stack([a, b], axis=-1), (_X, _X * 2)),
            Call(lambda lib, a, b: lib.numpy.append(a, b), (_X, reals(2))),
        ],
        "numpy.array_from_args": [Call(table, (reals(3),)), Call(table, (complexes(3),))],
        "numpy.numpy_wrapper._array_from_scalar_or_array": [
            Call(lambda lib, x: lib.numpy.array(x) * x, (v,)) for v in (_X, 0.7)
        ],
        "numpy.full": [
            Call(lambda lib, x: lib.numpy.full((2, 3), x), (0.4,)),
        ],
        "numpy.linspace": [
            Call(lambda lib, a, b: lib.numpy.linspace(a, b, 5), (0.4, 2.0)),
            Call(lambda lib, a, b: lib.numpy.linspace(a, b, 3), (_X[0], _X[1])),
        ],
    }


def indexing_calls() -> dict[str, list[Call]]:
    rows, mask = onp.array([2, 0, 2]), _X > 0.2
    indices: list[Any] = [
        1,
        (0, -1),
        slice(2, None, -2),
        (Ellipsis, None, slice(1, 3)),
        rows,
        (rows, 1),
        (slice(None), rows),
        (rows, rows),
        [0, 0],
        mask,
        (mask[:, 0], 2),
    ]
    getitem = [Call(lambda lib, x, i=i: x[i] ** 2, (v,)) for i in indices for v in (_X, _Z)]
    return {
        "numpy.numpy_boxes.ArrayBox.__getitem__": getitem,
        "numpy.numpy_jvps.untake": getitem[:6],
        "core.sparse_add": [
            Call(lambda lib, x: x[0] ** 2 + x[rows] * x, (reals(3, 3),)),
            Call(lambda lib, x: x[:1] * x * lib.numpy.sin(x), (_X,)),
        ],
    }


def splitting_calls() -> dict[str, list[Call]]:
    """Pieces of an array: Autograd has rules for `array_split` and its kin, for lists of arrays."""
    options = {
        "array_split": (_X, (2,)),
        "split": (_X3, (2,)),
        "hsplit": (_X, (2,)),
        "vsplit": (_X3, (2,)),
        "dsplit": (_X3, (2,)),
    }
    return {
        f"numpy.{name}": [
            Call(lambda lib, x, f=name, o=given: getattr(lib.numpy, f)(x, *o)[1] * 2.0, (x,))
        ]
        for name, (x, given) in options.items()
    }


CALLS = {
    **reduction_calls(),
    **moving_calls(),
    **joining_calls(),
    **indexing_calls(),
    **splitting_calls(),
}
