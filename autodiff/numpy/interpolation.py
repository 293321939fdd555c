"""Piecewise linear interpolation."""

from __future__ import annotations

from typing import Any

import numpy as onp

from ..tracer import box_types, undifferentiated
from .broadcasting import metadata
from .composed import composed
from .joining import asarray, concatenate
from .wrapper import wrapped_namespace as anp


@composed("interp")
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """As numpy.interp: where to read, the places, the values there and beyond may be traced.

    At a place itself the derivative in x is the slope on its right.

    Raises:
        ValueError: xp and fp are not vectors of one length, or period is 0.
    """
    x, xp, fp = asarray(x), asarray(xp), asarray(fp)
    shapes = metadata(xp).shape, metadata(fp).shape
    if shapes[0] != shapes[1] or len(shapes[0]) != 1 or not shapes[0][0]:
        raise ValueError(f"interp: xp and fp must be vectors of one length, got {shapes}")
    if period is not None:
        x, xp, fp = _periodic(x, xp, fp, period)
        left = right = None
    n = metadata(xp).shape[0]
    if n == 1:
        inner = fp[0] + 0.0 * x
    else:
        k = anp["clip"](anp["searchsorted"](xp, x, side="right") - 1, 0, n - 2)
        slope = (fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k])
        inner = slope * (x - xp[k]) + fp[k]
    left = fp[0] if left is None else left
    right = fp[n - 1] if right is None else right
    result = anp["where"](anp["less"](x, xp[0]), left, inner)
    result = anp["where"](anp["greater"](x, xp[n - 1]), right, result)
    return anp["astype"](result, onp.result_type(metadata(result).dtype, float))


def _periodic(x: Any, xp: Any, fp: Any, period: Any) -> tuple[Any, Any, Any]:
    """Everything brought into one period, which is continued by a point on either side."""
    plain = undifferentiated(period)
    if type(plain) not in box_types and plain == 0:
        raise ValueError("interp: period must not be 0")
    period = abs(period)
    x, xp = x % period, xp % period
    order = anp["argsort"](xp)
    xp, fp = xp[order], fp[order]
    xp = concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, concatenate([fp[-1:], fp, fp[:1]])
