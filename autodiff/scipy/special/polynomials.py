"""Rules of orthogonal polynomials, in their argument: none in the degree or the parameters.

Each derivative is a polynomial of one degree less in a family of the same kind.
Source: Abramowitz and Stegun, Handbook of Mathematical Functions, chapter 22.8 and 22.5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...numpy.wrapper import wrapped_namespace as anp
from ..partials import def_partials
from .namespace import wrapped_special as sp

_OF_DEGREE: dict[str, Callable[[Any, Any], Any]] = {
    "eval_chebyt": lambda n, x: (n + 1) * sp["eval_chebyu"](n, x),
    "eval_chebyu": lambda n, x: 2 * sp["eval_gegenbauer"](n, 2.0, x),
    "eval_legendre": lambda n, x: sp["eval_gegenbauer"](n, 1.5, x),
    "eval_hermite": lambda n, x: 2 * (n + 1) * sp["eval_hermite"](n, x),
    "eval_hermitenorm": lambda n, x: (n + 1) * sp["eval_hermitenorm"](n, x),
    "eval_laguerre": lambda n, x: -sp["eval_genlaguerre"](n, 1.0, x),
}
"""(n, x) -> derivative of the polynomial of degree n + 1."""


def _lowered(derivative: Callable[..., Any], n: Any, *rest: Any) -> Any:
    """The derivative for degree n: zero for n = 0, whose neighbour below does not exist."""
    below = anp["maximum"](n - 1, 0)
    return anp["where"](anp["equal"](n, 0), 0.0, derivative(below, *rest))


for _name, _derivative in _OF_DEGREE.items():
    def_partials(sp[_name], None, lambda ans, n, x, f=_derivative: _lowered(f, n, x))
def_partials(
    sp["eval_gegenbauer"],
    None,
    None,
    lambda ans, n, a, x: _lowered(
        lambda below, x: 2 * a * sp["eval_gegenbauer"](below, a + 1, x), n, x
    ),
)
def_partials(
    sp["eval_genlaguerre"],
    None,
    None,
    lambda ans, n, a, x: _lowered(lambda below, x: -sp["eval_genlaguerre"](below, a + 1, x), n, x),
)
def_partials(
    sp["eval_jacobi"],
    None,
    None,
    None,
    lambda ans, n, a, b, x: _lowered(
        lambda below, x: (below + a + b + 2) / 2 * sp["eval_jacobi"](below, a + 1, b + 1, x),
        n,
        x,
    ),
)
