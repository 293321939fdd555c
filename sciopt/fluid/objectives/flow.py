"""What an objective sees of a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, eq=False)
class Flow:
    """The states that a simulation was asked to keep, and what it was made from.

    Attributes:
        steps: the time steps after which states were kept, rising; the last one is the end.
        velocity: after each of these, shape (2, nx, ny), cells per step; may be traced.
        smoke: after each of these, shape (dyes, nx, ny); may be traced.
        values: of the controls, by name, such as "forces"; see `sciopt.fluid.controls`.
    """

    steps: tuple[int, ...]
    velocity: tuple[Any, ...]
    smoke: tuple[Any, ...]
    values: Mapping[str, Any] = field(default_factory=dict)

    def at(self, step: int) -> int:
        """Where the state after `step` is kept. Raises: ValueError if it was not kept."""
        if step not in self.steps:
            kept = ", ".join(map(str, self.steps))
            raise ValueError(f"no state was kept after step {step}, only after {kept}")
        return self.steps.index(step)
