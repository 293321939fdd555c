"""The two floating-point formats, alone or in vectors, with the constants of their bits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..bindings import ir


@dataclass(frozen=True)
class Format:
    """An IEEE 754 binary format as the elementary functions see it.

    Attributes:
        bits, fraction_bits: width of a number, 64 or 32, and of its stored fraction, 52 or 23.
        bias: what is added to the exponent, 1023 or 127.
        lanes: how many numbers a value holds; 1 is a plain number, not a vector.
        shifter: 1.5 * 2^fraction_bits. Adding it rounds a moderate number to an integer, which then
            stands in the lowest bits of the sum; taking it away again gives that integer. True only
            while nobody reassociates, so no instruction of these functions carries a flag.
    """

    bits: int
    fraction_bits: int
    bias: int
    lanes: int = 1

    def vector(self, lanes: int) -> Format:
        return replace(self, lanes=lanes)

    @property
    def double(self) -> bool:
        return self.bits == 64

    @property
    def suffix(self) -> str:
        """As in the names of LLVM's intrinsics: f64, v4f32, ..."""
        return f"f{self.bits}" if self.lanes == 1 else f"v{self.lanes}f{self.bits}"

    @property
    def type(self) -> Any:
        one = ir.DoubleType() if self.double else ir.FloatType()
        return one if self.lanes == 1 else ir.VectorType(one, self.lanes)

    @property
    def integer(self) -> Any:
        one = ir.IntType(self.bits)
        return one if self.lanes == 1 else ir.VectorType(one, self.lanes)

    def constant(self, value: float) -> Any:
        return self._repeat(self.type, float(value))

    def integer_constant(self, value: int) -> Any:
        return self._repeat(self.integer, value)

    def _repeat(self, kind: Any, value: Any) -> Any:
        return ir.Constant(kind, value if self.lanes == 1 else [value] * self.lanes)

    @property
    def shifter(self) -> float:
        return 1.5 * 2.0**self.fraction_bits

    @property
    def smallest_normal(self) -> float:
        return 2.0 ** (1 - self.bias)


FLOAT64 = Format(64, 52, 1023)
FLOAT32 = Format(32, 23, 127)
