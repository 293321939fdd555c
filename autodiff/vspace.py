"""Vector spaces: what a cotangent of a value may be, and how such things are added.

Every type that can be differentiated registers the space that its values' derivatives live in.
`numpy.vspaces` registers floats and arrays, `builtins` tuples, lists and dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from .boxes import Box, getval
from .tracer import primitive

space_adopters: list[Callable[[type], Callable[[Any], Any] | None]] = []
"""Asked in turn for the space of a type that is not registered; an answer is remembered."""


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

    # The public operations are traced. Subclasses give either these, in traced operations, or the
    # underscored ones below on plain values, which these call as primitives.

    def add(self, x: Any, y: Any) -> Any:
        """x + y, in fresh memory."""
        return add_in(self, x, y)

    def mut_add(self, x: Any, y: Any) -> Any:
        """x + y, in the memory of x where it has some; None counts as zero."""
        if isinstance(x, Box) or isinstance(y, Box):
            return y if x is None else self.add(x, y)
        return self._mut_add(self.zeros() if x is None else x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """a x."""
        return scale_in(self, x, a)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The real inner product of x and y."""
        return inner_in(self, x, y)

    def covector(self, x: Any) -> Any:
        """The cotangent that pairs with x: its conjugate."""
        plain = type(self)._covector is VSpace._covector
        return x if plain else covector_in(self, x)

    def _add(self, x: Any, y: Any) -> Any:
        return x + y

    def _mut_add(self, x: Any, y: Any) -> Any:
        x += y
        return x

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        return x * a

    def _inner_prod(self, x: Any, y: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no inner product")

    def _covector(self, x: Any) -> Any:
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


@primitive
def add_in(space: VSpace, x: Any, y: Any) -> Any:
    """x + y by the space's own formula."""
    return space._add(x, y)


@primitive
def scale_in(space: VSpace, x: Any, a: Any) -> Any:
    """a x by the space's own formula."""
    return space._scalar_mul(x, a)


@primitive
def inner_in(space: VSpace, x: Any, y: Any) -> Any:
    """The inner product by the space's own formula."""
    return space._inner_prod(x, y)


@primitive
def covector_in(space: VSpace, x: Any) -> Any:
    """The covector by the space's own formula."""
    return space._covector(x)


def vspace(value: Any) -> VSpace:
    """The vector space of a value's (or a boxed value's) derivatives.

    Raises:
        TypeError: derivatives of this type are not defined.
    """
    plain = getval(value)
    return space_class(type(plain))(plain)


def space_class(value_type: type) -> Callable[[Any], VSpace]:
    """What makes the spaces of values of a type from these values.

    Raises:
        TypeError: derivatives of this type are not defined.
    """
    maker = VSpace.mappings.get(value_type)
    return _adopted(value_type) if maker is None else maker


def _adopted(value_type: type) -> Callable[[Any], VSpace]:
    for adopter in space_adopters:
        maker = adopter(value_type)
        if maker is not None:
            VSpace.mappings[value_type] = maker
            return maker
    raise TypeError(f"no vector space is defined for values of type {value_type.__name__}")
