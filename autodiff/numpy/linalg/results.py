"""NumPy's named results (EighResult, SVDResult, ...) as values that can be differentiated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as onp

from ...builtins import ContainerVSpace, SequenceBox, sequence_from_args
from ...tracer import getval

_ONE = onp.ones((1, 1))
EigResult, EighResult, QRResult, SlogdetResult, SVDResult = (
    type(fun(_ONE))
    for fun in (
        onp.linalg.eig,
        onp.linalg.eigh,
        onp.linalg.qr,
        onp.linalg.slogdet,
        onp.linalg.svd,
    )
)


class NamedResultBox(SequenceBox):
    """A traced named result: read by attribute, by index, or by unpacking."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        fields = getval(self)._fields
        if name not in fields:
            raise AttributeError(f"{type(getval(self)).__name__} has no field {name!r}")
        return self[fields.index(name)]

    def __add__(self, other: Any) -> Any:
        return sequence_from_args(tuple, *self, *other)

    def __radd__(self, other: Any) -> Any:
        return sequence_from_args(tuple, *other, *self)


class NamedResultVSpace(ContainerVSpace):
    """The space of a named result: of its entries, under their names."""

    def _build(self, entries: Iterable[Any]) -> Any:
        return named_result(self.kind, *entries)


def named_result(kind: Any, *entries: Any) -> Any:
    """A named result of class `kind`, traced if one of its entries is."""
    return sequence_from_args(kind._make, *entries)


for _kind in (EigResult, EighResult, QRResult, SlogdetResult, SVDResult):
    NamedResultBox.register(_kind)
    NamedResultVSpace.register(_kind)
