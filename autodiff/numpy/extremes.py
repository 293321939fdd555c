"""Largest and smallest entries along axes. Entries that tie share the derivative equally."""

from __future__ import annotations

from typing import Any

from ..core import defjvp, defvjp
from .broadcasting import metadata
from .composed import composed, refuse
from .joining import asarray
from .reductions import Axis, Pull, kept_shape
from .wrapper import wrapped_namespace as anp


def _ties(ans: Any, x: Any, axis: Axis, initial: Any, where: Any) -> Any:
    """1 at the entries that attain the extreme, divided by how many do; `initial` is one too."""
    shape, dtype = metadata(x)
    extreme = anp["reshape"](ans, kept_shape(shape, axis))
    attained = anp["equal"](x, extreme)
    if where is not True:
        attained = anp["logical_and"](attained, where)
    ties = anp["sum"](attained, axis, dtype, keepdims=True)
    if initial is not None:
        ties = ties + anp["equal"](extreme, initial)
    return attained / anp["maximum"](ties, anp["ones_like"](ties))


def _extreme_vjp(
    ans: Any, x: Any, axis: Axis = None, out: Any = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Pull:  # fmt: skip
    if out is not None:
        refuse("max or min", out=out)
    kept = kept_shape(metadata(x).shape, axis)
    share = _ties(ans, x, axis, initial, where)
    return lambda g: anp["reshape"](g, kept) * share


def _extreme_jvp(
    g: Any, ans: Any, x: Any, axis: Axis = None, out: Any = None, keepdims: Any = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    refuse("max or min", out=out)
    return anp["sum"](g * _ties(ans, x, axis, initial, where), axis, keepdims=keepdims)


for _name in ("max", "min", "amax", "amin"):
    defvjp(anp[_name], _extreme_vjp)
    defjvp(anp[_name], _extreme_jvp)


@composed("ptp")
def ptp(a: Any, axis: Axis = None, out: Any = None, keepdims: Any = False) -> Any:
    """As numpy.ptp."""
    refuse("ptp", out=out)
    a = asarray(a)
    return anp["max"](a, axis, keepdims=keepdims) - anp["min"](a, axis, keepdims=keepdims)
