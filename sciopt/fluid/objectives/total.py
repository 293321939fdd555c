"""Several objectives and penalties, weighted and added, each reported on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .flow import Flow


@dataclass(frozen=True, eq=False)
class Term:
    """One part of an objective.

    Attributes:
        name: for reports, such as "transport".
        weight: what its value is multiplied by; not negative.
        value: of a flow, a number; differentiable.
    """

    name: str
    weight: float
    value: Callable[[Flow], Any]

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise ValueError(f"{self.name}: a weight must be at least 0, got {self.weight}")


@dataclass(frozen=True, eq=False)
class Objective:
    """A weighted sum of terms. Raises: ValueError for terms of one name, or none.

    Attributes:
        terms: the parts; those of weight 0 are left out of everything.
    """

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        names = [term.name for term in self.terms]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two terms are named {', '.join(twice)}")
        if not any(term.weight for term in self.terms):
            raise ValueError("at least one term with a weight above 0 is needed")

    def parts(self, flow: Flow) -> dict[str, Any]:
        """The weighted value of each term, by name; they add up to the objective."""
        return {t.name: t.weight * t.value(flow) for t in self.terms if t.weight}

    def value(self, flow: Flow) -> Any:
        """The sum of all parts."""
        return added(self.parts(flow))

    def value_and_parts(self, flow: Flow) -> tuple[Any, dict[str, Any]]:
        """Both, at the price of one: for `grad_and_aux` and its kin."""
        parts = self.parts(flow)
        return added(parts), parts


def added(parts: Mapping[str, Any]) -> Any:
    """The sum of the values, in their order, so that it is the same to the bit each time."""
    first, *others = parts.values()
    return sum(others, start=first)
