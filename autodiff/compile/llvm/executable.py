"""A program's machine code, found in the cache or made, as a function of NumPy arrays."""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..ir import Program, Value
from ..loops.factors import with_matrices
from ..loops.loop_program import LoopProgram, loop_program
from ..loops.scatter_sums import with_scatter_sums
from ..loops.storing import element_strides
from ..replay import Replay
from . import blas, engine
from . import cache as object_cache
from .object_layout import LAYOUT
from .program import BODY, ENTRY, constants_of, results_of, write_module
from .team import run_together
from .turns import is_shared

_BODY = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p
)
_LENGTH = 4  # bytes of the number in front of a cached program's facts


class Facts(NamedTuple):
    """What must be known of machine code besides the program that it was made of.

    Attributes:
        constants: which of the program's constants are arrays in the table, in order.
        workspace: bytes that it needs.
        shared: whether several threads may run it together.
    """

    constants: list[int]
    workspace: int
    shared: bool


class Executable:
    """Machine code of a program as a function of its inputs; safe in several threads.

    Attributes:
        program: what is run.
        body: the address of `body`, see `program`.
        shared: whether several threads may run it together.
        constants: the arrays that come behind the inputs in its table.
        results: allocators of the arrays that come then.
        workspace: how many bytes come last.
    """

    def __init__(self, program: Program, facts: Facts, code: bytes) -> None:
        self.program = program
        places = [program.values[k].param("index") for k in program.inputs]
        assert places == list(range(len(places))), "an input is in a program once"
        self._library = engine.Library(code, [BODY, ENTRY], blas.symbols())
        self.body = self._library.address(BODY)
        self.shared = facts.shared
        self.workspace = facts.workspace
        arrays = [x.param("data").array for x in program.values if x.op == "constant"]
        self.constants = [arrays[k] for k in facts.constants]
        self._numbers = results_of(program)
        self.results = [_allocator(program.values[k]) for k in self._numbers]
        self._idle: list[Any] = []
        self._run = self._written()

    @property
    def loops(self) -> LoopProgram:
        """The loops that the code runs, to print."""
        return loop_program(with_matrices(with_scatter_sums(self.program)))

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs, in memory of their own."""
        return self._run(*inputs)

    def new_workspace(self) -> Any:
        """Memory for what is computed on the way."""
        return aligned(self.workspace)

    def _written(self) -> Callable[..., list[Any]]:
        """The call as Python's text: a microsecond counts."""
        values, inputs = self.program.values, self.program.inputs
        entry = self._library.function(ENTRY, ctypes.py_object, result=ctypes.c_int)
        names: dict[str, Any] = {
            "entry": self._together if self.shared else entry,
            "idle": self._idle,
            "asarray": np.asarray,
            "new_workspace": self.new_workspace,
            "refused": self._refused,
        }
        given = [f"x{k}" for k in range(len(inputs))]
        results = [f"y{k}" for k in range(len(self.results))]
        lines = [f"def run({', '.join(given)}):"]
        for name, number in zip(given, inputs):
            if values[number].shape == ():
                names[f"{name}_type"] = values[number].dtype
                lines.append(f"    {name} = asarray({name}, {name}_type)")
        for name, make in zip(results, self.results):
            names[f"new_{name}"] = make
            lines.append(f"    {name} = new_{name}()")
        every = [*given, *(f"c{k}" for k in range(len(self.constants))), *results]
        names.update((f"c{k}", array) for k, array in enumerate(self.constants))
        places = {k: place for place, k in enumerate(self._numbers)}
        found = [f"y{places[k]}" for k in self.program.outputs]
        lines += [
            "    try: workspace = idle.pop()",
            "    except IndexError: workspace = new_workspace()",
            f"    status = entry(({', '.join([*every, 'workspace'])},))",
            "    idle.append(workspace)",
            f"    if status: return refused({', '.join(given)})",
            f"    return [{', '.join(found)}]",
        ]
        exec("\n".join(lines), names)
        return names["run"]

    def _together(self, arrays: tuple[Any, ...]) -> int:
        """As `entry`, on several threads."""
        table = np.array(list(map(address, arrays)), np.int64)
        body = _BODY(self.body)
        return max(run_together(partial(body, table.ctypes.data), True))

    def _refused(self, *inputs: Any) -> list[Any]:
        """An index was out of bounds: NumPy says it in its own words."""
        return Replay(self.program)(*inputs)


def address(array: Any) -> int:
    """Of an array's data; in a third of the time of `ctypes.data`."""
    return array.__array_interface__["data"][0]


def aligned(size: int) -> Any:
    """Bytes that begin at a multiple of 64."""
    raw = np.empty(size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + max(size, 1)]


def _allocator(value: Value) -> Callable[[], Any]:
    strides = element_strides(value, True)
    shape, dtype = value.shape, value.dtype
    order = sorted(range(len(shape)), key=lambda axis: -strides[axis])
    if order == sorted(order):
        return partial(np.empty, shape, dtype)
    dense = [shape[axis] for axis in order]
    back = [order.index(axis) for axis in range(len(shape))]
    return lambda: np.empty(dense, dtype).transpose(back)


def executable(program: Program) -> Executable:
    """The machine code of a program all of whose operations have loops."""
    name = object_cache.key([_text(program), _generator(), str(engine.host()), str(LAYOUT)])
    found = object_cache.load(name)
    if found is None:
        found = _made(program)
        object_cache.store(name, found)
    end = _LENGTH + int.from_bytes(found[:_LENGTH], "little")
    return Executable(program, Facts(*json.loads(found[_LENGTH:end])), found[end:])


def _made(program: Program) -> bytes:
    """The facts, their length before them, and the object code."""
    summed = with_matrices(with_scatter_sums(program))
    loops = loop_program(summed)
    code = engine.compile_object(write_module(loops, LAYOUT))
    places = {x.param("data"): k for k, x in enumerate(_constants(program))}
    constants = [places[summed.values[k].param("data")] for k in constants_of(loops)]
    facts = json.dumps(Facts(constants, loops.workspace.size, is_shared(loops))).encode()
    return len(facts).to_bytes(_LENGTH, "little") + facts + code


def _constants(program: Program) -> list[Value]:
    return [value for value in program.values if value.op == "constant"]


def _text(program: Program) -> str:
    """Everything that the code of a program depends on."""
    lines = [
        repr((x.op, x.operands, x.params, x.shape, x.dtype.str, x.strides)) for x in program.values
    ]
    lines += [repr(value.param("data").key) for value in _constants(program)]
    return "\n".join([*lines, repr(program.outputs)])


@cache
def _generator() -> str:
    """What tells this version of the code generator from others: the state of its files."""
    return repr(sorted(_states(Path(__file__).parents[1])))


def _states(folder: Path | str) -> list[tuple[str, int, int]]:
    """Name, size and time of change of the modules in a folder and below."""
    found = []
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            status = entry.stat()
            found.append((entry.name, status.st_size, status.st_mtime_ns))
        elif entry.is_dir():
            found += _states(entry.path)
    return found
