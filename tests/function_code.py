"""Code of functions of arrays, for tests of what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.ir import Program
from autodiff.compile.llvm.object_layout import LAYOUT
from autodiff.compile.llvm.program import write_module
from autodiff.compile.loops.factors import with_matrices
from autodiff.compile.loops.loop_program import loop_program
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized
from autodiff.scipy.special import expit


def program_of(fun: Callable[..., Any], *args: Any) -> Program:
    """What the function does with arrays like these."""
    return optimized(lower(record(fun, *args)))


def module_of(fun: Callable[..., Any], *args: Any) -> Any:
    """The LLVM module of a function all of whose operations have loops."""
    return write_module(loop_program(with_matrices(program_of(fun, *args))), LAYOUT)


def elementary(name: str) -> Callable[..., Any]:
    """A function of `math.FUNCTIONS`, of arrays."""
    return expit if name == "sigmoid" else getattr(np, name)
