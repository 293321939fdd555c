"""Checks of derivatives, for the library's own rules and for yours.

`check_grads` compares both modes with central differences and with each other, up to a given order;
`taylor_order` gives one honest number for a whole program. Failures are AssertionErrors that show
both values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as onp

from .builtins import pack
from .core import make_jvp, make_vjp
from .differential_operators import value_and_grad
from .tracer import getval
from .vspace import vspace
from .wrap_util import unary_to_nary

TOL = 1e-6
RTOL = 1e-6
EPS = 1e-6


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers agree to TOL absolutely or RTOL relatively."""
    return bool(abs(a - b) < TOL or abs(a - b) / (abs(a + b) or 1.0) < RTOL)


def make_numerical_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """The function ``v -> (fun(x + EPS v / 2) - fun(x - EPS v / 2)) / EPS``."""
    space, out_space = vspace(x), vspace(fun(x))

    def jvp(v: Any) -> Any:
        ahead = fun(space.add(x, space.scalar_mul(v, EPS / 2)))
        behind = fun(space.add(x, space.scalar_mul(v, -EPS / 2)))
        difference = out_space.add(ahead, out_space.scalar_mul(behind, -1.0))
        return out_space.scalar_mul(difference, 1 / EPS)

    return jvp


def check_vjp(fun: Callable[[Any], Any], x: Any) -> None:
    """Compare ``<g, J v>`` by central differences with ``<J^T g, v>`` by reverse mode."""
    vjp, value = make_vjp(fun, x)
    space, out_space = vspace(x), vspace(value)
    direction, cotangent = space.randn(), out_space.randn()
    pulled = vjp(out_space.covector(cotangent))
    _check_space(space, pulled, "the VJP's result", "the argument")
    numeric = out_space.inner_prod(cotangent, make_numerical_jvp(fun, x)(direction))
    analytic = space.inner_prod(direction, space.covector(pulled))
    _check_close("derivative (VJP)", analytic, numeric)


def check_jvp(fun: Callable[[Any], Any], x: Any) -> None:
    """Compare forward mode's ``J v`` with central differences, in a random direction."""
    direction = vspace(x).randn()
    value, tangent = make_jvp(fun, x)(direction)
    space = vspace(value)
    _check_space(space, tangent, "the JVP's result", "the value")
    probe = space.randn()
    numeric = space.inner_prod(probe, make_numerical_jvp(fun, x)(direction))
    _check_close("derivative (JVP)", space.inner_prod(probe, tangent), numeric)


def check_duality(fun: Callable[[Any], Any], x: Any, rtol: float = 1e-12) -> None:
    """Compare ``<g, J v>`` by forward mode with ``<J^T g, v>`` by reverse mode."""
    vjp, value = make_vjp(fun, x)
    space, out_space = vspace(x), vspace(value)
    direction, cotangent = space.randn(), out_space.randn()
    tangent = make_jvp(fun, x)(direction)[1]
    pulled = space.covector(vjp(out_space.covector(cotangent)))
    forward = getval(out_space.inner_prod(cotangent, tangent))
    reverse = getval(space.inner_prod(direction, pulled))
    scale = onp.sqrt(
        out_space.inner_prod(cotangent, cotangent) * out_space.inner_prod(tangent, tangent)
    )
    if not abs(forward - reverse) <= rtol * max(scale, 1e-300):
        raise AssertionError(
            f"forward and reverse mode disagree: {forward} and {reverse}"
            f" (difference {abs(forward - reverse):.2e}, allowed {rtol * scale:.2e})"
        )


def _check_space(space: Any, value: Any, what: str, whose: str) -> None:
    if vspace(value) != space:
        raise AssertionError(
            f"{what} is not in {whose}'s vector space: {vspace(value)} instead of {space}"
        )


def _check_close(what: str, analytic: Any, numeric: Any) -> None:
    analytic, numeric = getval(analytic), getval(numeric)
    if not scalar_close(analytic, numeric):
        raise AssertionError(f"{what} is wrong: analytic {analytic}, numeric {numeric}")


def check_equivalent(x: Any, y: Any) -> None:
    """Check that two values are in one vector space, and close."""
    space = vspace(x)
    _check_space(space, y, "the second value", "the first")
    probe = space.randn()
    _check_close("value", space.inner_prod(probe, x), space.inner_prod(probe, y))


@unary_to_nary
def check_grads(
    fun: Callable[[Any], Any],
    x: Any,
    modes: Sequence[str] = ("fwd", "rev"),
    order: int = 2,
) -> None:
    """Check derivatives of `fun` at `x`, in both modes, up to `order`: modes mixed at order 2.

    Called as ``check_grads(fun, argnum=0, modes=["fwd", "rev"], order=2)(*args)``. Random
    directions come from NumPy's global generator.

    Raises:
        AssertionError: a derivative is wrong; the message shows both values.
        ValueError: a mode is neither "fwd" nor "rev".
    """
    unknown = set(modes) - {"fwd", "rev"}
    if unknown or not modes:
        raise ValueError(f'modes must be of "fwd" and "rev", got {list(modes)}')
    fun = _packed(fun)
    if "fwd" in modes:
        check_jvp(fun, x)
        if order > 1:
            direction = vspace(x).randn()
            check_grads(lambda y: make_jvp(fun, y)(direction)[1], 0, modes, order - 1)(x)
    if "rev" in modes:
        check_vjp(fun, x)
        if order > 1:
            space = vspace(fun(x))
            cotangent = space.randn()
            check_grads(lambda y: make_vjp(fun, y)[0](cotangent), 0, modes, order - 1)(x)


def _packed(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda x: pack(fun(x))


def combo_check(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., None]:
    """`check_grads(fun, *args, **kwargs)` on every combination of the listed arguments."""
    check_options = {key: kwargs[key] for key in ("modes", "order") if key in kwargs}

    def check(*arg_lists: Any, **kwarg_lists: Any) -> None:
        names = list(kwarg_lists)
        for given in product(*arg_lists):
            for chosen in product(*(kwarg_lists[name] for name in names)):
                keywords = dict(zip(names, chosen))
                check_grads(
                    lambda *xs, keywords=keywords: fun(*xs, **keywords), *args, **check_options
                )(*given)

    return check


def taylor_order(
    fun: Callable[[Any], Any],
    x: onp.ndarray,
    direction: onp.ndarray,
    largest: float = 1e-2,
    halvings: int = 4,
) -> float:
    """Order in h of ``|fun(x + h d) - fun(x) - h <gradient, d>|``, `fun` a scalar function.

    2 if the gradient is right, towards 1 if it is not. `largest` is the first h; it must be small
    enough that third derivatives do not show and large enough that rounding does not.
    """
    value, gradient = value_and_grad(fun)(x)
    slope = onp.vdot(gradient, direction)
    h = largest * 0.5 ** onp.arange(halvings)
    remainders = [abs(fun(x + hi * direction) - value - hi * slope) for hi in h]
    return float(onp.log2(onp.divide(remainders[:-1], remainders[1:])).min())
