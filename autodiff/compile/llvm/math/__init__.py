"""Elementary functions as LLVM code that LLVM can vectorise.

Each is a straight line of arithmetic (`trigonometric` has one rare branch), within 2.6 units in the
last place of the true value everywhere in float64 and float32, with the infinities, NaN, signed
zeros and subnormals of NumPy's functions. Unlike NumPy's they never warn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..bindings import ir
from . import exponential, logarithm, trigonometric
from .formats import FLOAT32, FLOAT64, Format
from .term import Term

FUNCTIONS: dict[str, Callable[..., Term]] = {
    "exp": exponential.exp,
    "exp2": exponential.exp2,
    "expm1": exponential.expm1,
    "sinh": exponential.sinh,
    "cosh": exponential.cosh,
    "tanh": exponential.tanh,
    "sigmoid": exponential.sigmoid,
    "log": logarithm.log,
    "log2": logarithm.log2,
    "log10": logarithm.log10,
    "log1p": logarithm.log1p,
    "logaddexp": logarithm.logaddexp,
    "sin": trigonometric.sin,
    "cos": trigonometric.cos,
}
"""Name to what emits it; NumPy's names, and `sigmoid`."""


WITH_BRANCHES = ("sin", "cos")
"""Functions that a loop cannot take into its vector code as they are: see `_define_vectors`."""


def call(builder: Any, name: str, *arguments: Any) -> Any:
    """Emit a call of a function of the table on double or float values; returns the value.

    The function is defined once in the builder's module, and the optimiser inlines it.
    Raises: KeyError for a name not in `FUNCTIONS`.
    """
    emit = FUNCTIONS[name]
    fmt = FLOAT64 if isinstance(arguments[0].type, ir.DoubleType) else FLOAT32
    function = builder.module.globals.get(_symbol(name, fmt))
    if function is None:
        function = _define(builder.module, name, emit, fmt, len(arguments))
        if name in WITH_BRANCHES:
            _define_vectors(builder.module, name, emit, fmt, function)
        else:
            function.linkage = "internal"
            function.attributes.add("alwaysinline")
    return builder.call(function, arguments)


def _symbol(name: str, fmt: Format) -> str:
    return f"autodiff.{name}.{fmt.suffix}"


def _define(module: Any, name: str, emit: Callable[..., Term], fmt: Format, arity: int) -> Any:
    kind = ir.FunctionType(fmt.type, [fmt.type] * arity)
    function = ir.Function(module, kind, _symbol(name, fmt))
    builder = ir.IRBuilder(function.append_basic_block())
    builder.ret(emit(*(Term(builder, fmt, argument) for argument in function.args)).value)
    return function


def _define_vectors(
    module: Any, name: str, emit: Callable[..., Term], fmt: Format, function: Any
) -> None:
    """Define the same function on vectors, and tell LLVM's vectoriser of them.

    With a branch inlined the vectoriser would compute both sides for every element. A call it
    replaces by one of the vector function, where the branch is taken once for all lanes. The
    attribute's grammar is that of LLVM's vector function ABI; llvmlite knows no such attributes,
    so this goes past its check.
    """
    variants = []
    for lanes in (2, 4, 8) if fmt.double else (4, 8, 16):
        vector = fmt.vector(lanes)
        _define(module, name, emit, vector, 1)
        variants.append(f"_ZGV_LLVM_N{lanes}v_{_symbol(name, fmt)}({_symbol(name, vector)})")
    for attribute in ("noinline", "nounwind", "readnone"):
        function.attributes.add(attribute)
    set.add(function.attributes, f'"vector-function-abi-variant"="{",".join(variants)}"')
