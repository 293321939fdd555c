"""The smoke at the start: from none to full in each cell, with the mass of each dye kept."""

from __future__ import annotations

from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import stop_gradient
from sciopt.fluid.objectives import effort, roughness

from .control import Control, Parameter, weighted
from .domain import Domain, refine

NAME = "initial smoke"

SOFTNESS = 0.05
"""Of full smoke: what a cell that is empty or full begins with or without, so that it can move."""

_UNIT = 10.0  # of z: about what fills an empty cell
_UPDATES = 20
_ROUND_OFF, _LEAST_SLOPE = 1e-15, 1e-12
_FARTHEST = 1e-9  # of full smoke, from none and from full: where the logistic function ends


def initial_smoke(
    domain: Domain,
    smoke: Any,
    start: Any = None,
    *,
    most: float | None = None,
    softness: float = SOFTNESS,
    effort_weight: float = 0.0,
    smoothness_weight: float = 0.0,
) -> Control:
    """s = most * logistic(z + c), with one c for each dye that keeps the dye's mass.

    Args:
        smoke: shape (dyes, nx, ny): its masses are kept, and the search begins near it.
        start: the parameter z to begin with instead, shape (dyes, nx, ny).
        most: density of full smoke; 1, or what the smoke's densest cell has if that is more.
        softness: the smoke is held this far, times `most`, from none and from full at the start.
        effort_weight: of mean((s - smoke)^2).
        smoothness_weight: of the roughness of s.
    Value: "smoke", shape (dyes, nx, ny), densities.
    """
    full = max(1.0, float(onp.max(smoke))) if most is None else most
    share = onp.asarray(smoke, onp.float64) / full
    means = onp.clip(share.mean(axis=(1, 2)), _FARTHEST, 1 - _FARTHEST)
    first = logits(share, softness) if start is None else onp.asarray(start, onp.float64)

    def value(z: Any) -> Any:
        return full * logistic_of_mean(z, means)

    def penalties(z: Any) -> dict[str, Any]:
        return weighted(
            NAME,
            effort=(effort_weight, lambda: effort(value(z) - smoke)),
            roughness=(smoothness_weight, lambda: roughness(value(z), domain.periodic)),
        )

    return Control(
        name=NAME,
        provides="smoke",
        start=first,
        unit=_UNIT,
        low=-onp.inf,
        high=onp.inf,
        value=value,
        penalties=penalties,
        refine=lambda z, finer: refine(z, domain, finer),
        measure="density",
    )


def logits(share: Parameter, softness: float) -> Parameter:
    """The parameter of shares of full smoke, held `softness` away from 0 and 1."""
    held = onp.clip(share, softness, 1 - softness)
    return onp.log(held) - onp.log1p(-held)


def logistic_of_mean(z: Any, means: NDArray[Any]) -> Any:
    """logistic(z + c), c for each dye such that the mean over its cells is what it should be.

    c is found by safeguarded Newton steps that are not recorded, and one that is: at the root its
    derivative is that of the implicit function, -mean(s' dz) / mean(s'). Second derivatives are
    not right.

    Args:
        z: shape (dyes, nx, ny).
        means: shape (dyes,), inside 0 and 1, plain.
    """
    wanted = means.reshape(-1, 1, 1).astype(z.dtype)
    shift = _shift(stop_gradient(z), wanted)
    s = _logistic(z + shift)
    missing = wanted - np.mean(s, axis=(1, 2), keepdims=True)
    return _logistic(z + (shift + missing / stop_gradient(_slope(s))))


def _logistic(x: Any) -> Any:
    return 0.5 * np.tanh(0.5 * x) + 0.5


def _slope(s: Any) -> Any:
    """The mean's derivative by c; not zero where all cells are empty or full to round-off."""
    return np.maximum(np.mean(s * (1 - s), axis=(1, 2), keepdims=True), _LEAST_SLOPE)


def _shift(z: Any, wanted: Any) -> Any:
    """c by Newton on the log-odds of the mean, which are nearly linear in c; else by halving."""
    odds = onp.log(wanted) - onp.log1p(-wanted)
    low = odds - np.max(z, axis=(1, 2), keepdims=True)
    high = odds - np.min(z, axis=(1, 2), keepdims=True)
    c = (low + high) / 2
    for _ in range(_UPDATES):
        s = _logistic(z + c)
        mean = np.mean(s, axis=(1, 2), keepdims=True)
        low, high = np.where(mean < wanted, c, low), np.where(mean < wanted, high, c)
        mean = np.clip(mean, _ROUND_OFF, 1 - _ROUND_OFF)
        error = np.log(mean) - np.log(1 - mean) - odds
        newton = c - error * mean * (1 - mean) / _slope(s)
        inside = np.logical_and(newton >= low, newton <= high)
        c = np.where(inside, newton, (low + high) / 2)
    return c
