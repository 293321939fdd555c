"""grad and its relatives, all of them written with make_vjp and make_jvp.

Every operator but the ones that say otherwise is called as ``operator(fun, argnum=0)`` and gives a
function with `fun`'s own arguments. `argnum` may be a tuple of positions: the result then is a
tuple, from one forward and one backward pass. Gradients of real functions of complex arguments
z = x + iy are df/dx - i df/dy: descend along the conjugate.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from . import numpy as np
from .builtins import pack
from .checkpointing import checkpoint  # noqa: F401  (Autograd has it in this module)
from .core import make_jvp as _make_jvp
from .core import make_vjp as _make_vjp
from .core import pull_back_once
from .jacobians import jacobian_at
from .running import settled
from .tracer import getval, isbox
from .vspace import vspace
from .wrap_util import unary_to_nary


def _scalar_one(value: Any) -> Any:
    """The cotangent 1 of a real scalar result (slide 18: L-bar = 1)."""
    plain = getval(value)
    if plain.__class__ is float or plain.__class__ is np.float64:
        return plain.__class__(1.0)
    space = None if isinstance(plain, (tuple, list, dict)) else vspace(value)
    if space is None or space.size != 1 or space.iscomplex:
        raise TypeError(
            "grad is for functions with one real number as their result, got a result of"
            f" {_describe(value)}; use jacobian, elementwise_grad or holomorphic_grad instead"
        )
    return space.ones()


def _describe(value: Any) -> str:
    plain = getval(value)
    shape = getattr(plain, "shape", None)
    kind = getattr(plain, "dtype", type(plain).__name__)
    return f"shape {shape} and dtype {kind}" if shape is not None else f"type {kind}"


def _or_warn(g: Any, x: Any) -> Any:
    if g is not None:
        return g
    warnings.warn("the result does not depend on the input: its gradient is zero", stacklevel=4)
    return vspace(x).zeros()


@unary_to_nary
def grad(fun: Callable[[Any], Any], x: Any) -> Any:
    """Gradient of a function with one real number (a scalar, or an array of size 1) as result.

    The gradient has the structure, shapes and dtypes of the argument.

    Raises:
        TypeError: the result is not one real number.
    """
    _, g = pull_back_once(_scalar_one, fun, x)
    return _or_warn(g, x)


@unary_to_nary
def value_and_grad(fun: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """``(value, gradient)``, see `grad`."""
    value, g = pull_back_once(_scalar_one, fun, x)
    return value, _or_warn(g, x)


@unary_to_nary
def grad_and_aux(fun: Callable[[Any], tuple[Any, Any]], x: Any) -> tuple[Any, Any]:
    """``(gradient of the first result, second result)`` of a function with two results."""
    kept: list[Any] = []

    def first(argument: Any) -> Any:
        value, aux = fun(argument)
        kept.append(_without(argument._owner, aux))
        return value

    _, g = pull_back_once(_scalar_one, first, x)
    return _or_warn(g, x), kept.pop()


def _without(trace: Any, value: Any) -> Any:
    """`value`, with the boxes of `trace` removed from it and from the containers in it."""
    value = settled(value)
    if isbox(value):
        return value._value if value._owner is trace else value
    if type(value) in (tuple, list):
        return type(value)(_without(trace, entry) for entry in value)
    if type(value) is dict:
        return {key: _without(trace, entry) for key, entry in value.items()}
    return value


def grad_named(fun: Callable[..., Any], argname: str) -> Callable[..., Any]:
    """`grad` with respect to the parameter of that name.

    Raises:
        ValueError: `fun` has no such parameter.
    """
    names = list(inspect.signature(fun).parameters)
    if argname not in names:
        raise ValueError(f"grad_named: no parameter {argname!r} among {', '.join(names)}")
    return grad(fun, names.index(argname))


def multigrad_dict(fun: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Gradients with respect to all parameters, by name, defaults included."""
    signature = inspect.signature(fun)

    def gradient(*args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()

        def of_all(arguments: Any) -> Any:
            changed = signature.bind_partial()
            changed.arguments = dict(arguments.items())
            return fun(*changed.args, **changed.kwargs)

        return grad(of_all)(dict(bound.arguments))

    return gradient


@unary_to_nary
def elementwise_grad(fun: Callable[[Any], Any], x: Any) -> Any:
    """Sum of the Jacobian over the outputs: the derivative of an elementwise function.

    Raises:
        TypeError: the result is complex.
    """

    def ones(value: Any) -> Any:
        space = vspace(value)
        if space.iscomplex:
            raise TypeError("elementwise_grad is for functions with a real result")
        return space.ones()

    _, g = pull_back_once(ones, lambda argument: pack(fun(argument)), x)
    return _or_warn(g, x)


@unary_to_nary
def holomorphic_grad(fun: Callable[[Any], Any], x: Any) -> Any:
    """Derivative of a holomorphic function of a complex scalar."""
    if not vspace(x).iscomplex:
        warnings.warn("holomorphic_grad: the input is real", stacklevel=3)
    _, g = pull_back_once(_scalar_one, lambda z: np.real(fun(z)), x)
    return _or_warn(g, x)


@unary_to_nary
def deriv(fun: Callable[[Any], Any], x: Any) -> Any:
    """Forward-mode derivative along the direction of ones."""
    return _make_jvp(lambda argument: pack(fun(argument)), x)(vspace(x).ones())[1]


@unary_to_nary
def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """``(vjp, value)``: vjp(g) pulls a cotangent of the value back; call it as often as you like.

    A tuple, list or dict of results is allowed; g then has the same structure.
    """
    return _make_vjp(lambda argument: pack(fun(argument)), x)


@unary_to_nary
def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """The function ``v -> (value, directional derivative along v)``; it runs `fun` each time."""
    return _make_jvp(lambda argument: pack(fun(argument)), x)


@unary_to_nary
def make_jvp_reversemode(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """The function ``v -> directional derivative``, by two reverse passes: no JVP rules needed.

    The VJP is linear in its cotangent, and the transpose of the transpose is the JVP.
    """
    vjp, value = _make_vjp(lambda argument: pack(fun(argument)), x)
    transposed, _ = _make_vjp(vjp, vspace(value).zeros())
    return transposed


@unary_to_nary
def jacobian(fun: Callable[[Any], Any], x: Any, mode: str | None = None) -> Any:
    """Jacobian of a function of arrays, shape = result's shape + argument's shape.

    Argument and result may be containers: the Jacobian then has the result's nesting, and in each
    of its places the argument's. Complex values are welcome, see `jacobians`. It takes one backward
    pass for each entry of the result, or one forward pass for all entries of the argument if those
    are fewer.

    Args:
        mode: "reverse" or "forward" instead of the choice by shape.

    Raises:
        ValueError: argument and result are complex, and the function is not holomorphic.
    """
    return jacobian_at(fun, x, mode)


@unary_to_nary
def hessian(fun: Callable[[Any], Any], x: Any) -> Any:
    """Hessian of a function, shape = result's shape + argument's shape twice.

    Forward mode over reverse mode, or reverse over reverse where a primitive has no forward rule.
    """

    def gradient(argument: Any) -> Any:
        return jacobian_at(fun, argument, "reverse")

    try:
        return jacobian_at(gradient, x, "forward")
    except NotImplementedError:
        return jacobian_at(gradient, x, "reverse")


@unary_to_nary
def make_hvp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """``(hvp, gradient)``: hvp(v) is the Hessian at x times v, by reverse mode twice."""
    return _make_vjp(grad(fun), x)


def hessian_tensor_product(fun: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """The function ``(*args, tensor) -> Hessian times tensor``."""
    gradient = grad(fun, argnum)

    def vector_dot_grad(*args: Any, **kwargs: Any) -> Any:
        *inputs, vector = args
        return np.tensordot(gradient(*inputs, **kwargs), vector, np.ndim(vector))

    return grad(vector_dot_grad, argnum)


hessian_vector_product = hessian_tensor_product


def tensor_jacobian_product(fun: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """The function ``(*args, tensor) -> tensor times Jacobian``, contracted from the left."""

    def vector_dot_fun(*args: Any, **kwargs: Any) -> Any:
        *inputs, vector = args
        return np.tensordot(vector, fun(*inputs, **kwargs), axes=np.ndim(vector))

    return jacobian(vector_dot_fun, argnum)


vector_jacobian_product = tensor_jacobian_product


def make_ggnvp(
    f: Callable[..., Any],
    g: Callable[[Any], Any] = lambda x: 0.5 * np.sum(x * x, axis=-1),
    f_argnum: int = 0,
) -> Callable[..., Callable[[Any], Any]]:
    """Generalised Gauss-Newton product maker: ``(*args) -> (v -> J^T H_g J v)``."""

    @unary_to_nary
    def ggnvp_maker(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
        f_vjp, f_x = _make_vjp(fun, x)
        g_hvp, _ = _make_vjp(grad(g), f_x)
        f_jvp, _ = _make_vjp(f_vjp, vspace(f_x).zeros())
        return lambda v: f_vjp(g_hvp(f_jvp(v)))

    return ggnvp_maker(f, f_argnum)
