"""A whole program as one LLVM module.

The function `body` runs it: `int32 body(ptr table, int64 thread, int64 threads, ptr barrier)`. The
table holds the addresses of the inputs, of the constants that are arrays, of the results, and of
the workspace, in this order. `entry` takes a tuple of NumPy arrays and looks their addresses up.

Equal nests are one function, and the body of a long program calls parts of it in turn: so LLVM's
time grows as the number of different nests and of steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..ir import Number, Program
from ..loops.loop_program import LoopProgram
from ..loops.nest import shared_axis
from ..loops.steps import NestStep, ProductStep, Step
from . import threads
from .arrays import INT64, POINTER
from .bindings import ir
from .loops import for_range
from .nests import STATUS, define_nest
from .object_layout import Layout
from .products import define_product
from .turns import Turn, chunks_of, is_shared, turns_of

BODY = "body"
ENTRY = "entry"
_BYTE = ir.IntType(8)


def constants_of(loops: LoopProgram) -> list[Number]:
    """The constants that are arrays, in the order of the table."""
    read = set().union(*(step.reads for step in loops.steps)) if loops.steps else set()
    return [k for k in sorted(read) if loops.program.values[k].op == "constant"]


def results_of(program: Program) -> list[Number]:
    """The values that leave a program and are computed, each once, in the order of the table."""
    return [k for k in dict.fromkeys(program.outputs) if program.values[k].kind != "leaf"]


def write_module(loops: LoopProgram, layout: Layout) -> Any:
    """The module of a program."""
    module = ir.Module("program")
    given = [*loops.program.inputs, *constants_of(loops), *results_of(loops.program)]
    table = {k: place for place, k in enumerate(given)}
    functions = _Functions(module)
    wait = threads.declare_barrier(module) if is_shared(loops) else None
    checks = any(isinstance(step, NestStep) and step.nest.checks for step in loops.steps)
    agree = threads.declare_agreement(module, wait) if wait and checks else None
    chunks = chunks_of(turns_of(loops))
    if len(chunks) == 1 and agree is None:
        _Writer(_declared(module, BODY), loops, table, functions, wait).write(chunks[0])
    else:
        parts = [_declared(module, f"part{n}", internal=True) for n in range(len(chunks))]
        for part, chunk in zip(parts, chunks):
            _Writer(part, loops, table, functions, wait).write(chunk)
        _write_calls(_declared(module, BODY), parts, agree)
    _write_entry(module, len(given) + 1, layout)
    return module


def _declared(module: Any, name: str, internal: bool = False) -> Any:
    """A function that runs steps, as `body` does."""
    kind = ir.FunctionType(STATUS, [POINTER, INT64, INT64, POINTER])
    function = ir.Function(module, kind, name)
    function.attributes.add("nounwind")
    if internal:
        function.linkage = "internal"
        function.attributes.add("noinline")
    return function


def _write_calls(function: Any, parts: Sequence[Any], agree: Any) -> None:
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    status: Any = ir.Constant(STATUS, 0)
    for part in parts:
        status = builder.or_(status, builder.call(part, function.args))
    if agree is not None:
        _, thread, count, barrier = function.args
        status = builder.call(agree, [barrier, thread, count, status])
    builder.ret(status)


class _Functions:
    """The functions of nests and products, one for each that differs from all others."""

    def __init__(self, module: Any) -> None:
        self._module = module
        self._made: dict[Any, Any] = {}

    def product(self, step: ProductStep, dtype: Any) -> Any:
        """The function of a product: void (left, right, result)."""
        left, right = ((shape, place.strides) for place, shape in (step.left, step.right))
        key = (left, right, dtype)
        if key not in self._made:
            self._made[key] = define_product(self._module, self._name(), left, right, dtype)
        return self._made[key]

    def nest(self, step: NestStep, dtypes: Sequence[Any], bounded: bool) -> Any:
        """The function of a nest, see `define_nest`."""
        key = (step.nest, tuple(dtypes), bounded)
        if key not in self._made:
            self._made[key] = define_nest(
                self._module, self._name(), step.nest, dtypes, bounded
            )  # fmt: skip
        return self._made[key]

    def _name(self) -> str:
        return f"loops{len(self._made)}"


class _Writer:
    """Writes a function that runs turns of a program.

    Args:
        table: value -> its place in the table.
        wait: the barrier; None where there is one thread.
    """

    def __init__(
        self,
        function: Any,
        loops: LoopProgram,
        table: dict[Number, int],
        functions: _Functions,
        wait: Any,
    ) -> None:
        self.function = function
        self.loops = loops
        self.table = table
        self.functions = functions
        self.wait = wait
        self.builder = ir.IRBuilder(function.append_basic_block("entry"))
        self.status: Any = ir.Constant(STATUS, 0)
        self.workspace = self._entry(len(table))

    def write(self, turns: Sequence[Turn]) -> None:
        """All turns in order."""
        builder = self.builder
        _, thread, count, _ = self.function.args
        for turn in turns:
            if turn.divided:
                self._divided(turn)
            elif self.wait is None:
                for step in turn.steps:
                    self._run(step, [])
            else:
                self._by(builder.icmp_signed("==", thread, ir.Constant(INT64, 0)), turn.steps)
                if turn.last:
                    last = builder.sub(count, ir.Constant(INT64, 1))
                    self._by(builder.icmp_signed("==", thread, last), turn.last)
                if turn.waits:
                    self._wait()
        builder.ret(self.status)

    def _entry(self, place: int) -> Any:
        at = self.builder.gep(
            self.function.args[0], [ir.Constant(INT64, place)], inbounds=True, source_etype=POINTER
        )
        return self.builder.load(at, typ=POINTER)

    def _divided(self, turn: Turn) -> None:
        """A share of the first axis of each step for each thread."""
        builder, (_, thread, count, _) = self.builder, self.function.args
        for step in turn.steps:
            assert isinstance(step, NestStep)
            length = ir.Constant(INT64, step.nest.shape[shared_axis(step.nest.shape)])
            ends = [
                builder.sdiv(builder.mul(length, k), count)
                for k in (thread, builder.add(thread, ir.Constant(INT64, 1)))
            ]
            self._run(step, ends)
            self._wait()

    def _by(self, condition: Any, steps: Sequence[Step]) -> None:
        """Steps that one thread does."""
        builder, old = self.builder, self.status
        before = builder.block
        with builder.if_then(condition):
            for step in steps:
                self._run(step, [])
            inside, found = builder.block, self.status
        self.status = builder.phi(STATUS)
        self.status.add_incoming(old, before)
        self.status.add_incoming(found, inside)

    def _wait(self) -> None:
        _, thread, count, barrier = self.function.args
        self.builder.call(self.wait, [barrier, thread, count])

    def _run(self, step: Step, bounds: Sequence[Any]) -> None:
        values = self.loops.program.values
        if isinstance(step, ProductStep):
            dtype = values[step.number].dtype
            places = [(place.root, place.offset) for place, _ in (step.left, step.right)]
            arguments = [self._from(*place) for place in (*places, (step.number, 0))]
            self.builder.call(self.functions.product(step, dtype), arguments)
            return
        dtypes = [values[root].dtype for root in step.roots]
        bases = step.bases or (0,) * len(step.roots)
        made = self.functions.nest(step, dtypes, bool(bounds))
        found = self.builder.call(made, [*map(self._from, step.roots, bases), *bounds])
        if step.nest.checks:
            self.status = self.builder.or_(self.status, found)

    def _from(self, root: Number, base: int) -> Any:
        """The address of an element of a value: where it is used, for few are kept in registers."""
        offset = base * self.loops.program.values[root].dtype.itemsize
        root = self.loops.workspace.hosts.get(root, root)
        if root in self.table:
            start = self._entry(self.table[root])
        else:
            start, offset = self.workspace, offset + self.loops.workspace.offsets[root]
        if offset == 0:
            return start
        number = ir.Constant(INT64, offset)
        return self.builder.gep(start, [number], inbounds=True, source_etype=_BYTE)


def _write_entry(module: Any, count: int, layout: Layout) -> None:
    """`int32 entry(tuple)`, of one array for each place of the table."""
    function = ir.Function(module, ir.FunctionType(STATUS, [POINTER]), ENTRY)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    table = builder.alloca(POINTER, count)
    items = builder.gep(function.args[0], [ir.Constant(INT64, layout.items)], source_etype=_BYTE)
    with for_range(builder, 0, count, vectorize=False) as place:
        item = builder.load(builder.gep(items, [place], source_etype=POINTER), typ=POINTER)
        data = builder.gep(item, [ir.Constant(INT64, layout.data)], source_etype=_BYTE)
        there = builder.gep(table, [place], source_etype=POINTER)
        builder.store(builder.load(data, typ=POINTER), there)
    zero, one = ir.Constant(INT64, 0), ir.Constant(INT64, 1)
    nobody = ir.Constant(POINTER, None)
    builder.ret(builder.call(module.globals[BODY], [table, zero, one, nobody]))
