"""A whole program as one LLVM module.

The function `body` runs it: `int32 body(ptr table, int64 thread, int64 threads, ptr barrier)`. The
table holds the addresses of the inputs, of the constants that are arrays, of the results, and of
the workspace, in this order. `entry` takes NumPy arrays themselves, whose addresses it looks up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ir import Number, Program
from ..loops.loop_program import LoopProgram
from ..loops.nest import WORTH_SHARING, shared_axis
from ..loops.steps import NestStep, ProductStep
from . import threads
from .arrays import INT64, POINTER
from .bindings import ir
from .nests import STATUS, define_nest
from .products import define_product

BODY = "body"
ENTRY = "entry"
_BYTE = ir.IntType(8)
_WORTH_THREADS = 4_000_000
"""As much must a program have of such nests."""


def constants_of(loops: LoopProgram) -> list[Number]:
    """The constants that are arrays, in the order of the table."""
    read = set().union(*(step.reads for step in loops.steps)) if loops.steps else set()
    return [k for k in sorted(read) if loops.program.values[k].op == "constant"]


def results_of(program: Program) -> list[Number]:
    """The values that leave a program and are computed, each once, in the order of the table."""
    return [k for k in dict.fromkeys(program.outputs) if program.values[k].kind != "leaf"]


def is_shared(loops: LoopProgram) -> bool:
    """Whether some nest is worth several threads."""
    work = [
        step.nest.work for step in loops.steps if isinstance(step, NestStep) and _is_shared(step)
    ]
    return sum(work) >= _WORTH_THREADS


def _is_shared(step: Any) -> bool:
    if not isinstance(step, NestStep):
        return False
    nest = step.nest
    return (
        nest.reduction is None
        and not nest.adds
        and not nest.sums
        and bool(nest.shape)
        and nest.shape[shared_axis(nest.shape)] > 1
        and nest.work >= WORTH_SHARING
    )


def write_module(loops: LoopProgram, data_offset: int) -> Any:
    """The module of a program.

    Args:
        data_offset: where in a NumPy array's object the address of its data is.
    """
    module = ir.Module("program")
    _Writer(module, loops).write()
    count = (
        len(loops.program.inputs) + len(constants_of(loops)) + len(results_of(loops.program)) + 1
    )
    _write_entry(module, count, data_offset)
    return module


class _Writer:
    """Writes `body`."""

    def __init__(self, module: Any, loops: LoopProgram) -> None:
        self.module = module
        self.loops = loops
        self.functions: dict[Any, Any] = {}
        kind = ir.FunctionType(STATUS, [POINTER, INT64, INT64, POINTER])
        self.function = ir.Function(module, kind, BODY)
        self.function.attributes.add("nounwind")
        self.builder = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.status: Any = ir.Constant(STATUS, 0)
        self.addresses: dict[Number, Any] = {}

    def write(self) -> None:
        """All steps in order; between those that threads divide they wait for each other."""
        builder, loops = self.builder, self.loops
        table, thread, count, barrier = self.function.args
        given = [*loops.program.inputs, *constants_of(loops), *results_of(loops.program)]
        for place, k in enumerate(given):
            self.addresses[k] = self._entry(table, place)
        workspace = self._entry(table, len(given))
        for k, offset in loops.offsets.items():
            self.addresses[k] = builder.gep(
                workspace, [ir.Constant(INT64, offset)], inbounds=True, source_etype=_BYTE
            )
        if not is_shared(loops):
            for step in loops.steps:
                self._run(step, [])
            builder.ret(self.status)
            return
        wait = threads.declare_barrier(self.module)
        last = builder.sub(count, ir.Constant(INT64, 1))
        for shared, run in _runs(loops.steps):
            for step in run if shared else ():
                self._divided(step, thread, count)
                builder.call(wait, [barrier, thread, count])
            if not shared:
                cut = _independent_end(run)
                self._by(builder.icmp_signed("==", thread, ir.Constant(INT64, 0)), run[:cut])
                self._by(builder.icmp_signed("==", thread, last), run[cut:])
                builder.call(wait, [barrier, thread, count])
        builder.ret(self.status)

    def _by(self, condition: Any, steps: Sequence[Any]) -> None:
        """Steps that one thread does."""
        if not steps:
            return
        builder, old = self.builder, self.status
        before = builder.block
        with builder.if_then(condition):
            for step in steps:
                self._run(step, [])
            inside, found = builder.block, self.status
        self.status = builder.phi(STATUS)
        self.status.add_incoming(old, before)
        self.status.add_incoming(found, inside)

    def _entry(self, table: Any, place: int) -> Any:
        at = self.builder.gep(
            table, [ir.Constant(INT64, place)], inbounds=True, source_etype=POINTER
        )
        return self.builder.load(at, typ=POINTER)

    def _divided(self, step: NestStep, thread: Any, count: Any) -> None:
        """A share of an axis for each thread."""
        builder, length = (
            self.builder,
            ir.Constant(INT64, step.nest.shape[shared_axis(step.nest.shape)]),
        )
        ends = [
            builder.sdiv(builder.mul(length, k), count)
            for k in (thread, builder.add(thread, ir.Constant(INT64, 1)))
        ]
        self._run(step, ends)

    def _run(self, step: Any, bounds: Sequence[Any]) -> None:
        values = self.loops.program.values
        if isinstance(step, ProductStep):
            dtype = values[step.number].dtype
            sides = [(p.strides, p.offset, shape) for p, shape in (step.left, step.right)]
            key: Any = (*sides, dtype)
            made = self.functions.get(key)
            if made is None:
                made = define_product(self.module, self._name(), step, dtype)
                self.functions[key] = made
            roots = (step.left[0].root, step.right[0].root, step.number)
            self.builder.call(made, [self.addresses[k] for k in roots])
            return
        dtypes = tuple(values[root].dtype for root in step.roots)
        key = (step.nest, dtypes, bool(bounds))
        made = self.functions.get(key)
        if made is None:
            made = define_nest(self.module, self._name(), step.nest, dtypes, bool(bounds))
            self.functions[key] = made
        found = self.builder.call(made, [*(self.addresses[k] for k in step.roots), *bounds])
        if step.nest.checks:
            self.status = self.builder.or_(self.status, found)

    def _name(self) -> str:
        return f"loops{len(self.functions)}"


def _independent_end(run: Sequence[Any]) -> int:
    """Where a run can be cut for two threads: two additions to different memory."""
    if len(run) != 2 or not all(map(_adds, run)):
        return len(run)
    one, other = run
    apart = not (one.writes & (other.reads | other.writes) or other.writes & one.reads)
    return 1 if apart else 2


def _adds(step: Any) -> bool:
    return isinstance(step, NestStep) and step.nest.adds


def _runs(steps: Sequence[Any]) -> list[tuple[bool, list[Any]]]:
    found: list[tuple[bool, list[Any]]] = []
    for step in steps:
        shared = _is_shared(step)
        begins = not found or found[-1][0] != shared or _adds(step) != _adds(found[-1][1][-1])
        if begins:
            found.append((shared, []))
        found[-1][1].append(step)
    return found


def _write_entry(module: Any, count: int, data_offset: int) -> None:
    """`int32 entry(array, ...)`, one for each place of the table."""
    function = ir.Function(module, ir.FunctionType(STATUS, [POINTER] * count), ENTRY)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    table = builder.alloca(POINTER, max(count, 1))
    for place, argument in enumerate(function.args):
        at = builder.gep(
            argument, [ir.Constant(INT64, data_offset)], inbounds=True, source_etype=_BYTE
        )
        there = builder.gep(table, [ir.Constant(INT64, place)], source_etype=POINTER)
        builder.store(builder.load(at, typ=POINTER), there)
    zero, one = ir.Constant(INT64, 0), ir.Constant(INT64, 1)
    nobody = ir.Constant(POINTER, None)
    builder.ret(builder.call(module.globals[BODY], [table, zero, one, nobody]))
