"""Loop nests that compute every element of their outputs.

All sizes and strides are constants and all pointers `noalias`, so that LLVM vectorises the
innermost loop. Arithmetic carries no fast-math flags: + - * / and sqrt give NumPy's bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from .arrays import INT64, POINTER, Operand, load, merge_axes, store
from .bindings import ir

Emit = Callable[..., Any]
"""(builder, *values) -> value, or a tuple of values: the LLVM code of one element."""


@contextmanager
def for_range(
    builder: Any, start: Any, stop: Any, step: int = 1, vectorize: bool = True
) -> Iterator[Any]:
    """A loop over start, start + step, ... below stop, at least once; its counter is an int64.

    Args:
        start, stop: int64 values, or Python integers.
        vectorize: whether LLVM may do several steps at once.
    """
    start, stop = _int64(start), _int64(stop)
    before, body = builder.block, builder.append_basic_block("loop")
    builder.branch(body)
    builder.position_at_end(body)
    counter = builder.phi(INT64)
    counter.add_incoming(start, before)
    yield counter
    following = builder.add(counter, _int64(step), flags=("nuw", "nsw"))
    counter.add_incoming(following, builder.block)
    after = builder.append_basic_block("after")
    latch = builder.cbranch(builder.icmp_signed("<", following, stop), body, after)
    if not vectorize:
        latch.set_metadata("llvm.loop", _not_vectorized(builder.module))
    builder.position_at_end(after)


def _not_vectorized(module: Any) -> Any:
    """Metadata of a loop that is to stay as it is; it must begin with itself."""
    off = ir.Constant(ir.IntType(1), 0)
    option = module.add_metadata([ir.MetaDataString(module, "llvm.loop.vectorize.enable"), off])
    found = module.add_metadata([option, option, ir.Constant(INT64, len(module.metadata))])
    found.operands = (found, option)
    return found


@contextmanager
def nest(builder: Any, shape: Sequence[int]) -> Iterator[list[Any]]:
    """Loops over all of a shape without zeros, the last axis innermost; their counters.

    A loop for several threads would take the first axis's range from the function's arguments here.
    """
    with ExitStack() as loops:
        yield [loops.enter_context(for_range(builder, 0, length)) for length in shape]


def define(module: Any, name: str, pointers: int, result: Any = None) -> tuple[Any, Any]:
    """(function, builder) of a function of that many pointers to arrays that do not overlap.

    A function of its own for each loop nest, never inlined, keeps LLVM's time linear in their
    number.
    """
    kind = ir.FunctionType(result or ir.VoidType(), [POINTER] * pointers)
    function = ir.Function(module, kind, name)
    function.attributes.add("noinline")
    function.attributes.add("nounwind")
    for argument in function.args:
        argument.add_attribute("noalias")
    return function, ir.IRBuilder(function.append_basic_block("entry"))


def map_elements(
    module: Any,
    name: str,
    shape: Sequence[int],
    inputs: Sequence[Operand],
    outputs: Sequence[Operand],
    emit: Emit,
) -> Any:
    """Define `void name(pointers...)`: each output element from the input elements at its place.

    Args:
        shape: of the loop nest; strides of all operands run along its axes.
        inputs, outputs: an output may be the same argument as an input if both have the same
            strides and offset; other arguments must not overlap.
        emit: given the builder and a value per input (i1 for bool), returns a value per output, of
            the types of `value_type`.
    Returns: the llvmlite function.
    """
    operands = [*inputs, *outputs]
    function, builder = define(module, name, pointer_count(operands))
    if 0 not in shape:
        shape, operands, _ = merge_axes(shape, operands)
        with nest(builder, shape) as counters:
            values = [load(builder, source, counters) for source in operands[: len(inputs)]]
            results = emit(builder, *values)
            results = results if isinstance(results, (tuple, list)) else (results,)
            for target, value in zip(operands[len(inputs) :], results, strict=True):
                store(builder, target, counters, value)
    builder.ret_void()
    return function


def pointer_count(operands: Sequence[Operand]) -> int:
    """How many pointers a function of these operands takes."""
    return 1 + max((k.argument for k in operands if k.argument is not None), default=-1)


def _int64(value: Any) -> Any:
    return ir.Constant(INT64, value) if isinstance(value, int) else value
