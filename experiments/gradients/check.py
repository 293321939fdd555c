"""Derivatives of a flow by each of its controls and for each of its objectives, checked.

For every pair, with a direction d that moves this control alone, two figures are found:

- the order of the Taylor remainder |F(x + h d) - F(x) - h <g, d>| in h: 2 for a right gradient g;
- the difference of <g, d> by reverse mode from J d by forward mode, as a part of |g| |d|.

Transport is smooth in pieces: bilinear interpolation has kinks where a departure crosses into
another cell. So the order is the best of several lengths of h: a kink is left behind by a shorter
one, a wrong gradient by none. Longer ones are for what is nearly linear. Where F is linear in h, no
remainder is left above round-off, and the order is infinite. Some objectives are constant: what is
in a closed box has no mean velocity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as onp
from numpy.typing import NDArray

import autodiff.numpy as np
from autodiff import make_jvp
from autodiff.core import make_vjp

from .cases import PENALTIES, Case, penalties_of

Array = NDArray[onp.floating[Any]]

_LENGTHS = (1e-5, 1e-6, 3e-6, 3e-7, 1e-4, 3e-5, 1e-3, 3e-4)
_SLIGHT = 1e-4  # of |g| |d| h: a remainder that may drown in round-off, so that h may be longer
_DROWNED = 20 * float(onp.finfo(float).eps)  # of the value: the same, where |g| happens to be small
_NEAR = 0.05  # of 2: an order that no shorter h has to be tried for
_NOTHING = 1e-7  # of the change itself: a remainder that is only solvers' and round-off errors
_CONSTANT = 1e-10  # derivatives below, in the optimiser's units: what solvers leave of zero
_SPREAD = {"stream function": 0.3}
_SMALL = 0.05
"""How far the start is from the program's, in the optimiser's units."""


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes:
        order: of the Taylor remainder; infinite where there is none.
        duality: relative difference of the two modes.
        constant: whether the control does not matter: both modes and differences give zero.
    """

    order: float
    duality: float
    constant: bool = False


def check(case: Case, seed: int = 0) -> dict[tuple[str, str], Outcome]:
    """Outcomes by control and objective, in the order of the case's controls."""
    parts, start, places, names = prepared(case, seed)
    rng = onp.random.default_rng(seed + 1)
    pull, values = make_vjp(parts, start)
    gradients = onp.stack([pull(row) for row in onp.eye(len(names))])
    found = {}
    for control, place in places.items():
        direction = onp.zeros_like(start)
        direction[place] = _leaning(rng.standard_normal(start[place].shape), gradients[:, place])
        slopes = gradients @ direction
        pushed = make_jvp(parts)(start)(direction)[1]
        sizes = onp.linalg.norm(gradients[:, place], axis=1) * onp.linalg.norm(direction)
        idle = (sizes < _CONSTANT) & (onp.abs(pushed) < _CONSTANT)
        change = onp.abs(parts(start + _LENGTHS[0] * direction) - values)
        constant = idle & (change < _LENGTHS[0] * 1000 * _CONSTANT)
        orders = _orders(parts, start, direction, values, slopes, sizes, ~constant)
        with onp.errstate(invalid="ignore", divide="ignore"):
            duality = onp.abs(pushed - slopes) / sizes
        asked = (*case.objectives, *penalties_of(case.scheme, control))
        for k, name in enumerate(names):
            if name in asked and constant[k]:
                found[control, name] = Outcome(onp.inf, 0.0, constant=True)
            elif name in asked:
                found[control, name] = Outcome(float(orders[k]), float(duality[k]))
    return found


def _leaning(direction: Array, gradients: Array) -> Array:
    """A direction, shape (n,), with a slope in each of its objectives, shape (objectives, n).

    A random one is nearly level for some of them, and the slope hardly matters in its remainder.
    """
    leaning = direction / onp.linalg.norm(direction)
    for gradient in gradients:
        size = float(onp.linalg.norm(gradient))
        if size > _CONSTANT:
            leaning = leaning + onp.copysign(0.5, gradient @ leaning) * gradient / size
    return leaning * onp.linalg.norm(direction) / onp.linalg.norm(leaning)


def prepared(
    case: Case, seed: int
) -> tuple[Callable[[Any], Any], Array, dict[str, slice], list[str]]:
    """All objectives of a vector as one array, a start, each control's place, the names."""
    on_the_way, at_the_end = case.stages()
    start = on_the_way.start()
    places = dict(zip(case.controls, on_the_way.controls.slices().values()))
    rng = onp.random.default_rng(seed)
    for control, place in places.items():
        spread = _SPREAD.get(control, _SMALL)
        start[place] += spread * rng.standard_normal(start[place].shape)

    def named(vector: Any) -> dict[str, Any]:
        flow = on_the_way.flow(vector)
        found = on_the_way.parts(vector, flow)
        found["keyframes"] = found.pop("mean square")
        for kind in PENALTIES:
            terms = [found.pop(name) for name in list(found) if name.startswith(f"{kind} of")]
            found[kind] = sum(terms)
        return found | at_the_end.objective.parts(flow)

    names = list(named(start))
    return lambda vector: np.stack(list(named(vector).values())), start, places, names


def _orders(
    parts: Callable[[Any], Any],
    start: Array,
    direction: Array,
    values: Array,
    slopes: Array,
    sizes: Array,
    wanted: NDArray[onp.bool_],
) -> Array:
    """Of each objective's remainder: that of the h for which it is nearest to 2."""
    best, slight = onp.full(len(values), -onp.inf), onp.zeros(len(values), bool)
    for length in _LENGTHS:
        h = length * onp.array([[1.0], [0.5]])
        changes = onp.stack([parts(start + hi * direction) - values for hi in h[:, 0]])
        remainders = onp.abs(changes - h * slopes)
        with onp.errstate(divide="ignore", invalid="ignore"):
            orders = onp.log2(remainders[0] / remainders[1])
        slight |= remainders[0] <= _SLIGHT * length * sizes
        if length == _LENGTHS[0]:
            slight |= remainders[0] <= _DROWNED * onp.abs(values)
        nearer = (onp.abs(orders - 2) < onp.abs(best - 2)) & (slight | (length <= _LENGTHS[0]))
        best = onp.where(nearer, orders, best)
        linear = (remainders <= _NOTHING * onp.abs(h * slopes)).all(axis=0)
        best = onp.where(linear & (onp.abs(best - 2) > _NEAR), onp.inf, best)
        if ((onp.abs(best - 2) <= _NEAR) | onp.isposinf(best))[wanted].all():
            break
    return best
