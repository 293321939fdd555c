"""The reference back end: straight-line NumPy with reused buffers.

A program becomes the text of a function, one call of NumPy for each operation, which writes into
buffers that were allocated once; views of buffers are made once too. The function gives what eager
evaluation gives, bit by bit: the same loops of NumPy run on arrays that lie in memory as theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as onp

from ..numpy.indexing import scatter
from .buffers import Plan, plan_buffers, roots_of
from .ir import PRODUCTS, REDUCTIONS, SEARCHES, Number, Program, Value
from .operations import Constant, Group, Slot
from .view_texts import form_text, index_text, slices, view_of, view_text

_scatter = scatter.__wrapped__.__wrapped__  # type: ignore[attr-defined]
_GLOBALS: dict[str, Any] = {
    "asarray": onp.asarray,
    "broadcast_to": onp.broadcast_to,
    "concatenate": onp.concatenate,
    "copyto": onp.copyto,
    "einsum": onp.einsum,
    "scatter": _scatter,
    **PRODUCTS,
    **SEARCHES,
    **{f"{op}_along": ufunc.reduce for op, ufunc in REDUCTIONS.items()},
}


class Replay:
    """A program as a function of its inputs, which gives the list of its outputs.

    Safe in several threads: each call in flight has buffers of its own. Results are never written
    to again.

    Attributes:
        program: what is run.
        plan: its buffers.
        source: the function's text.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.plan = plan_buffers(program)
        text = _Text(program, self.plan)
        self.source = text.source
        self._objects = text.objects
        self._code = compile(self.source, "<replay>", "exec")
        self._idle: list[Callable[..., Any]] = []

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs; those of rank 0 as arrays or NumPy scalars."""
        try:
            run = self._idle.pop()
        except IndexError:
            run = self._made()
        try:
            return run(*inputs)
        finally:
            self._idle.append(run)

    def _made(self) -> Callable[..., Any]:
        """The function, with buffers of its own."""
        names = {**_names(self.program, self.plan), **self._objects}
        exec(self._code, names)
        return names["run"]


def _is_static(value: Value, plan: Plan, k: Number, static: set[Number]) -> bool:
    """Whether the value's array is there before a run."""
    if value.kind == "view":
        return value.operands[0] in static
    return k in plan.buffers or value.op == "constant"


def _names(program: Program, plan: Plan) -> dict[str, Any]:
    """Everything that the text names: functions, constants, buffers, views of them."""
    names = dict(_GLOBALS)
    raw = [onp.empty(size, onp.uint8) for size in plan.sizes]
    static: set[Number] = set()
    for k, value in enumerate(program.values):
        if value.kind == "map" and value.function is not None:
            names[f"f{k}"] = value.function
        if not _is_static(value, plan, k, static):
            if k in plan.fresh:
                names[f"new{k}"] = _allocator(value)
            continue
        static.add(k)
        if value.op == "constant":
            names[f"v{k}"] = value.param("data").array
        elif value.kind == "view":
            names[f"v{k}"] = view_of(value, names[f"v{value.operands[0]}"])
        else:
            buffer = raw[plan.buffers[k]]
            names[f"v{k}"] = onp.ndarray(value.shape, value.dtype, buffer, 0, value.strides)
    return names


def _allocator(value: Value) -> Callable[[], Any]:
    shape, dtype, strides = value.shape, value.dtype, value.strides
    if not shape:
        return lambda: onp.empty((), dtype)
    order = sorted(range(len(shape)), key=lambda axis: -strides[axis])
    if order == sorted(order):
        return lambda: onp.empty(shape, dtype)
    dense = [shape[axis] for axis in order]
    back = [order.index(axis) for axis in range(len(shape))]
    return lambda: onp.empty(dense, dtype).transpose(back)


def _last_readers(program: Program) -> dict[Number, list[Number]]:
    """For each value the arrays that it is the last to read; results and inputs stay."""
    last = list(range(len(program.values)))
    for k, value in enumerate(program.values):
        for x in value.operands:
            last[x] = k
    found: dict[Number, list[Number]] = {}
    for x, k in enumerate(last):
        value = program.values[x]
        if value.op != "input" and value.shape != () and x not in program.outputs:
            found.setdefault(k, []).append(x)
    return found


