"""Calls that reach the rules for containers and for vector spaces, through their public names."""

from __future__ import annotations

from typing import Any

from .call import Call, complexes, reals

_X = reals(2, 3)


def _space(lib: Any, x: Any) -> Any:
    return lib.core.vspace(lib.tracer.getval(x))


def space_calls() -> dict[str, list[Call]]:
    return {
        "core.VSpace.add": [Call(lambda lib, a, b: _space(lib, a).add(a, b) * a, (_X, 2 * _X))],
        "core.VSpace.mut_add": [
            Call(lambda lib, a: _space(lib, a).mut_add(None, a * 1.0) * a, (_X,))
        ],
        "core.VSpace.inner_prod": [
            Call(lambda lib, a, b: _space(lib, a).inner_prod(a, b), (_X, 2 * _X)),
        ],
        "core.VSpace.covector": [
            Call(lambda lib, a: _space(lib, a).covector(a) * a, (x,)) for x in (_X, complexes(2, 3))
        ],
        "core.VSpace.scalar_mul": [
            Call(lambda lib, a, b: _space(lib, a).scalar_mul(a, b), (_X, 0.7)),
        ],
    }


def container_calls() -> dict[str, list[Call]]:
    def taken(lib: Any, x: Any, y: Any) -> Any:
        pair = lib.builtins.tuple((x, y))
        return pair[0] * pair[1] + pair[0]

    def extended(lib: Any, x: Any, y: Any) -> Any:
        longer = lib.builtins.list([x]) + [y * 2.0, x]  # noqa: RUF005  (the sum is what is tried)
        return longer[0] * longer[1] + longer[2]

    def put_before(lib: Any, x: Any, y: Any) -> Any:
        longer = [y * 2.0, x] + lib.builtins.list([x])  # noqa: RUF005
        return longer[0] * longer[1] + longer[2]

    def named(lib: Any, x: Any, y: Any) -> Any:
        table = lib.builtins.dict({"a": x, "b": y})
        return table["a"] * table["b"]

    args = (_X, 2 * _X)
    return {
        "builtins.container_take": [Call(taken, args)],
        "builtins.container_untake": [Call(taken, args)],
        "builtins.make_sequence": [Call(taken, args)],
        "builtins._make_dict": [Call(named, args)],
        "builtins.sequence_extend_right": [Call(extended, args)],
        "builtins.sequence_extend_left": [Call(put_before, args)],
    }


CALLS = {**space_calls(), **container_calls()}
