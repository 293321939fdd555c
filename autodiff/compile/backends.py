"""Which back end runs a program: machine code where llvmlite is installed, replay elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from .ir import Program, Value
from .replay import Replay

LARGEST = 5000
"""Operations of a program from which on it is replayed: compiling it would take too long."""


LLVMLITE = (0, 50)
"""The first version of llvmlite whose interface is known here."""


@cache
def why_no_llvm() -> str | None:
    """Why there is no machine code: $AUTODIFF_BACKEND may be "replay"; None if there is."""
    if os.environ.get("AUTODIFF_BACKEND") == "replay":
        return "AUTODIFF_BACKEND is replay"
    if find_spec("llvmlite") is None:
        return "llvmlite is not installed"
    from .llvm import object_layout

    if not object_layout.holds():
        return "this Python does not lay its objects out as CPython does"
    from .llvm.bindings import version

    if tuple(map(int, version.split(".")[:2])) < LLVMLITE:
        return f"llvmlite {version} is older than {'.'.join(map(str, LLVMLITE))}"
    return None


def why_replayed(program: Program) -> str | None:
    """Why a program is replayed; None if it is compiled to machine code."""
    if len(program) > LARGEST:
        return f"it has {len(program)} operations, more than {LARGEST}"
    return why_no_llvm()


def runner(program: Program) -> Callable[..., list[Any]]:
    """What runs a program."""
    if why_replayed(program) is not None:
        return Replay(program)
    from .native import Native

    return Native(program)


def left_to_python(program: Program) -> tuple[int, list[Value]]:
    """How many operations the back end of a program runs, and those for which it calls Python."""
    if why_replayed(program) is not None:
        calls = [value for value in program.values if value.op == "call"]
    else:
        from .llvm.support import has_loops
        from .passes import loosened

        program = loosened(program)
        calls = [
            value
            for k, value in enumerate(program.values)
            if value.kind != "leaf" and value.op != "entry" and not has_loops(program, k)
        ]
    given = sum(value.kind == "leaf" or value.op == "entry" for value in program.values)
    return len(program) - given - len(calls), calls


def sweep_of(entry: Any) -> Any:
    """The loop over an entry's program in machine code; None where there is none."""
    if why_replayed(entry.program) is not None:
        return None
    from .sweeps import sweep_of

    return sweep_of(entry)


def pair_of(entry: Any, reverse: Any, steps: int) -> Any:
    """The loops over a step and its reversal, residuals handed over; None where there are none."""
    if any(why_replayed(each.program) is not None for each in (entry, reverse)):
        return None
    from .sweeps import pair_of

    return pair_of(entry, reverse, steps)
