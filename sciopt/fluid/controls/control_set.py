"""Several controls at once, packed into the one vector that the optimiser moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from sciopt.errors import ConfigError

from .control import Control, Parameter
from .domain import Domain

Vector = NDArray[onp.floating[Any]]


@dataclass(frozen=True, eq=False)
class ControlSet:
    """Controls in the order of the vector. Raises: ConfigError if two provide the same value.

    Attributes:
        controls: at least one.
        dtype: of the values that the simulation gets.
    """

    controls: tuple[Control, ...]
    dtype: str = "float64"

    def __post_init__(self) -> None:
        if not self.controls:
            raise ConfigError("controls: at least one is needed, such as the initial velocity")
        providers: dict[str, str] = {}
        for control in self.controls:
            other = providers.setdefault(control.provides, control.name)
            if other != control.name or self._names().count(control.name) > 1:
                raise ConfigError(
                    f"controls: {other} and {control.name} both set the {control.provides};"
                    " keep one of them"
                )

    @property
    def size(self) -> int:
        """Length of the vector."""
        return sum(control.size for control in self.controls)

    def slices(self) -> dict[str, slice]:
        """Where each control lies in the vector, by name."""
        ends = onp.cumsum([0, *(control.size for control in self.controls)])
        return {
            control.name: slice(int(a), int(b))
            for control, a, b in zip(self.controls, ends, ends[1:])
        }

    def start(self) -> Vector:
        """The vector to start from, (size,)."""
        return self.vector({})

    def bounds(self) -> tuple[Vector, Vector] | None:
        """Lowest and highest vector, or None if nothing is bounded: for `minimize`."""
        low, high = (self._joined(end) for end in ("low", "high"))
        if onp.isneginf(low).all() and onp.isposinf(high).all():
            return None
        return low, high

    def parameters(self, vector: Any) -> dict[str, Any]:
        """The parameter of each control, by name; differentiable."""
        return {
            control.name: np.reshape(vector[place], control.start.shape) * control.unit
            for control, place in zip(self.controls, self.slices().values())
        }

    def vector(self, parameters: Mapping[str, Parameter]) -> Vector:
        """The vector of these parameters, plain; the start's where one is missing."""
        return onp.concatenate(
            [
                onp.ravel(parameters.get(control.name, control.start)) / control.unit
                for control in self.controls
            ]
        )

    def unpack(self, vector: Any) -> dict[str, Any]:
        """What the simulation takes, by name, in `dtype`: "velocity", "forces"; differentiable."""
        parameters = self.parameters(vector)
        values = {c.provides: c.value(parameters[c.name]) for c in self.controls}
        return {
            name: value if value.dtype == self.dtype else value.astype(self.dtype)
            for name, value in values.items()
        }

    def penalties(self, vector: Any) -> dict[str, Any]:
        """Weighted penalties by name, such as "effort of forces"; those of weight 0 left out."""
        parameters = self.parameters(vector)
        return {
            name: term
            for control in self.controls
            for name, term in control.penalties(parameters[control.name]).items()
        }

    def refined(self, vector: Vector, finer: Domain) -> dict[str, Parameter]:
        """The parameters in another domain, by name: where the controls there may start."""
        parameters = self.parameters(vector)
        return {c.name: c.refine(parameters[c.name], finer) for c in self.controls}

    def summary(self, vector: Vector) -> list[str]:
        """A line for each control: how many numbers, their extent, how many at a bound."""
        values, parameters = self.unpack(vector), self.parameters(vector)
        return [_line(c, values[c.provides], parameters[c.name]) for c in self.controls]

    def _names(self) -> list[str]:
        return [control.name for control in self.controls]

    def _joined(self, attribute: str) -> Vector:
        pieces = [
            onp.broadcast_to(getattr(c, attribute), c.start.shape).ravel() / c.unit
            for c in self.controls
        ]
        return onp.concatenate(pieces)


def _line(control: Control, value: Any, parameter: Parameter) -> str:
    low, high = float(onp.min(value)), float(onp.max(value))
    extent = f"{low:.3g}" if control.size == 1 else f"{low:.3g} to {high:.3g}"
    count = "" if control.size == 1 else f"{control.size} numbers, "
    bound = int(onp.sum((parameter <= control.low) | (parameter >= control.high)))
    at_bounds = f", {bound} at their bounds" if bound else ""
    return f"{control.name}: {count}{extent} {control.measure}{at_bounds}"
