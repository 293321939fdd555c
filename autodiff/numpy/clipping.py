"""clip, whose limits have derivatives too: where the result is a limit, it is the limit's."""

from __future__ import annotations

from typing import Any

from ..core import defjvp, defvjp
from .arithmetic import tangent_like
from .broadcasting import unbroadcast_f
from .composed import refuse
from .joining import asarray
from .reductions import Pull
from .routed import routed
from .wrapper import wrapped_namespace as anp


@routed("clip")
def _clip(
    record: Any, a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **options: Any
) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    refuse("clip", out=out, **options)
    limits = [limit if limit is None or _plain(limit) else asarray(limit) for limit in (low, high)]
    return record(asarray(a), *limits)


def _plain(x: Any) -> bool:
    return x.__class__ in (int, float)


def _outside(x: Any, low: Any, high: Any) -> Any:
    """Where the result is not x but a limit. On a limit itself the derivative is x's."""
    if low is None:
        return False if high is None else anp["greater"](x, high)
    below = anp["less"](x, low)
    return below if high is None else anp["logical_or"](below, anp["greater"](x, high))


def _at_limit(part: int, x: Any, low: Any, high: Any) -> Any:
    """Where the result is the lower limit (part 1), or the upper one (2).

    Limits that cross give the upper one, as in NumPy.
    """
    below = False if low is None else anp["less"](x, low)
    above = False if high is None else anp["greater"](x, high)
    if low is not None and high is not None:
        above = anp["logical_or"](above, anp["logical_and"](below, anp["greater"](low, high)))
    return above if part == 2 else anp["logical_and"](below, anp["logical_not"](above))


def _share(g: Any, part: int, x: Any, low: Any, high: Any) -> Any:
    """The part of a tangent or cotangent that belongs to x (part 0) or to one of its limits."""
    if part == 0:
        return g * anp["logical_not"](_outside(x, low, high))
    return g * _at_limit(part, x, low, high)


def _pull(part: int) -> Any:
    def maker(ans: Any, x: Any, low: Any, high: Any) -> Pull:
        return unbroadcast_f((x, low, high)[part], lambda g: _share(g, part, x, low, high))

    return maker


def _push(part: int) -> Any:
    def rule(g: Any, ans: Any, x: Any, low: Any, high: Any) -> Any:
        return tangent_like(ans, _share(g, part, x, low, high))

    return rule


defvjp(_clip, _pull(0), _pull(1), _pull(2))
defjvp(_clip, _push(0), _push(1), _push(2))
