"""A control: a family of numbers that the optimiser may choose, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

from sciopt.errors import ConfigError

from .domain import Domain

Parameter = NDArray[onp.float64]


@dataclass(frozen=True, eq=False)
class Control:
    """One control in one domain.

    The *parameter* is what is moved, such as a stream function; the *value* is what the simulation
    takes, such as the velocity made of it. The optimiser sees the parameter in `unit`s, so that a
    change by one has about the same effect for every control: it moves smoke by about one cell.

    Attributes:
        name: for reports and messages, such as "stream function".
        provides: the key of its value, such as "velocity".
        start: parameter to start from, any shape.
        unit: of the parameter, above 0.
        low, high: bounds of the parameter, numbers or arrays of its shape; infinite if there are
            none. A value whose bounds are built into its parameter has none here.
        value: of a parameter; in `autodiff.numpy`.
        penalties: weighted penalties of a parameter by name; in `autodiff.numpy`.
        refine: the parameter, plain, in another domain.
        measure: what the value is measured in.
    Raises: ConfigError if the bounds cross, or the start is outside.
    """

    name: str
    provides: str
    start: Parameter
    unit: float
    low: Any
    high: Any
    value: Callable[[Any], Any]
    penalties: Callable[[Any], dict[str, Any]]
    refine: Callable[[Parameter, Domain], Parameter]
    measure: str

    def __post_init__(self) -> None:
        if not onp.all(onp.less_equal(self.low, self.high)):
            raise ConfigError(f"{self.name}: its lower bound is above its upper bound")
        outside = (self.start < self.low) | (self.start > self.high)
        if onp.any(outside):
            worst = float(self.start[outside].flat[0])
            raise ConfigError(
                f"{self.name}: it starts at {worst:g}, outside of its bounds; widen them,"
                " or start inside"
            )

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return self.start.size


def weighted(name: str, **terms: tuple[float, Callable[[], Any]]) -> dict[str, Any]:
    """Those terms whose weight is not zero, such as {"effort of forces": 0.1 * effort}.

    Args:
        name: of the control.
        terms: (weight, function that computes the term), by kind.
    """
    return {
        f"{kind} of {name}": weight * term() for kind, (weight, term) in terms.items() if weight
    }
