"""Loops over ranges and shapes, of which LLVM vectorises the innermost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from .arrays import INT64
from .bindings import ir


@contextmanager
def for_range(
    builder: Any, start: Any, stop: Any, step: int = 1, vectorize: bool = True
) -> Iterator[Any]:
    """A loop over start, start + step, ... below stop, at least once; its counter is an int64.

    Args:
        start, stop: int64 values, or Python integers, not negative.
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
    """Loops over all of a shape without zeros, the last axis innermost; their counters."""
    with ExitStack() as loops:
        yield [loops.enter_context(for_range(builder, 0, length)) for length in shape]


def _int64(value: Any) -> Any:
    return ir.Constant(INT64, value) if isinstance(value, int) else value
