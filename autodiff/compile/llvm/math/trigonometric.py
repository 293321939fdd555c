"""sin and cos, with one branch: arguments above 2^20 go to the C library.

x = n pi / 2 + r with |r| <= pi / 4. Below 2^20 n has 20 bits, pi / 2 comes in parts of 33 bits, and
n times a part is exact; the parts reach so far that r keeps its relative accuracy next to multiples
of pi / 2, and what the subtractions round off is carried as a second number.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..bindings import ir
from .formats import FLOAT64
from .polynomials import coefficients
from .splitting import parts
from .term import Term

_LARGEST = 2.0**20
_SQUARE = (0.0, 0.62)  # holds r^2


class _Reduced(NamedTuple):
    """r + r_low, exact to twice the precision or so, and the integer n modulo 2^fraction bits."""

    r: Term
    r_low: Term | None
    n: Any


def _subtract(a: Term, b: Term) -> tuple[Term, Term]:
    """a - b rounded, and the rounding error (Knuth's two-sum)."""
    difference = a - b
    back = difference - a
    return difference, (a - (difference - back)) - (b + back)


def _reduce(x: Term) -> _Reduced:
    if not x.format.double:
        return _reduce_in_double(x)
    n, bits = _nearest_multiple(x)
    first, second, third, rest = parts("pi/2", 33, 3)
    r, error_2 = _subtract(x - n * first, n * second)
    r, error_3 = _subtract(r, n * third)
    low = (error_2 + error_3) - n * rest
    total = r + low
    return _Reduced(total, (r - total) + low, bits)


def _reduce_in_double(x: Term) -> _Reduced:
    """Of float32: in float64 the remainder is exact to float32 with two parts of pi / 2."""
    double = FLOAT64.vector(x.format.lanes)
    wide = Term(x.builder, double, x.builder.fpext(x.value, double.type))
    n, bits = _nearest_multiple(wide)
    high, low = parts("pi/2", 33)
    r = x.builder.fptrunc(((wide - n * high) - n * low).value, x.format.type)
    return _Reduced(x.wrap(r), None, x.builder.trunc(bits, x.format.integer))


def _nearest_multiple(x: Term) -> tuple[Term, Any]:
    shifted = x * (2 / math.pi) + x.format.shifter
    return shifted - x.format.shifter, shifted.bits()


def _sine(at: _Reduced) -> Term:
    z = at.r * at.r
    cube = at.r * z * z.polynomial(coefficients("sin", *_SQUARE, _degree(at.r)))
    return at.r + (cube if at.r_low is None else cube + at.r_low)


def _cosine(at: _Reduced) -> Term:
    z = at.r * at.r
    half = 0.5 * z
    near = 1.0 - half
    fourth = z * z * z.polynomial(coefficients("cos", *_SQUARE, _degree(at.r)))
    rest = fourth if at.r_low is None else fourth - at.r * at.r_low
    return near + (((1.0 - near) - half) + rest)


def _degree(r: Term) -> int:
    return 5 if r.format.double else 2


def _odd(at: _Reduced) -> Any:
    builder, one = at.r.builder, at.r.integer(1)
    return builder.icmp_unsigned("==", builder.and_(at.n, one), one)


def _negate_by_second_bit(value: Term, n: Any) -> Term:
    """-value where the bit of 2 in n is set: that bit moved to the sign."""
    builder, fmt = value.builder, value.format
    sign_bit = fmt.bits - 1
    flipped = builder.shl(builder.lshr(n, value.integer(1)), value.integer(sign_bit))
    return value.from_bits(builder.xor(value.bits(), flipped))


def _unless_large(x: Term, value: Term, name: str) -> Term:
    """`value` where |x| is moderate or NaN, else llvm.`name`(x), which calls the C library."""
    builder = x.builder
    large = abs(x).compare(">", _LARGEST)
    start = builder.block
    with builder.if_then(_any(x, large), likely=False):
        slow = _lane_by_lane(x, name).where(large, value)
        slow_block = builder.block
    result = builder.phi(x.format.type)
    result.add_incoming(value.value, start)
    result.add_incoming(slow.value, slow_block)
    return x.wrap(result)


def _any(x: Term, condition: Any) -> Any:
    if x.format.lanes == 1:
        return condition
    mask = ir.IntType(x.format.lanes)
    return x.builder.icmp_unsigned("!=", x.builder.bitcast(condition, mask), ir.Constant(mask, 0))


def _lane_by_lane(x: Term, name: str) -> Term:
    if x.format.lanes == 1:
        return x.intrinsic(name)
    builder, value = x.builder, x.value
    for lane in range(x.format.lanes):
        place = ir.Constant(ir.IntType(32), lane)
        one = Term(builder, x.format.vector(1), builder.extract_element(x.value, place))
        value = builder.insert_element(value, one.intrinsic(name).value, place)
    return x.wrap(value)


def sin(x: Term) -> Term:
    at = _reduce(x)
    value = _negate_by_second_bit(_cosine(at).where(_odd(at), _sine(at)), at.n)
    return _unless_large(x, x.where(x.compare("==", 0.0), value), "sin")  # -0 stays -0


def cos(x: Term) -> Term:
    at = _reduce(x)
    n = x.builder.add(at.n, x.integer(1))
    return _unless_large(x, _negate_by_second_bit(_sine(at).where(_odd(at), _cosine(at)), n), "cos")
