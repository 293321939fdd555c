"""The scales on which hyperparameters are moved: a value and its unconstrained variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp

import autodiff.numpy as np
from autodiff.scipy.special import expit


@dataclass(frozen=True)
class Scale:
    """A monotone map from the variable to the value, and back.

    Attributes:
        value: of a variable; differentiable.
        variable: of a value, plain; the ends of the domain go to infinity.
        low, high: the open interval of values, and whether the map reaches them.
    """

    value: Callable[[Any], Any]
    variable: Callable[[Any], Any]
    low: float
    high: float


def _logit(p: Any) -> Any:
    with onp.errstate(divide="ignore"):
        return onp.log(p) - onp.log1p(-onp.asarray(p))


def _log(x: Any) -> Any:
    with onp.errstate(divide="ignore"):
        return onp.log(x)


def _same(x: Any) -> Any:
    return x


SCALES: dict[str, Scale] = {
    "linear": Scale(_same, _same, -onp.inf, onp.inf),
    "log": Scale(np.exp, _log, 0.0, onp.inf),
    "logit": Scale(expit, _logit, 0.0, 1.0),
}
