"""Dense Jacobians: by rows in reverse mode or by columns in forward mode, whichever are fewer.

The result's layout: for each array of the function's result (in the result's nesting), for each
array of the argument (in the argument's), an array of shape ``result's shape + argument's shape``.

| argument | result | entry |
|---|---|---|
| real | real or complex | d result / d argument |
| complex z = x + iy | real | df/dx - i df/dy, as `grad` has it |
| complex | complex | df/dz; the function has to be holomorphic, which is checked |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as onp

from . import numpy as np
from .builtins import ContainerVSpace, pack
from .core import make_jvps, make_vjp
from .tracer import getval
from .vspace import VSpace, vspace


def jacobian_at(fun: Callable[[Any], Any], x: Any, mode: str | None = None) -> Any:
    """The Jacobian of `fun` at `x`; see the module for its layout. `fun` runs once or twice.

    Args:
        mode: "reverse" or "forward". By default the one that needs fewer passes, and reverse where
            a primitive has no forward rule.

    Raises:
        ValueError: another mode; or argument and result are complex, and `fun` is not holomorphic.
    """
    if mode not in (None, "reverse", "forward"):
        raise ValueError(f'jacobian: mode must be "reverse" or "forward", got {mode!r}')

    def packed(argument: Any) -> Any:
        return pack(fun(argument))

    inputs = _Leaves(x)
    if mode == "forward":
        return _by_columns(packed, x, inputs)
    vjp, value = make_vjp(packed, x)
    outputs = _Leaves(value)
    if mode is None and inputs.size < outputs.size:
        try:
            return _by_columns(packed, x, inputs)
        except NotImplementedError:
            pass  # some primitive has no forward rule
    return _by_rows(vjp, inputs, outputs)


class _Leaves:
    """The arrays in a nest of containers.

    Attributes: space, parts (their spaces), shapes, size (the number of their entries).
    """

    def __init__(self, value: Any) -> None:
        self.space = vspace(value)
        self.parts = list(_parts(self.space))
        self.shapes = [onp.shape(getval(leaf)) for leaf in self.flat(value)]
        self.size = sum(part.size // (1 + part.iscomplex) for part in self.parts)

    def flat(self, value: Any) -> list[Any]:
        """The leaves of a value of this structure."""
        return list(_flat(self.space, value))

    def nest(self, leaves: Sequence[Any]) -> Any:
        """Leaves of any kind in this structure."""
        return _nest(self.space, iter(leaves))

    def basis(self, k: int) -> tuple[list[Any], list[Any]]:
        """The elements with a one in an entry of leaf k, and if it is complex those with 1j."""
        vectors = list(self.parts[k].standard_basis())
        step = 2 if self.parts[k].iscomplex else 1
        zeros = [part.zeros() for part in self.parts]
        whole = [self.nest([*zeros[:k], vector, *zeros[k + 1 :]]) for vector in vectors]
        return whole[::step], whole[1::2] if step == 2 else []

    def complex_probe(self) -> tuple[Any, Any]:
        """An arbitrary element v, zero in the real leaves, and 1j v."""
        rng = onp.random.default_rng(0)
        leaves = [
            part.scalar_mul(part.ones(), 0.0)
            if not part.iscomplex
            else part.zeros() + rng.uniform(0.5, 1.5, shape) * (1 - 0.5j)
            for part, shape in zip(self.parts, self.shapes)
        ]
        turned = [leaf * 1j if part.iscomplex else leaf for part, leaf in zip(self.parts, leaves)]
        return self.nest(leaves), self.nest(turned)


def _parts(space: VSpace) -> Iterator[VSpace]:
    if isinstance(space, ContainerVSpace):
        for part in space.spaces:
            yield from _parts(part)
    else:
        yield space


def _flat(space: VSpace, value: Any) -> Iterator[Any]:
    if isinstance(space, ContainerVSpace):
        for key, part in zip(space.keys, space.spaces):
            yield from _flat(part, value[key])
    else:
        yield value


def _nest(space: VSpace, leaves: Iterator[Any]) -> Any:
    if isinstance(space, ContainerVSpace):
        return space._build([_nest(part, leaves) for part in space.spaces])
    return next(leaves)


def _by_rows(vjp: Callable[[Any], Any], inputs: _Leaves, outputs: _Leaves) -> Any:
    """One backward pass for each entry of the result; a second one if it is complex."""
    _check_holomorphic(lambda vs: [inputs.flat(vjp(v)) for v in vs], outputs, inputs)
    some_real = not all(part.iscomplex for part in inputs.parts)
    blocks = []
    for k, part in enumerate(outputs.parts):
        ones, imaginary_ones = outputs.basis(k)
        rows = [inputs.flat(vjp(g)) for g in ones]
        turned = [inputs.flat(vjp(g)) for g in imaginary_ones] if some_real else []
        # <1j e, J v> = -Im(J v) for real v: the imaginary part of the row, its sign changed.
        complete = [
            [
                r if not turned or argument.iscomplex else r - 1j * turned[n][i]
                for i, (r, argument) in enumerate(zip(row, inputs.parts))
            ]
            for n, row in enumerate(rows)
        ]
        blocks.append(
            inputs.nest(
                [
                    _stack([row[i] for row in complete], 0, outputs.shapes[k] + shape, part)
                    for i, shape in enumerate(inputs.shapes)
                ]
            )
        )
    return outputs.nest(blocks)


def _by_columns(fun: Callable[[Any], Any], x: Any, inputs: _Leaves) -> Any:
    """All columns in one forward pass; two for each entry of a complex argument."""
    bases = [inputs.basis(k) for k in range(len(inputs.parts))]
    probes = list(inputs.complex_probe()) if any(p.iscomplex for p in inputs.parts) else []
    directions = [v for ones, turned in bases for v in (*ones, *turned)]
    value, tangents = make_jvps(fun, x)([*directions, *probes])
    outputs = _Leaves(value)
    columns = iter([outputs.flat(tangent) for tangent in tangents])
    groups = [([next(columns) for _ in a], [next(columns) for _ in b]) for a, b in bases]
    _check_holomorphic(lambda vs: list(columns), inputs, outputs)
    blocks = []
    for o, (part, out_shape) in enumerate(zip(outputs.parts, outputs.shapes)):
        block = []
        for (ones, turned), shape, argument in zip(groups, inputs.shapes, inputs.parts):
            entries = [column[o] for column in ones]
            if argument.iscomplex and not part.iscomplex:
                entries = [c - 1j * t[o] for c, t in zip(entries, turned)]
            block.append(_stack(entries, -1, out_shape + shape, part))
        blocks.append(inputs.nest(block))
    return outputs.nest(blocks)


def _stack(entries: list[Any], axis: int, shape: tuple[int, ...], part: VSpace) -> Any:
    if not entries or 0 in shape:
        return np.zeros(shape, getattr(part, "dtype", float))
    return np.reshape(np.stack(entries, axis), shape)


def _check_holomorphic(
    push: Callable[[Sequence[Any]], list[list[Any]]], sources: _Leaves, targets: _Leaves
) -> None:
    """Raise unless the derivative takes 1j v to 1j times what it takes v to."""
    if not all(any(part.iscomplex for part in leaves.parts) for leaves in (sources, targets)):
        return
    plain, turned = push(sources.complex_probe())
    for a, b, part in zip(plain, turned, targets.parts):
        if part.iscomplex:
            a, b = getval(a), getval(b)
            scale = onp.max(onp.abs(a), initial=0) + onp.max(onp.abs(b), initial=0)
            if onp.any(onp.abs(b - 1j * a) > onp.sqrt(onp.finfo(b.dtype).eps) * scale):
                raise ValueError(
                    "jacobian: a complex function of complex numbers has one complex derivative"
                    " only where it is holomorphic, and this one is not; take the Jacobians of its"
                    " real and imaginary parts instead"
                )
