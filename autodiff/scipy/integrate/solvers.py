"""SciPy's two doors to its ODE solvers, with SciPy's signatures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp
import scipy.integrate

from ... import numpy as np
from ...numpy.broadcasting import metadata
from ...tracer import getval, isbox
from .adjoint import Problem, solve_initial_value_problem
from .nests import take_leaves

Func = Callable[..., Any]
_solve_ivp: Any = scipy.integrate.solve_ivp


def odeint(func: Func, y0: Any, t: Any, args: Any = (), **options: Any) -> Any:
    """As scipy.integrate.odeint: y at the times t, of dy/dt = func(y, t, *args).

    Args:
        y0: shape (D,), or a number.
        t: shape (T,); y0 belongs to t[0].
        args: a tuple of numbers, arrays and nests of containers of them, or one such value.
        options: odeint's (rtol, atol, tfirst, mxstep, ...).

    Returns: shape (T, D), differentiable in y0, t and args.

    Raises:
        NotImplementedError: with traced arguments, an option that the adjoint equation cannot have.
    """
    args = args if isinstance(getval(args), tuple) else (args,)
    leaves: list[Any] = []
    rebuild = take_leaves(args, leaves)
    y0, t = np.asarray(y0), np.asarray(t)
    if not (leaves or isbox(y0) or isbox(t)):
        return scipy.integrate.odeint(func, y0, t, args, **options)
    first = options.pop("tfirst", False)
    _refuse("odeint", options, ("Dfun", "col_deriv", "full_output", "ml", "mu", "tcrit"))
    call = func if first else (lambda time, y, *rest: func(y, time, *rest))

    def solve(rate: Any, start: Any, times: Any) -> Any:
        return scipy.integrate.odeint(rate, start, times, tfirst=True, **_for_any_size(options))

    problem = Problem(_rate(call, rebuild), solve)
    return solve_initial_value_problem(problem, np.reshape(y0, (-1,)), t, *leaves)


def solve_ivp(
    fun: Func,
    t_span: Sequence[Any],
    y0: Any,
    method: Any = "RK45",
    t_eval: Any = None,
    dense_output: bool = False,
    events: Any = None,
    vectorized: bool = False,
    args: Any = None,
    **options: Any,
) -> Any:
    """As scipy.integrate.solve_ivp, of dy/dt = fun(t, y, *args), with `t` and `y` traced.

    Args:
        t_span: start and end; both may be traced.
        y0: shape (D,).
        t_eval: where to give the solution; by default, at the solver's own steps, whose places
            between start and end are taken as constants.
        args: a tuple of numbers, arrays and nests of containers of them, or one such value.
        options: the solver's (rtol, atol, max_step, ...).

    Returns: SciPy's result, with .t of shape (T,) and .y of shape (D, T) traced if an argument is.

    Raises:
        NotImplementedError: with traced arguments, `events`, `dense_output`, a Jacobian, or complex
            states.
    """
    args = () if args is None else args if isinstance(getval(args), tuple) else (args,)
    leaves: list[Any] = []
    rebuild = take_leaves(args, leaves)
    span, y0 = np.asarray(t_span), np.asarray(y0)
    given = None if t_eval is None else np.asarray(t_eval)
    rate = _rate(fun, rebuild)
    plain = [getval(leaf) for leaf in leaves]
    result = _solve_ivp(
        lambda time, y: rate(time, y, plain),
        tuple(float(end) for end in getval(span)), getval(y0), method, getval(given),
        dense_output, events, vectorized, **options,
    )  # fmt: skip
    if not (leaves or isbox(y0) or isbox(span) or isbox(given)) or not result.success:
        return result
    _refuse("solve_ivp", {**options, "events": events}, ("events", "jac", "jac_sparsity"))
    _refuse_states(dense_output, y0)

    def solve(f: Any, start: Any, times: Any) -> Any:
        return _solve_ivp(
            f, (times[0], times[-1]), start, method, times, **_for_any_size(options)
        ).y.T

    times = given if given is not None else _at_steps(result.t, span)
    problem = Problem(rate, solve)
    result.t, result.y = times, np.transpose(_solved(problem, y0, span, times, leaves))
    return result


def _solved(problem: Problem, y0: Any, span: Any, times: Any, leaves: list[Any]) -> Any:
    """The solution at `times`, whether or not they begin with the start."""
    if getval(times)[0] == getval(span)[0]:
        return solve_initial_value_problem(problem, y0, times, *leaves)
    with_start = np.concatenate([span[:1], times])
    return solve_initial_value_problem(problem, y0, with_start, *leaves)[1:]


def _at_steps(steps: Any, span: Any) -> Any:
    return np.concatenate([span[:1], steps[1:-1], span[1:]]) if isbox(span) else steps


def _rate(func: Func, rebuild: Callable[[list[Any]], Any]) -> Callable[[Any, Any, list[Any]], Any]:
    def rate(time: Any, y: Any, leaves: list[Any]) -> Any:
        y_dot = np.asarray(func(time, y, *rebuild(leaves)))
        return np.reshape(y_dot, metadata(y).shape)

    return rate


def _for_any_size(options: dict[str, Any]) -> dict[str, Any]:
    """Options for an equation of another size: of tolerances per entry, the tightest is taken."""
    return {
        key: float(onp.min(value)) if key in ("rtol", "atol") and value is not None else value
        for key, value in options.items()
    }


def _refuse(name: str, options: dict[str, Any], refused: Sequence[str]) -> None:
    for option in refused:
        if options.get(option) is not None and options[option] is not False:
            raise NotImplementedError(f"the derivative of {name} with {option}= is not defined")


def _refuse_states(dense_output: bool, y0: Any) -> None:
    if dense_output:
        raise NotImplementedError("the derivative of solve_ivp with dense_output= is not defined")
    if metadata(y0).dtype.kind == "c":
        raise NotImplementedError(
            "the derivative of solve_ivp with complex states is not defined;"
            " write real and imaginary parts as two states"
        )
