"""One-dimensional convolution and correlation."""

from __future__ import annotations

from typing import Any

from ..core import def_linear, defvjp
from .broadcasting import metadata, unbroadcast_f
from .composed import composed
from .joining import asarray
from .reductions import Pull
from .routed import routed
from .wrapper import wrapped_namespace as anp


@routed("convolve")
def _convolve(record: Any, a: Any, v: Any, mode: str = "full") -> Any:
    a, v = (anp["atleast_1d"](asarray(x)) for x in (a, v))
    if mode[:1].lower() != "s":
        return record(a, v, mode)
    # The middle of all, as long as the longer operand.
    n, m = metadata(a).shape[0], metadata(v).shape[0]
    skipped = (min(n, m) - 1) // 2
    return record(a, v, "full")[skipped : skipped + max(n, m)]


def _convolve_vjp(argnum: int) -> Any:
    """Each operand's cotangent is the result's, correlated with the other operand."""

    def maker(ans: Any, a: Any, v: Any, mode: str) -> Pull:
        mine, other = (a, v) if argnum == 0 else (v, a)
        reverse = lambda x: anp["flip"](x, 0)  # noqa: E731
        if mode[:1].lower() == "f":
            pull = lambda g: _convolve(g, reverse(other), "valid")  # noqa: E731
        elif metadata(mine).shape >= metadata(other).shape:
            pull = lambda g: _convolve(g, reverse(other), "full")  # noqa: E731
        else:
            pull = lambda g: reverse(_convolve(other, reverse(g), "valid"))  # noqa: E731
        return unbroadcast_f(mine, pull)

    return maker


defvjp(_convolve, _convolve_vjp(0), _convolve_vjp(1))
def_linear(_convolve)


@composed("correlate")
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """As numpy.correlate: convolution with the conjugate of v, reversed."""
    v = anp["conj"](anp["flip"](anp["atleast_1d"](asarray(v)), 0))
    a = anp["atleast_1d"](asarray(a))
    n, m = metadata(a).shape[0], metadata(v).shape[0]
    if mode[:1].lower() != "s" or n >= m:
        return _convolve(a, v, mode)
    # NumPy exchanges the operands and reverses the result, so that the middle is another one.
    skipped = n // 2
    return _convolve(a, v, "full")[skipped : skipped + m]
