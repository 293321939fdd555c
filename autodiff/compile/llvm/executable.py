"""A program's machine code, found in the cache or made, as a function of NumPy arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..ir import Program
from ..loops.factors import with_matrices
from ..loops.loop_program import LoopProgram, loop_program
from ..loops.scatter_sums import with_scatter_sums
from ..replay import Replay
from . import blas, cache, engine
from .program import BODY, ENTRY, constants_of, is_shared, results_of, write_module
from .team import run_together

GENERATOR = "1"
"""To be changed with whatever changes the code that is made of a program."""
_BODY = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p
)
_DATA_OFFSET = object.__basicsize__
"""Where in a NumPy array's object the address of its data is: behind what all objects have."""


class Executable:
    """Machine code of a program as a function of its inputs; safe in several threads.

    Attributes:
        program: what is run.
        loops: how.
        body: the address of `body`, see `program`.
        shared: whether several threads may run it together.
        constants: the arrays that come behind the inputs in its table.
        results: allocators of the arrays that come then.
    """

    def __init__(self, program: Program, loops: LoopProgram, code: bytes) -> None:
        self.program = program
        self.loops = loops
        self._library = engine.Library(code, [BODY, ENTRY], blas.symbols())
        self.body = self._library.address(BODY)
        self.shared = is_shared(loops)
        self.constants = [program.values[k].param("data").array for k in constants_of(loops)]
        self.results = [_allocator(program, loops, k) for k in results_of(loops)]
        self._idle: list[Any] = []
        self._run = self._written()

    def __call__(self, *inputs: Any) -> list[Any]:
        """The outputs, in memory of their own."""
        return self._run(*inputs)

    def new_workspace(self) -> Any:
        """Memory for what is computed on the way."""
        return aligned(self.loops.workspace)

    def _written(self) -> Callable[..., list[Any]]:
        """The call as Python's text: a microsecond counts."""
        values, inputs = self.program.values, self.program.inputs
        count = len(inputs) + len(self.constants) + len(self.results) + 1
        arguments = [ctypes.py_object] * count
        entry = self._library.function(ENTRY, *arguments, result=ctypes.c_int)
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
        numbers = results_of(self.loops)
        found = [f"y{numbers.index(k)}" for k in self.program.outputs]
        lines += [
            "    try: workspace = idle.pop()",
            "    except IndexError: workspace = new_workspace()",
            f"    status = entry({', '.join([*every, 'workspace'])})",
            "    idle.append(workspace)",
            f"    if status: return refused({', '.join(given)})",
            f"    return [{', '.join(found)}]",
        ]
        exec("\n".join(lines), names)
        return names["run"]

    def _together(self, *arrays: Any) -> int:
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


def _allocator(program: Program, loops: LoopProgram, k: int) -> Callable[[], Any]:
    value, strides = program.values[k], loops.memory[k]
    shape, dtype = value.shape, value.dtype
    order = sorted(range(len(shape)), key=lambda axis: -strides[axis])
    if order == sorted(order):
        return partial(np.empty, shape, dtype)
    dense = [shape[axis] for axis in order]
    back = [order.index(axis) for axis in range(len(shape))]
    return lambda: np.empty(dense, dtype).transpose(back)


def executable(program: Program) -> Executable:
    """The machine code of a program all of whose operations have loops."""
    program = with_matrices(with_scatter_sums(program))
    loops = loop_program(program)
    text = str(write_module(loops, _DATA_OFFSET))
    name = cache.key([text, GENERATOR, str(engine.host())])
    code = cache.load(name)
    if code is None:
        code = engine.compile_object(text)
        cache.store(name, code)
    return Executable(program, loops, code)