class _Text:
    """Writes the function of a program.

    Attributes: source; objects, what it names besides arrays.
    """

    def __init__(self, program: Program, plan: Plan) -> None:
        self.program = program
        self.plan = plan
        self.static: set[Number] = set()
        self.objects: dict[str, Any] = {}
        self.roots = roots_of(program)
        lines: list[str] = []
        ends = _last_readers(program)
        for k, value in enumerate(program.values):
            if _is_static(value, plan, k, self.static):
                self.static.add(k)
            lines += self._lines(k, value)
            done = [f"v{x}" for x in ends.get(k, ()) if x not in self.static]
            if done:  # arrays that are made in each run go as early as in eager evaluation
                lines.append(f"del {', '.join(done)}")
        inputs = ", ".join(f"v{k}" for k in program.inputs)
        results = ", ".join(map(self._result, program.outputs))
        body = "".join(f"    {line}\n" for line in lines)
        self.source = f"def run({inputs}):\n{body}    return [{results}]\n"

    def _result(self, k: Number) -> str:
        constant = any(self.program.values[root].op == "constant" for root in self.roots[k])
        return f"v{k}.copy()" if constant or k in self.static else f"v{k}"

    def _lines(self, k: Number, value: Value) -> list[str]:
        names = [f"v{x}" for x in value.operands]
        if value.op == "input":
            return [] if value.shape else [f"v{k} = asarray(v{k})"]
        if value.kind == "view":
            return [] if k in self.static else [f"v{k} = {view_text(value, names[0])}"]
        if value.op in ("constant", "gather", "scatter", "call", "entry"):
            return [f"v{k} = {text}" for text in self._made(k, value, names)]
        lines = [f"v{k} = new{k}()"] if k in self.plan.fresh else []
        return lines + self._computed(k, value, names)

    def _made(self, k: Number, value: Value, names: list[str]) -> list[str]:
        """Operations that bring their results."""
        if value.op == "call":
            return [self._called(k, value)]
        if value.op == "entry":
            return [f"{names[0]}[{value.param('k')}]"]
        if value.op == "constant":
            return []
        index = form_text(value.param("index"), self._numbered(value, names))
        if value.op == "gather":
            return [f"{names[0]}[{index}]"]
        return [f"scatter({names[0]}, {index}, {value.shape})"]

    def _numbered(self, value: Value, names: list[str]) -> list[str]:
        """The operands of an indexing, those of rank 0 as numbers."""
        values = self.program.values
        return [x if values[k].shape else f"{x}[()]" for x, k in zip(names, value.operands)]

    def _called(self, k: Number, value: Value) -> str:
        """The call of a primitive's function, with its operands as it got them when it was
        recorded: numbers as numbers."""
        call = value.function
        dynamic = []
        for x, weak in zip(value.operands, call.weak):
            scalar = self.program.values[x].shape == ()
            dynamic.append(f"v{x}.item()" if weak else f"v{x}[()]" if scalar else f"v{x}")
        given = iter(dynamic)
        operation = call.operation
        texts = [
            self._object(x.value) if isinstance(x, Constant) else next(given)
            for x in operation.operands
        ]
        arguments = [self._argument(form, texts) for form in operation.arguments]
        arguments += [f"{n}={self._argument(form, texts)}" for n, form in operation.keywords]
        return f"{self._object(operation.function)}({', '.join(arguments)})"

    def _argument(self, form: Any, texts: list[str]) -> str:
        if isinstance(form, Slot):
            return texts[form.k]
        if not isinstance(form, Group):
            return self._object(form)
        entries = ", ".join(self._argument(entry, texts) for entry in form.entries)
        return f"{self._object(form.made)}([{entries}])"

    def _object(self, x: Any) -> str:
        """The name of something that the text cannot spell out."""
        name = f"o{len(self.objects)}"
        self.objects[name] = x
        return name

    def _computed(self, k: Number, value: Value, names: list[str]) -> list[str]:
        """Operations that write into an array."""
        out = f"v{k}"
        if value.function is not None:
            return [f"f{k}({', '.join(names)}, out={out})"]
        if value.op in ("cast", "copy"):
            return [f"copyto({out}, {names[0]}, 'unsafe')"]
        if value.op == "select":
            return [f"copyto({out}, {names[2]})", f"copyto({out}, {names[1]}, where={names[0]})"]
        if value.op in REDUCTIONS:
            axes, keepdims = value.param("axes"), value.param("keepdims")
            return [f"{value.op}_along({names[0]}, {axes}, None, {out}, {keepdims})"]
        if value.op in PRODUCTS:
            one, two = (self.roots[x] for x in value.operands)
            if one & two and not value.param("shared"):  # equal values that were two arrays
                names[1] += ".copy('K')"
            return [f"{value.op}({names[0]}, {names[1]}, {out})"]
        if value.op in SEARCHES:
            axis, keepdims = value.param("axis"), value.param("keepdims")
            return [f"{value.op}({names[0]}, {axis}, {out}, keepdims={keepdims})"]
        if value.op == "einsum":
            return [f"einsum({value.param('subscripts')!r}, {', '.join(names)}, out={out})"]
        if value.op == "concatenate":
            return [f"concatenate(({', '.join(names)},), {value.param('axis')}, {out})"]
        if value.op == "roll":
            return self._rolled(out, names[0], value)
        if value.op == "put":
            index = form_text(value.param("index"), self._numbered(value, names))
            return [f"copyto({out}, {names[0]})", f"{out}[{index}] = {names[1]}"]
        place = f"{out}[{index_text(slices(value.param('parts')))}]"
        if value.op == "place":
            return [f"{out}.fill(0)", f"copyto({place}, {names[0]})"]
        return [f"copyto({out}, {names[0]})", f"copyto({place}, {names[1]})"]

    def _rolled(self, out: str, x: str, value: Value) -> list[str]:
        """Up to two pieces along each axis, each to its place."""
        pieces: list[tuple[tuple[slice, ...], tuple[slice, ...]]] = [((), ())]
        shifts = dict(value.param("by"))
        for axis, n in enumerate(value.shape):
            shift = shifts.get(axis, 0)
            if shift == 0:
                options = [(slice(None), slice(None))]
            else:
                options = [
                    (slice(shift, None), slice(None, n - shift)),
                    (slice(None, shift), slice(n - shift, None)),
                ]
            pieces = [((*to, a), (*at, b)) for to, at in pieces for a, b in options]
        return [f"copyto({out}[{index_text(to)}], {x}[{index_text(at)}])" for to, at in pieces]
