"""Vector spaces: what a cotangent of a value may be, and how such things are added.

Every type that can be differentiated registers the space that its values' derivatives live in.
`numpy.vspaces` registers floats and arrays, `builtins` tuples, lists and dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from .tracer import getval


class VSpace:
    """The vector space of one value's derivatives. Equal spaces have equal class and attributes."""

    mappings: ClassVar[dict[type, Callable[[Any], VSpace]]] = {}
    iscomplex = False
    size: int

    def __init__(self, value: Any) -> None:
        raise NotImplementedError

    def zeros(self) -> Any:
        """The zero of the space, in fresh memory."""
        raise NotImplementedError

    def ones(self) -> Any:
        """The element whose every entry is one (1 + 1j in complex spaces)."""
        raise NotImplementedError

    def standard_basis(self) -> Iterator[Any]:
        """The elements that are one in a single entry (then 1j in it, in complex spaces)."""
        raise NotImplementedError

    def randn(self) -> Any:
        """An element with standard normal entries, from NumPy's global generator."""
        raise NotImplementedError

    def add(self, x: Any, y: Any) -> Any:
        """x + y, in fresh memory."""
        raise NotImplementedError

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """a x."""
        raise NotImplementedError

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The real inner product of x and y."""
        raise NotImplementedError

    def covector(self, x: Any) -> Any:
        """The cotangent that pairs with x: its conjugate."""
        return x

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__})"

    @classmethod
    def register(cls, value_type: type, maker: Callable[[Any], VSpace] | None = None) -> None:
        """Let values of `value_type` have their derivatives in this class of space."""
        VSpace.mappings[value_type] = cls if maker is None else maker


def vspace(value: Any) -> VSpace:
    """The vector space of a value's (or a boxed value's) derivatives.

    Raises:
        TypeError: derivatives of this type are not defined.
    """
    plain = getval(value)
    try:
        return VSpace.mappings[type(plain)](plain)
    except KeyError:
        raise TypeError(
            f"no vector space is defined for values of type {type(plain).__name__}"
        ) from None
