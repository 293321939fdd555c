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


def _whose(part: int, x: Any, low: Any, high: Any) -> Any:
    """Where the result is x (part 0), the lower limit (1) or the upper one (2): one of them.

    On a limit itself the derivative is x's. Limits that cross give the upper one, as in NumPy.
    """
    below = False if low is None else anp["less"](x, low)
    above = False if high is None else anp["greater"](x, high)
    if low is not None and high is not None:
        above = anp["logical_or"](above, anp["logical_and"](below, anp["greater"](low, high)))
    if part == 2:
        return above
    only_below = anp["logical_and"](below, anp["logical_not"](above))
    return only_below if part == 1 else anp["logical_not"](anp["logical_or"](below, above))


def _pull(part: int) -> Any:
    def maker(ans: Any, x: Any, low: Any, high: Any) -> Pull:
        whose = _whose(part, x, low, high)
        return unbroadcast_f((x, low, high)[part], lambda g: g * whose)

    return maker


def _push(part: int) -> Any:
    def rule(g: Any, ans: Any, x: Any, low: Any, high: Any) -> Any:
        return tangent_like(ans, g * _whose(part, x, low, high))

    return rule


defvjp(_clip, _pull(0), _pull(1), _pull(2))
defjvp(_clip, _push(0), _push(1), _push(2))
