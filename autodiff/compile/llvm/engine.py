"""Compile modules for this machine, and load object files as functions that ctypes can call.

Threads take turns under one lock, held across a fork too, so that a child never inherits half of a
compilation. Loaded code is unloaded when the last function of its library is gone.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from .bindings import binding

_lock = threading.RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release
    )


@dataclass(frozen=True)
class Host:
    """What object code depends on: it runs where all of these are the same."""

    triple: str
    cpu: str
    features: str
    llvm: str

    def __str__(self) -> str:
        return f"{self.triple} {self.cpu} {self.features} LLVM {self.llvm}"


@cache
def host() -> Host:
    """This machine and the LLVM of the llvmlite installed."""
    return Host(
        binding.get_process_triple(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        ".".join(map(str, binding.llvm_version_info)),
    )


def compile_object(module: Any, target: Host | None = None) -> bytes:
    """The object file of a module, optimised for this machine, or another.

    Args:
        module: an llvmlite.ir.Module, or the text of one.
        target: what to optimise for; `host()` if None. The arithmetic is the same on all.
    Raises: RuntimeError with LLVM's words if the module is not valid.
    """
    target = target or host()
    with _optimized(str(module), target) as optimized:
        return _target_machine(target).emit_object(optimized)


def assembly(module: Any) -> str:
    """The machine code of `compile_object` for people to read."""
    with _optimized(str(module), host()) as optimized:
        return _target_machine(host()).emit_assembly(optimized)


class Library:
    """Loaded object code.

    Args:
        object_code: from `compile_object`, on a host equal to this one.
        names: the functions that will be asked for.
        symbols: addresses of the external functions that the code calls, by name. What the process
            has loaded anyway, the C library's functions above all, is found without.
    Raises: RuntimeError if a symbol is missing.
    """

    def __init__(
        self, object_code: bytes, names: Sequence[str], symbols: Mapping[str, int] | None = None
    ) -> None:
        builder = binding.JITLibraryBuilder()
        builder.add_object_img(object_code).add_current_process()
        for name, address in (symbols or {}).items():
            builder.import_symbol(name, address)
        for name in names:
            builder.export_symbol(name)
        with _lock:
            linker, number = _linkers.next()
            self._code = builder.link(linker, f"autodiff{number}")
            self._linker = linker  # set last, so it goes after the code that it linked

    def address(self, name: str) -> int:
        """Of a function among `names`, valid as long as this library lives."""
        return self._code[name]

    def function(self, name: str, *argument_types: Any, result: Any = None) -> Any:
        """A function among `names`, to be called with ctypes values; it keeps the library alive.

        The interpreter's lock is free while it runs. Nothing is checked: pointers must be valid.
        """
        function: Any = ctypes.CFUNCTYPE(result, *argument_types)(self.address(name))
        function.loaded_by = self
        return function


class _Linkers:
    """Just-in-time linkers, each for some libraries.

    It takes half as long to make one as to link a library. But it keeps 9 kB of each one that is
    gone, until the last of its own is.
    """

    libraries = 16

    def __init__(self) -> None:
        self._linker: Any = None
        self._number = 0

    def next(self) -> tuple[Any, int]:
        """A linker, and which of its libraries the next one is."""
        if self._number % self.libraries == 0:
            _target_machine(host())
            self._linker = binding.create_lljit_compiler(None, suppress_errors=True)
        self._number += 1
        return self._linker, self._number


_linkers = _Linkers()


@cache
def _target_machine(target: Host) -> Any:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    # Position-independent code reaches BLAS wherever it was loaded.
    return binding.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", jit=True
    )


@contextmanager
def _optimized(text: str, target: Host) -> Iterator[Any]:
    """The module after LLVM's -O3, in a context of its own; the lock is held meanwhile.

    What belongs to LLVM is given back in reverse order, which the garbage collector would not keep.
    """
    with _lock, ExitStack() as owned:
        machine = _target_machine(target)
        context = owned.enter_context(binding.create_context())
        module = owned.enter_context(binding.parse_assembly(text, context))
        module.triple = target.triple
        module.data_layout = str(machine.target_data)
        module.verify()
        options = owned.enter_context(binding.create_pipeline_tuning_options(3))
        options.loop_vectorization = True
        options.slp_vectorization = True
        # Unrolling takes short loops apart before the vectoriser sees them: up to four times slower
        # code on rows of 32 numbers, and half as long again to compile.
        options.loop_unrolling = False
        builder = owned.enter_context(binding.create_pass_builder(machine, options))
        passes = builder.getModulePassManager()
        owned.callback(_dispose, passes)
        passes.run(module, builder)
        yield module


def _dispose(passes: Any) -> None:
    # close() of llvmlite 0.50 finds the empty method of the first base class and leaks 60 kB.
    binding.newpassmanagers.NewPassManager._dispose(passes)
    passes.detach()
