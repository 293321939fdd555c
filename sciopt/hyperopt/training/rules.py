"""The update rules of training, array by array.

g is the gradient of a step, after plain weight decay and clipping; w the weights, v, m, s what the
rule remembers, all of one shape; a, b, b1, b2 are numbers or arrays of that shape.

    sgd         w' = w - a g
    heavy-ball  v' = b v - (1 - b) g,   w' = w + a v'       (Maclaurin et al. 2015, averaged)
    momentum    v' = b v + g,           w' = w - a v'
    nesterov    v' = b v + g,           w' = w - a (g + b v')
    rmsprop     s' = b2 s + (1 - b2) g^2,   w' = w - a g / (sqrt(s' + e_r) + e)
    adam        m' = b1 m + (1 - b1) g,  s' as in rmsprop,
                w' = w - a (m'/c1) / (sqrt(s'/c2 + e_r) + e),  c1 = 1 - b1^t,  c2 = 1 - b2^t

Adam: Kingma and Ba (2015), Algorithm 1, where rates that change with the step make b^t a product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import autodiff.numpy as np


@dataclass(frozen=True)
class Rates:
    """What a rule uses in one step for one array; what it does not use is None."""

    learning_rate: Any
    momentum: Any = None
    beta1: Any = None
    beta2: Any = None
    correction1: Any = None
    correction2: Any = None
    eps: float = 1e-8
    eps_root: float = 0.0


Update = Callable[[Any, tuple[Any, ...], Any, Rates], tuple[Any, tuple[Any, ...]]]


@dataclass(frozen=True)
class Rule:
    """An update rule.

    Attributes:
        update: ``(w, slots, g, rates) -> (w', slots')``.
        slots: how many arrays it remembers for each array of weights; they start at zero.
        uses: the hyperparameters that it uses besides the learning rate.
    """

    update: Update
    slots: int
    uses: tuple[str, ...]


def _sgd(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    return w - r.learning_rate * g, ()


def _heavy_ball(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    v = r.momentum * slots[0] - (1 - r.momentum) * g
    return w + r.learning_rate * v, (v,)


def _momentum(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    v = r.momentum * slots[0] + g
    return w - r.learning_rate * v, (v,)


def _nesterov(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    v = r.momentum * slots[0] + g
    return w - r.learning_rate * (g + r.momentum * v), (v,)


def _rmsprop(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    s = r.beta2 * slots[0] + (1 - r.beta2) * (g * g)
    return w - r.learning_rate * g / (safe_root(s, r.eps_root) + r.eps), (s,)


def _adam(w: Any, slots: tuple[Any, ...], g: Any, r: Rates) -> tuple[Any, tuple[Any, ...]]:
    m = r.beta1 * slots[0] + (1 - r.beta1) * g
    s = r.beta2 * slots[1] + (1 - r.beta2) * (g * g)
    root = safe_root(s / r.correction2, r.eps_root) + r.eps
    return w - r.learning_rate / r.correction1 * (m / root), (m, s)


def safe_root(s: Any, eps_root: float) -> Any:
    """sqrt(s + eps_root), whose derivative at 0 is taken as 0.

    That is exact here: s is 0 only where all gradients so far were 0, and a derivative with respect
    to s goes on to be multiplied by them. Without it, weights behind a pixel that is always dark
    would get 0 times infinity.
    """
    if eps_root > 0:
        return np.sqrt(s + eps_root)
    is_zero = s == 0
    return np.where(is_zero, 0.0, np.sqrt(np.where(is_zero, 1.0, s)))


RULES: dict[str, Rule] = {
    "sgd": Rule(_sgd, 0, ()),
    "heavy-ball": Rule(_heavy_ball, 1, ("momentum",)),
    "momentum": Rule(_momentum, 1, ("momentum",)),
    "nesterov": Rule(_nesterov, 1, ("momentum",)),
    "rmsprop": Rule(_rmsprop, 1, ("beta2",)),
    "adam": Rule(_adam, 2, ("beta1", "beta2")),
}
