"""Value and derivatives of a call in one library: what the parity test compares."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as onp

from .call import Call

Found = dict[str, Any]


def random_like(x: Any, seed: int) -> Any:
    """Normal numbers of the shape and the kind (real, complex) of x."""
    rng = onp.random.default_rng(seed)
    numbers = rng.standard_normal(onp.shape(x))
    if onp.iscomplexobj(x):
        numbers = numbers + 1j * rng.standard_normal(onp.shape(x))
    return onp.asarray(numbers, onp.asarray(x).dtype)[()]


def of_argument(library: Any, call: Call, k: int) -> Callable[[Any], Any]:
    """The call as a function of its k-th argument alone."""
    return lambda x: call.fun(library, *call.args[:k], x, *call.args[k + 1 :])


def gradient(library: Any, call: Call, k: int) -> Callable[[Any], Any]:
    """x -> VJP of a fixed random cotangent, for the k-th argument."""

    def pulled(x: Any) -> Any:
        vjp, value = library.make_vjp(of_argument(library, call, k))(x)
        return vjp(random_like(library.tracer.getval(value), 5))

    return pulled


def second_gradient(library: Any, call: Call, k: int) -> Any:
    """Gradient of the inner product of the gradient with a fixed random vector."""
    x, first = call.args[k], gradient(library, call, k)
    direction = random_like(x, 6)
    product = lambda x: library.numpy.sum(library.numpy.real(first(x) * direction))  # noqa: E731
    return library.grad(product)(x)


def value_of(library: Any, call: Call) -> Found:
    return {"value": call.fun(library, *call.args)}


def first_order(library: Any, call: Call) -> Found:
    return {f"gradient in {k}": gradient(library, call, k)(x) for k, x in enumerate(call.args)}


def second_order(library: Any, call: Call) -> Found:
    return {f"second in {k}": second_gradient(library, call, k) for k, _ in enumerate(call.args)}


def forward(library: Any, call: Call) -> Found:
    return {
        f"tangent in {k}": library.make_jvp(of_argument(library, call, k))(x)(random_like(x, 7))[1]
        for k, x in enumerate(call.args)
    }


def quietly(compute: Callable[[Any, Call], Found], library: Any, call: Call) -> Found:
    """`compute` without the warnings of Autograd about its own use of NumPy and about zeros."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compute(library, call)


def _cast(call: Call, real: Any, complex_: Any) -> Call:
    def cast(x: Any) -> Any:
        return onp.asarray(x, complex_ if onp.iscomplexobj(x) else real)[()]

    return call._replace(args=tuple(map(cast, call.args)))


def in_single(call: Call) -> Call:
    """The call on float32 and complex64."""
    return _cast(call, onp.float32, onp.complex64)


def in_double(call: Call) -> Call:
    """The call on float64 and complex128."""
    return _cast(call, onp.float64, onp.complex128)
