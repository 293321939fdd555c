"""Constants as sums of shorter numbers, the products of which with small integers are exact."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from functools import cache

_DIGITS = 80
_PI = "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803483"

_CONSTANTS: dict[str, Callable[[], decimal.Decimal]] = {
    "log(2)": lambda: decimal.Decimal(2).ln(),
    "log10(2)": lambda: decimal.Decimal(2).log10(),
    "1/log(2)": lambda: 1 / decimal.Decimal(2).ln(),
    "1/log(10)": lambda: 1 / decimal.Decimal(10).ln(),
    "pi/2": lambda: decimal.Decimal(_PI) / 2,
}


@cache
def parts(name: str, bits: int, count: int = 1) -> tuple[float, ...]:
    """The constant as `count` parts of at most `bits` bits each, and the remainder, rounded."""
    with decimal.localcontext() as context:
        context.prec = _DIGITS
        rest = _CONSTANTS[name]()
        scale = decimal.Decimal(2) ** bits
        while rest * scale >= 2**bits:
            scale /= 2
        found = []
        for _ in range(count):
            part = (rest * scale).to_integral_value(decimal.ROUND_FLOOR) / scale
            found.append(float(part))
            rest, scale = rest - part, scale * 2**bits
        return (*found, float(rest))
