"""Derivatives of what an iteration converges to, from the equation that the limit solves.

Nothing of the iteration is recorded: the implicit function theorem gives the derivative at the
solution, whichever way it was found. Both operators can be differentiated again, in both modes.

| task | here |
|---|---|
| x with x = f(a)(x) | `fixed_point` |
| x with f(x, a) = 0 | `implicit_root` |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from .builtins import pack
from .builtins import tuple as traced_tuple
from .core import make_jvp, make_vjp
from .extend import defjvp, defvjp, primitive
from .linear_solve import LinearSolver, solve_linear, solve_vectors
from .nests import flatten, traces_of
from .tracer import getval, isbox
from .vspace import vspace

# -- fixed points ----------------------------------------------------------------------------------


def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]],
    a: Any,
    x0: Any,
    distance: Callable[[Any, Any], Any],
    tol: float,
) -> Any:
    """The limit of x = f(a)(x), from `x0` until two iterates are within `tol`.

    Differentiable with respect to `a`; the derivative with respect to `x0` is zero. With A the
    Jacobian of f(a) at the limit, cotangents solve g = x_bar + A^T g by the same iteration, and
    tangents v = A v + (df/da) a_dot: each converges where the map is a contraction, to `tol` in
    the same distance.

    Args:
        f: gives the map on x. Traced values may come in through `a` only.
        a: an array, a number, or a tuple, list or dict of such.
        distance: ``(x, previous x) -> number``.

    Raises:
        TypeError: `f` closes over a value that is being differentiated.
        FloatingPointError: the iteration left the finite numbers.

    Source: Christianson (1994), Reverse accumulation and attractive fixed points.
    """
    a, x0 = pack(a), pack(x0)
    if not isbox(a) and not isbox(x0):  # what f closes over is traced step by step, then
        return _iterated(f, a, x0, distance, tol)
    return _fixed_point(f, a, x0, distance, tol)


@primitive
def _fixed_point(f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    x = _iterated(f, a, x0, distance, tol)
    _refuse_closures("fixed_point", x, (a, x0))
    return x


def _iterated(f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    step = _map_of(f, a)
    x, previous = step(x0), x0
    gap = distance(x, previous)
    while gap > tol:
        x, previous = step(x), x
        gap = distance(x, previous)
    if getval(gap) != getval(gap):
        raise FloatingPointError(
            "fixed_point: the distance of two iterates is not a number: the iteration diverged"
        )
    return x


def _map_of(f: Any, a: Any) -> Callable[[Any], Any]:
    step = f(a)
    return lambda x: pack(step(x))


def _adjoint_map(f: Any) -> Callable[[Any], Callable[[Any], Any]]:
    def step_of(params: Any) -> Callable[[Any], Any]:
        a, x, x_bar = params
        vjp, _ = make_vjp(_map_of(f, a), x)
        return lambda g: vspace(x).add(vjp(g), x_bar)

    return step_of


def _tangent_map(f: Any) -> Callable[[Any], Callable[[Any], Any]]:
    def step_of(params: Any) -> Callable[[Any], Any]:
        a, x, forcing = params
        jvp = make_jvp(_map_of(f, a), x)
        return lambda v: vspace(x).add(jvp(v)[1], forcing)

    return step_of


def _fixed_point_vjp(ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Any:
    def pull(x_bar: Any) -> Any:
        params = traced_tuple((a, ans, x_bar))
        g = fixed_point(_adjoint_map(f), params, vspace(ans).zeros(), distance, tol)
        vjp_a, _ = make_vjp(lambda b: _map_of(f, b)(ans), a)
        return vjp_a(g)

    return pull


def _fixed_point_jvp(
    a_dot: Any, ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float
) -> Any:
    _, forcing = make_jvp(lambda b: _map_of(f, b)(ans), a)(a_dot)
    params = traced_tuple((a, ans, forcing))
    return fixed_point(_tangent_map(f), params, vspace(ans).zeros(), distance, tol)


defvjp(_fixed_point, None, _fixed_point_vjp, None)
defjvp(_fixed_point, None, _fixed_point_jvp, None)

# -- roots -----------------------------------------------------------------------------------------

Solver = Callable[[Callable[[Any], Any], Any], Any]
"""``(residual, x0) -> x`` with residual(x) = 0"""


def implicit_root(
    f: Callable[[Any, Any], Any],
    solver: Solver | None = None,
    *,
    linear_solve: LinearSolver | str = "auto",
) -> Callable[[Any, Any], Any]:
    """The function ``(a, x0) -> x`` with f(x, a) = 0, differentiable with respect to `a`.

    With J = df/dx at the root, x_dot = -J^-1 (df/da) a_dot and a_bar = -(df/da)^T J^-T x_bar.

    Args:
        f: the residual, of the structure of x. Traced values may come in through `a` only.
        solver: finds the root of a function of x alone, from x0, by any means: a library's, or
            code that can't be differentiated. Newton's method if None.
        linear_solve: "dense", "gmres", "cg", "auto" (dense up to 200 unknowns, GMRES beyond), or
            ``(matvec, b) -> x`` on plain vectors.

    Raises, when the function is called:
        TypeError: `f` closes over a value that is being differentiated.
        ArithmeticError: Newton's method or the linear solve failed.
    """

    def residual(x: Any, a: Any) -> Any:
        return pack(f(x, a))

    def root(a: Any, x0: Any) -> Any:
        return _root(residual, solver or newton, linear_solve, pack(a), pack(x0))

    return root


@primitive
def _root(f: Any, solver: Any, linear_solve: Any, a: Any, x0: Any) -> Any:
    def residual(x: Any) -> Any:
        y = f(x, a)
        _refuse_closures("implicit_root", y, (x, a, x0))
        return y

    return pack(solver(residual, x0))


def _jacobian_of(f: Any) -> Callable[[Any], Callable[[Any], Any]]:
    """``(x, a) -> (v -> df/dx v)``"""

    def matvec_of(params: Any) -> Callable[[Any], Any]:
        x, a = params
        jvp = make_jvp(lambda y: f(y, a), x)
        return lambda v: jvp(v)[1]

    return matvec_of


def _root_vjp(ans: Any, f: Any, solver: Any, linear_solve: Any, a: Any, x0: Any) -> Any:
    def pull(x_bar: Any) -> Any:
        params = traced_tuple((ans, a))
        u = solve_linear(_jacobian_of(f), linear_solve, True, params, x_bar)
        vjp_a, _ = make_vjp(lambda b: f(ans, b), a)
        return vjp_a(vspace(ans).scalar_mul(u, -1.0))

    return pull


def _root_jvp(a_dot: Any, ans: Any, f: Any, solver: Any, linear_solve: Any, a: Any, x0: Any) -> Any:
    _, forcing = make_jvp(lambda b: f(ans, b), a)(a_dot)
    forcing = vspace(ans).scalar_mul(forcing, -1.0)
    return solve_linear(_jacobian_of(f), linear_solve, False, traced_tuple((ans, a)), forcing)


defvjp(_root, None, None, None, _root_vjp, None)
defjvp(_root, None, None, None, _root_jvp, None)


def newton(residual: Callable[[Any], Any], x0: Any, iterations: int = 50) -> Any:
    """Newton's method: steps until one is so short that the next would be below rounding.

    Raises:
        ArithmeticError: it did not get there within `iterations`, or met a singular Jacobian.
    """
    # Its error is about the square of the last step, relative to 1 + |x|.
    kinds = [onp.asarray(getval(leaf)).dtype for leaf in flatten(x0)[0]]
    tol = 1000 * float(onp.finfo(onp.result_type(onp.float32, *kinds)).eps)
    x, space = x0, vspace(x0)
    for _ in range(iterations):
        jvp = make_jvp(residual, x)
        step = solve_vectors(lambda v, jvp=jvp: jvp(v)[1], residual(x), "auto")  # type: ignore[misc]
        x = space.add(x, space.scalar_mul(step, -1.0))
        length, size = space.inner_prod(step, step) ** 0.5, space.inner_prod(x, x) ** 0.5
        if length <= tol * (1.0 + size):
            return x
    raise ArithmeticError(
        f"Newton's method took {iterations} steps without converging, the last of length"
        f" {float(length):.3g}; start nearer to the root or give implicit_root a solver"
    )


def _refuse_closures(name: str, result: Any, given: tuple[Any, ...]) -> None:
    """Refuse a result that depends on traces which nothing that was given belongs to: the part of
    the derivative that comes in through a closure would be lost."""
    if not traces_of(flatten(result)[0]).keys() <= traces_of(flatten(given)[0]).keys():
        raise TypeError(
            f"{name}: f closes over a value that is being differentiated; hand it in through a"
            " (a tuple or dict holds several)"
        )
