"""One hyperparameter's place in the vector: its shape, scale, bounds and start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import ConfigError
from sciopt.hyperopt.config import Hyperparameter

from .kinds import KINDS, NATURAL_PER, Kind
from .layout import Layout
from .scales import SCALES, Scale


@dataclass(frozen=True, eq=False)
class Part:
    """A family of values of one kind, such as a learning rate for each step and layer.

    Attributes:
        name: of the setting; "model.x" for the argument x of a user's model.
        per: granularity; "step layer" stands for [step, layer].
        every: steps that share a value.
        shape: of the values; () for one.
        scale: name of the scale.
        start, low, high: on that scale, of shape `shape`, float64.
    """

    name: str
    per: str
    every: int
    shape: tuple[int, ...]
    scale: str
    start: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.start.size

    @property
    def has_steps(self) -> bool:
        """Whether axis 0 of the values goes along training steps."""
        return self.per.startswith("step")


def granularity(name: str, setting: Hyperparameter) -> str:
    """The granularity of a setting as one text. Raises: ConfigError if the kind has no such."""
    kind = KINDS[name.split(".")[0]]
    axes = (setting.per,) if isinstance(setting.per, str) else setting.per
    per = " ".join(sorted(axes, key=("step", "layer", "array", "weight", "global").index))
    if per == "global" and name in NATURAL_PER:
        per = NATURAL_PER[name]
    if per not in kind.per:
        known = ", ".join(p if " " not in p else f"[{p.replace(' ', ', ')}]" for p in kind.per)
        raise ConfigError(f"hyperparameters.{name}.per: must be one of {known}; got {per}")
    if setting.every > 1 and not per.startswith("step"):
        raise ConfigError(
            f"hyperparameters.{name}.every: only values per step can be shared by steps;"
            " set per: step, or drop it"
        )
    return per


def shape_of(per: str, every: int, layout: Layout, steps: int, examples: int) -> tuple[int, ...]:
    """The shape of the values of that granularity."""
    lengths = {
        "step": -(-steps // every),
        "layer": len(layout.layer_names),
        "array": len(layout.names),
        "weight": layout.size,
        "example": examples,
    }
    return tuple(lengths[axis] for axis in per.split() if axis != "global")


def start_of(name: str, setting: Hyperparameter) -> float:
    """The value to start from, or the fixed one. Raises: ConfigError if there is none."""
    start = KINDS[name.split(".")[0]].start if setting.start is None else setting.start
    if start is None:
        raise ConfigError(f"hyperparameters.{name}.start: required, but not given")
    return float(start)


def refuse_impossible(name: str, values: NDArray[Any]) -> None:
    """Raises: ConfigError if a fixed value is none that the kind can have; its ends are allowed."""
    domain = SCALES[KINDS[name.split(".")[0]].scale]
    for value in (values.min(initial=domain.high), values.max(initial=domain.low)):
        if not domain.low <= value <= domain.high:
            raise ConfigError(
                f"hyperparameters.{name}: must be between {domain.low:g} and {domain.high:g},"
                f" got {value:g}"
            )


def on_scale(
    name: str, per: str, setting: Hyperparameter, start: NDArray[Any], every: int = 1
) -> Part:
    """The part with these start values. Raises: ConfigError if they or the bounds cannot be."""
    kind = KINDS[name.split(".")[0]]
    scale_name = setting.scale or kind.scale
    scale = SCALES[scale_name]
    low, high = _bounds(name, setting, kind, scale, scale_name)
    if start.size and not (low <= start.min() and start.max() <= high):
        worst = start.min() if start.min() < low else start.max()
        raise ConfigError(
            f"hyperparameters.{name}.start: {worst:g} is outside of its bounds {low:g} to {high:g};"
            " move the start, or widen bounds"
        )
    return Part(
        name=name,
        per=per,
        every=every,
        shape=start.shape,
        scale=scale_name,
        start=np.asarray(scale.variable(start.astype(np.float64)), np.float64),
        low=np.full(start.shape, scale.variable(low)),
        high=np.full(start.shape, scale.variable(high)),
    )


def _bounds(
    name: str, setting: Hyperparameter, kind: Kind, scale: Scale, scale_name: str
) -> tuple[float, float]:
    """Lowest and highest value, inside what the scale can express."""
    where = f"hyperparameters.{name}"
    if setting.bounds is not None:
        low, high = setting.bounds
    else:
        low, high = max(kind.bounds[0], scale.low), min(kind.bounds[1], scale.high)
        if scale_name == "log" and low <= 0:
            low = 1e-300
    if low >= high:
        raise ConfigError(f"{where}.bounds: the lower bound {low:g} must be below {high:g}")
    if scale_name != "linear" and (low <= scale.low or high >= scale.high):
        raise ConfigError(
            f"{where}.bounds: {low:g} to {high:g} reaches the end of the {scale_name} scale,"
            f" {scale.low:g} to {scale.high:g}; stay inside it"
        )
    domain = SCALES[kind.scale]  # what the kind can mean, on whatever scale it is moved
    if low < domain.low or high > domain.high:
        raise ConfigError(
            f"{where}.bounds: {low:g} to {high:g} must lie within {domain.low:g} and"
            f" {domain.high:g}"
        )
    return low, high
