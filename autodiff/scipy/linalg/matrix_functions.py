"""Functions of square matrices: expm, logm, sqrtm, and the trigonometric ones.

The derivative of f at A along E is the upper right block of f([[A, E], [0, A]]). So it is made of f
itself, and can be differentiated again; stacks of matrices are taken where SciPy takes them.

Source: N. Higham (2008), Functions of Matrices, theorem 3.6, and section 6.1 for the square root.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ... import numpy as np
from ...core import defjvp, defvjp
from ...numpy.arithmetic import tangent_like
from ...numpy.broadcasting import metadata, unbroadcast_f
from .namespace import composed, wrapped_linalg

_BY_BLOCKS = ("expm", "logm", "sinm", "cosm", "tanm", "sinhm", "coshm", "tanhm")


def _transpose(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def derivative_along(fun: Callable[[Any], Any], a: Any, e: Any) -> Any:
    """The Frechet derivative of the matrix function `fun` at `a` along `e`, each (..., n, n)."""
    shape, dtype = metadata(a)
    n = shape[-1]
    upper = np.concatenate([a, e], axis=-1)
    lower = np.concatenate([onp.zeros(shape, dtype), a], axis=-1)
    return fun(np.concatenate([upper, lower], axis=-2))[..., :n, n:]


def _register(fun: Callable[..., Any]) -> None:
    def vjp(ans: Any, a: Any) -> Any:
        return unbroadcast_f(a, lambda g: derivative_along(fun, _transpose(a), g))

    defvjp(fun, vjp)
    defjvp(fun, lambda g, ans, a: tangent_like(ans, derivative_along(fun, a, g)))


for _name in _BY_BLOCKS:
    _register(wrapped_linalg[_name])

_sqrtm, _sylvester = wrapped_linalg["sqrtm"], wrapped_linalg["solve_sylvester"]


# The derivative X of the principal root S solves S X + X S = E.
defvjp(
    _sqrtm,
    lambda ans, a: unbroadcast_f(a, lambda g: _sylvester(_transpose(ans), _transpose(ans), g)),
)
defjvp(_sqrtm, lambda g, ans, a: tangent_like(ans, _sylvester(ans, ans, g)))


@composed("expm_frechet")
def expm_frechet(
    A: Any,  # noqa: N803  (SciPy's name)
    E: Any,  # noqa: N803
    method: Any = None,
    compute_expm: bool = True,
    check_finite: bool = True,
) -> Any:
    """As scipy.linalg.expm_frechet, by blocks whatever the method."""
    expm = wrapped_linalg["expm"]
    derivative = derivative_along(expm, A, E)
    return (expm(A), derivative) if compute_expm else derivative
