"""Decaying averages in fixed point, and their exact inverses: velocities, means, mean squares.

    V' = rescale(V) + fix(gain x),   V = high 2^42 + low

for arrays of one size. `gain` and the numerators `n` are arrays of that size, or of size 1 for all
elements; the denominator `d` is of size 1; n and d come with their inverses, see `integers`; the
scale is 2^(R + 28).
"""

from __future__ import annotations

from typing import Any

from .compiling import kernel
from .digits import rescale
from .fixed_point import fix_wide, is_inside_wide
from .integers import borrowed, carried


@kernel
def step_average(
    high: Any, low: Any, heads: Any, x: Any, gain: Any, n: Any, n_inv: Any, d: Any, d_inv: Any,
    scale: Any,
) -> bool:  # fmt: skip
    """V' from V, all uint64, with the heads of its digits.

    Returns whether everything was finite and within the range; if not, the arrays are of no use.
    """
    safe = True
    span = _span(x, n, gain)
    for i in range(0, x.size, span):
        k, c, each = min(i, n.size - 1), min(i, gain.size - 1), slice(i, i + span)
        safe &= _step_span(
            high[each], low[each], heads[each], x[each],
            gain[c], n[k], n_inv[k], d[0], d_inv[0], scale,
        )  # fmt: skip
    return safe


@kernel
def unstep_average(
    high: Any, low: Any, heads: Any, x: Any, gain: Any, n: Any, n_inv: Any, d: Any, d_inv: Any,
    scale: Any,
) -> None:  # fmt: skip
    """V from V'."""
    span = _span(x, n, gain)
    for i in range(0, x.size, span):
        k, c, each = min(i, n.size - 1), min(i, gain.size - 1), slice(i, i + span)
        _unstep_span(
            high[each], low[each], heads[each], x[each],
            gain[c], n[k], n_inv[k], d[0], d_inv[0], scale,
        )  # fmt: skip


@kernel
def _span(x: Any, n: Any, gain: Any) -> int:
    """How many elements share their numbers: only with scalars do loops become SIMD code."""
    return max(x.size, 1) if n.size == 1 and gain.size == 1 else 1


@kernel
def _step_span(
    high: Any, low: Any, heads: Any, x: Any, gain: Any, n: Any, n_inv: Any, d: Any, d_inv: Any,
    scale: Any,
) -> bool:  # fmt: skip
    safe = True
    for i in range(x.size):
        upper, lower, heads[i] = rescale(high[i], low[i], heads[i], n, n_inv, d, d_inv)
        more_upper, more_lower, fits = fix_wide(gain * x[i], scale)
        upper, low[i] = carried(upper + more_upper, lower + more_lower)
        high[i] = upper
        safe &= fits & is_inside_wide(upper)
    return safe


@kernel
def _unstep_span(
    high: Any, low: Any, heads: Any, x: Any, gain: Any, n: Any, n_inv: Any, d: Any, d_inv: Any,
    scale: Any,
) -> None:  # fmt: skip
    for i in range(x.size):
        less_upper, less_lower, _ = fix_wide(gain * x[i], scale)
        upper, lower = borrowed(high[i] - less_upper, low[i] - less_lower)
        high[i], low[i], heads[i] = rescale(upper, lower, heads[i], d, d_inv, n, n_inv)
