"""The solution of an initial value problem as a primitive: adjoint and sensitivity equations.

The equations are solved by the same solver as the problem, to the same tolerances, and by the same
primitive: so its derivatives can be differentiated again, in any mode.

Source: Pontryagin et al. (1962), The Mathematical Theory of Optimal Processes, for the adjoint;
Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.6 and I.14, for derivatives
with respect to times and parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as onp

from ... import numpy as np
from ...core import defjvp_argnums, defvjp_argnums, make_vjp
from ...core import make_jvp as push_along
from ...numpy.broadcasting import metadata, unbroadcast
from ...running import settled
from ...tracer import getval, isbox, primitive
from ...vspace import vspace
from .nests import ravel_all, unravel_like

Solver = Callable[[Callable[[Any, Any], Any], Any, Any], Any]


class Problem(NamedTuple):
    """dy/dt = rate(t, y, leaves); what of it is not an operand.

    Attributes: rate, giving a traced array of y's shape; solve(f, y0, t) with f(t, y), plain arrays
    in and out, giving y at the times t, shape (len(t), len(y0)).
    """

    rate: Callable[[Any, Any, list[Any]], Any]
    solve: Solver


@primitive
def solve_initial_value_problem(problem: Problem, y0: Any, t: Any, *leaves: Any) -> Any:
    """y at the times t, the first of which is where y = y0.

    Args:
        y0: shape (D,).
        t: shape (T,), increasing or decreasing.
        leaves: what the rate depends on besides.

    Returns: shape (T, D).

    Raises:
        TypeError: the rate is traced though its operands are not.
    """

    def rate(time: Any, y: Any) -> Any:
        y_dot = settled(problem.rate(time, y, list(leaves)))
        if isbox(y_dot):
            raise TypeError(
                "the right-hand side of a differential equation captures a traced value, which its"
                " derivative would miss: hand it over in args"
            )
        return onp.asarray(y_dot)

    return problem.solve(rate, onp.asarray(y0), onp.asarray(t))


# -- reverse mode: the adjoint equation, backwards from one time to the one before -----------------


def _adjoint_problem(problem: Problem, d: int) -> Problem:
    """The state (y, adjoint of y, adjoint of the leaves), with the leaves as operands."""

    def rate(time: Any, state: Any, values: list[Any]) -> Any:
        operands = (state[:d], *values)
        pull, y_dot = make_vjp(lambda xs: problem.rate(time, xs[0], list(xs[1:])), operands)
        y_bar, *leaf_bars = pull(-state[d : 2 * d])
        return np.concatenate([y_dot, y_bar, ravel_all(leaf_bars)])

    return Problem(rate, problem.solve)


def _pull_back(
    problem: Problem, ys: Any, t: Any, leaves: tuple[Any, ...], g: Any
) -> tuple[Any, ...]:
    """Cotangents of y0, of t and of the leaves."""
    count, d = metadata(ys).shape
    backwards = _adjoint_problem(problem, d)
    y_bar = g[count - 1]
    rest = onp.zeros(sum(onp.size(getval(leaf)) for leaf in leaves))
    t_bars: list[Any] = []
    for i in range(count - 1, 0, -1):
        rate = problem.rate(t[i], ys[i], list(leaves))
        t_bars.append(np.dot(rate, g[i]))
        state = np.concatenate([ys[i], y_bar, rest])
        earlier = solve_initial_value_problem(
            backwards, state, np.stack([t[i], t[i - 1]]), *leaves
        )[1]
        y_bar = earlier[d : 2 * d] + g[i - 1]
        rest = earlier[2 * d :]
    # Moving the start by dt is starting from y0 - rate dt; the first output is y0 wherever it is.
    start_rate = problem.rate(t[0], ys[0], list(leaves))
    t_bars.append(-np.dot(start_rate, y_bar - g[0]))
    return (y_bar, np.stack(t_bars[::-1]), *unravel_like(rest, list(leaves)))


def _vjp(argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
    problem, y0, t, *leaves = args
    t, meta_y0, meta_t = np.asarray(t), metadata(y0), metadata(t)

    def pull(g: Any) -> list[Any]:
        bars = [None, *_pull_back(problem, ans, t, tuple(leaves), g)]
        bars[1], bars[2] = unbroadcast(bars[1], meta_y0), unbroadcast(bars[2], meta_t)
        return [bars[k] for k in argnums]

    return pull


# -- forward mode: the sensitivity equation, beside the problem ------------------------------------


def _sensitivity_problem(problem: Problem, d: int, moving: Sequence[int]) -> Problem:
    """The state (y, y_dot), the operands being the leaves, then the tangents of those that move."""

    def rate(time: Any, state: Any, values: list[Any]) -> Any:
        count = len(values) - len(moving)
        leaves, given = values[:count], dict(zip(moving, values[count:]))
        tangents = tuple(
            given[k] if k in given else vspace(leaf).zeros() for k, leaf in enumerate(leaves)
        )
        push = push_along(lambda xs: problem.rate(time, xs[0], list(xs[1:])), (state[:d], *leaves))
        return np.concatenate(push((state[d:], *tangents)))

    return Problem(rate, problem.solve)


def _jvp(argnums: Sequence[int], gs: Sequence[Any], ans: Any, args: Any, kwargs: Any) -> Any:
    problem, y0, t, *leaves = args
    tangents = dict(zip(argnums, gs))
    t, d = np.asarray(t), metadata(ans).shape[1]
    moving = [k - 3 for k in argnums if k >= 3]
    y0_dot = tangents.get(1, onp.zeros(d))
    t_dot = tangents.get(2)
    if t_dot is not None:
        y0_dot = y0_dot - problem.rate(t[0], ans[0], leaves) * t_dot[0]
    pushed = solve_initial_value_problem(
        _sensitivity_problem(problem, d, moving),
        np.concatenate([y0, y0_dot]),
        t,
        *leaves,
        *(tangents[k + 3] for k in moving),
    )[:, d:]
    if t_dot is None:
        return pushed
    rates = [problem.rate(t[i], ans[i], leaves) * t_dot[i] for i in range(metadata(ans).shape[0])]
    return pushed + np.stack(rates)


defvjp_argnums(solve_initial_value_problem, _vjp)
defjvp_argnums(solve_initial_value_problem, _jvp)
