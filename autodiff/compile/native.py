"""The compiled back end: parts of a program as machine code, the rest by replay, in turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as onp

from .ir import Program
from .llvm.executable import Executable, executable
from .llvm.support import has_loops
from .partition import Part, partition
from .replay import Replay
from .written_out import written_out


class Native:
    """A program as a function of its inputs, which gives the list of its outputs, as `Replay` does.

    Safe in several threads. Results are never written to again.

    Attributes: program, what is run; parts, of it, and `runs`, what runs each.
    """

    def __init__(self, program: Program) -> None:
        self.program = program = written_out(program)
        self.parts = partition(program, has_loops)
        self.runs: list[Executable | Replay] = [_run_of(part) for part in self.parts]
        self._run = _chained(program, self.parts, self.runs)

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs; those of rank 0 as arrays or NumPy scalars."""
        return self._run(*inputs)

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
