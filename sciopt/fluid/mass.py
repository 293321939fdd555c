"""How much smoke there is, and how much the target asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Densities = NDArray[np.floating[Any]]

_NOTICED = 0.02
"""Relative difference of masses below which no picture shows it."""


@dataclass(frozen=True)
class MassComparison:
    """The mean densities of smoke and target.

    Attributes:
        smoke, target: for each dye.
    """

    smoke: tuple[float, ...]
    target: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """How many times the smoke's mass the target has, for each dye."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.divide(self.target, self.smoke)
        return tuple(np.where(np.isnan(found), 1.0, found).tolist())

    @property
    def differ(self) -> bool:
        """Whether a difference can be seen."""
        return any(abs(a - b) > _NOTICED * max(a, b, 1e-9) for a, b in zip(self.smoke, self.target))

    @property
    def least_mismatch(self) -> float:
        """What the mean square difference can't fall below while masses stay: by Jensen's
        inequality the square of the means' difference, mean over dyes."""
        difference = np.subtract(self.target, self.smoke)
        return float(np.mean(difference * difference))


def compare_masses(smoke: Densities, target: Densities) -> MassComparison:
    """Both of shape (dyes, nx, ny)."""
    means = [tuple(np.mean(field, axis=(1, 2), dtype=float).tolist()) for field in (smoke, target)]
    return MassComparison(*means)


def mass_notice(masses: MassComparison, incompressible: bool) -> str | None:
    """What the user should know before an optimisation that cannot succeed, or None.

    Args:
        incompressible: whether the projection is exact, so that no flow changes the masses.
    """
    if not incompressible or not masses.differ:
        return None
    ratios = ", ".join(f"{ratio:.3g}" for ratio in masses.ratios)
    dyes = "" if len(masses.ratios) == 1 else " (dye by dye)"
    return (
        f"the target has {ratios} times the smoke's mass{dyes}, and this flow keeps masses: the"
        f" mean square difference stays above {masses.least_mismatch:.3g}."
        " match_mass: true adapts the smoke"
    )


def scaled_to_mass(smoke: Densities, target: Densities) -> Densities:
    """The smoke with each dye multiplied by one number, so that it has the target's mass.

    A dye that is not in the smoke at all is left so. Densities may come to be above 1.

    Args:
        smoke, target: shape (dyes, nx, ny).
    """
    ratios = np.array(compare_masses(smoke, target).ratios)
    factors = np.where(np.isfinite(ratios), ratios, 1.0).reshape(-1, 1, 1)
    return smoke * factors.astype(smoke.dtype)
