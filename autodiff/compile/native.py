"""The compiled back end: parts of a program as machine code, the rest by replay, in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from .ir import Program, Value
from .llvm.executable import Executable, executable
from .llvm.support import has_loops
from .partition import Part, dense_strides, partition
from .passes import loosened
from .placeholders import RecordingError
from .replay import Replay
from .strides import axis_order, same_layout


class Native:
    """A program as a function of its inputs, which gives the list of its outputs, as `Replay` does.

    Safe in several threads. Results are never written to again.

    Attributes: program, what is run; parts, of it, and `runs`, what runs each.
    """

    def __init__(self, program: Program) -> None:
        self.program = program = loosened(program)
        self.parts = partition(program, has_loops)
        self.runs: list[Executable | Replay] = [_run_of(part) for part in self.parts]
        self._run: Callable[..., list[Any]] = self._chosen()

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs; those of rank 0 as arrays or NumPy scalars."""
        return self._run(*inputs)

    def _chosen(self) -> Callable[..., list[Any]]:
        whole = self.whole
        if whole is not None and self.parts[0].outputs == self.program.outputs:
            return whole
        return _chained(self.program, self.parts, self.runs)

    @property
    def whole(self) -> Executable | None:
        """The machine code, if that is all that runs."""
        if len(self.runs) == 1 and isinstance(self.runs[0], Executable):
            return self.runs[0]
        return None


def _run_of(part: Part) -> Executable | Replay:
    return executable(part.program) if part.compiled else Replay(part.program)


def _chained(
    program: Program, parts: Sequence[Part], runs: Sequence[Callable[..., Any]]
) -> Callable[..., list[Any]]:
    """A function that runs the parts one after the other."""
    names: dict[str, Any] = {"asarray": onp.asarray}
    lines = [f"def run({', '.join(f'v{k}' for k in program.inputs)}):"]
    for number, (part, run) in enumerate(zip(parts, runs)):
        names[f"part{number}"] = run
        targets = "".join(f"v{k}, " for k in part.outputs) or "_"
        lines.append(f"    {targets}= part{number}({', '.join(f'v{k}' for k in part.inputs)})")
        for k in part.outputs:
            if not part.compiled and program.values[k].shape:
                names[f"checked{k}"] = _checked(program.values[k])
                lines.append(f"    v{k} = checked{k}(v{k})")
    found, seen = [], set()
    for k in program.outputs:
        value = program.values[k]
        if value.op == "constant":
            names[f"c{k}"] = value.param("data").array
            found.append(f"c{k}.copy()")
        elif value.op == "input" and value.shape == ():
            found.append(f"asarray(v{k})")
        else:  # results are arrays of their own, even where they are equal
            found.append(f"v{k}.copy()" if k in seen else f"v{k}")
        seen.add(k)
    lines.append(f"    return [{', '.join(found)}]")
    exec("\n".join(lines), names)
    return names["run"]


def _checked(value: Value) -> Callable[[Any], Any]:
    """What makes sure that a result of Python's is what the code that reads it takes it for."""
    shape, dtype, strides = value.shape, value.dtype, dense_strides(value)
    order = axis_order(strides)
    back = [order.index(axis) for axis in range(len(order))]

    def checked(x: Any) -> Any:
        if x.__class__ is onp.ndarray and (x.shape, x.strides, x.dtype) == (shape, strides, dtype):
            return x  # nearly always
        x = onp.asarray(x)
        if x.shape != shape or x.dtype != dtype:
            raise RecordingError(
                f"{value} gives {x.dtype} of shape {x.shape} now; a type that depends on values"
                " cannot be replayed"
            )
        if same_layout(shape, x.strides, strides):
            return x
        dense = onp.empty([shape[axis] for axis in order], dtype).transpose(back)
        dense[...] = x
        return dense

    return checked
