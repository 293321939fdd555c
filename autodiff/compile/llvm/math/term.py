"""Floating-point LLVM values with operators, so that a formula reads as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..bindings import ir
from .formats import Format


@dataclass(frozen=True)
class Term:
    """One floating-point value, or a vector; numbers beside it become constants of its format.

    The operators emit plain instructions, without fast-math flags, in the order written.
    Comparisons are ordered: false if either side is NaN.
    """

    builder: Any
    format: Format
    value: Any

    def of(self, other: Any) -> Term:
        if isinstance(other, Term):
            return other
        if isinstance(other, (int, float)):
            return self.wrap(self.format.constant(other))
        return self.wrap(other)

    def wrap(self, value: Any) -> Term:
        return Term(self.builder, self.format, value)

    def __add__(self, other: Any) -> Term:
        return self.wrap(self.builder.fadd(self.value, self.of(other).value))

    def __sub__(self, other: Any) -> Term:
        return self.wrap(self.builder.fsub(self.value, self.of(other).value))

    def __mul__(self, other: Any) -> Term:
        return self.wrap(self.builder.fmul(self.value, self.of(other).value))

    def __truediv__(self, other: Any) -> Term:
        return self.wrap(self.builder.fdiv(self.value, self.of(other).value))

    def __radd__(self, other: float) -> Term:
        return self.of(other) + self

    def __rsub__(self, other: float) -> Term:
        return self.of(other) - self

    def __rmul__(self, other: float) -> Term:
        return self.of(other) * self

    def __rtruediv__(self, other: float) -> Term:
        return self.of(other) / self

    def __neg__(self) -> Term:
        return self.wrap(self.builder.fneg(self.value))

    def __abs__(self) -> Term:
        return self.intrinsic("fabs")

    def compare(self, operator: str, other: Any) -> Any:
        """The i1, or vector of i1, of `self operator other`; one of < <= > >= == ord."""
        return self.builder.fcmp_ordered(operator, self.value, self.of(other).value)

    def where(self, condition: Any, other: Any) -> Term:
        """Self where the i1 holds, else `other`; both are computed."""
        return self.wrap(self.builder.select(condition, self.value, self.of(other).value))

    def at_most(self, bound: float) -> Term:
        """min(self, bound), NaN staying NaN."""
        return self.of(bound).where(self.compare(">", bound), self)

    def at_least(self, bound: float) -> Term:
        """max(self, bound), NaN staying NaN."""
        return self.of(bound).where(self.compare("<", bound), self)

    def intrinsic(self, name: str, *others: Any) -> Term:
        """llvm.`name` of self and `others`, all of one format."""
        module, symbol = self.builder.module, f"llvm.{name}.{self.format.suffix}"
        function = module.globals.get(symbol)
        if function is None:
            kinds = [self.format.type] * (1 + len(others))
            function = ir.Function(module, ir.FunctionType(self.format.type, kinds), symbol)
        values = [self.value, *(self.of(other).value for other in others)]
        return self.wrap(self.builder.call(function, values))

    def with_sign_of(self, other: Term) -> Term:
        return self.intrinsic("copysign", other)

    def polynomial(self, coefficients: Sequence[float]) -> Term:
        """Horner's rule, lowest power first."""
        value = self.of(coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            value = value * self + coefficient
        return value

    def bits(self) -> Any:
        """The integer with the same bits."""
        return self.builder.bitcast(self.value, self.format.integer)

    def from_bits(self, integer: Any) -> Term:
        return self.wrap(self.builder.bitcast(integer, self.format.type))

    def integer(self, value: int) -> Any:
        """An integer constant as wide as the format."""
        return self.format.integer_constant(value)
