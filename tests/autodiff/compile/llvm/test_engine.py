"""Compiling and loading: external symbols, threads, forks, and no memory left behind."""

from __future__ import annotations

import ctypes
import dataclasses
import gc
import os
import sys
import threading
import weakref
from typing import Any

import numpy as np
import pytest
from function_code import module_of
from llvmlite import ir

import autodiff.numpy as anp
from autodiff.compile.llvm import engine
from autodiff.compile.llvm.arrays import POINTER, load_at, store_at
from autodiff.compile.llvm.loops import for_range
from autodiff.compile.llvm.program import BODY


def adder(constant: float, n: int = 10) -> ir.Module:
    """x + constant of n numbers, as function `f`."""
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [POINTER] * 2), "f")
    builder = ir.IRBuilder(function.append_basic_block())
    source, target = function.args
    with for_range(builder, 0, n) as k:
        x = load_at(builder, source, np.dtype(float), k)
        total = builder.fadd(x, ir.Constant(x.type, constant))
        store_at(builder, target, np.dtype(float), k, total)
    builder.ret_void()
    return module


def loaded(object_code: bytes) -> Any:
    library = engine.Library(object_code, ["f"])
    return library.function("f", ctypes.c_void_p, ctypes.c_void_p)


def applied(function: Any, n: int = 10) -> np.ndarray:
    x, out = np.arange(float(n)), np.empty(n)
    function(x.ctypes.data, out.ctypes.data)
    return out


def test_the_same_text_gives_the_same_object_and_both_work() -> None:
    first, second = engine.compile_object(adder(2.0)), engine.compile_object(str(adder(2.0)))
    assert first == second
    assert np.array_equal(applied(loaded(first)), np.arange(10.0) + 2)


def test_libraries_with_equal_names_live_side_by_side() -> None:
    functions = [loaded(engine.compile_object(adder(float(k)))) for k in range(3)]
    assert [applied(f)[0] for f in functions] == [0, 1, 2]


def test_a_function_keeps_its_library_and_nothing_else_does() -> None:
    library = engine.Library(engine.compile_object(adder(1.0)), ["f"])
    function = library.function("f", ctypes.c_void_p, ctypes.c_void_p)
    alive = weakref.ref(library)
    del library
    assert applied(function)[0] == 1
    del function
    gc.collect()
    assert alive() is None


def test_external_functions_are_found_by_address() -> None:
    number = ir.DoubleType()
    module = ir.Module()
    kind = ir.FunctionType(number, [number])
    outside = ir.Function(module, kind, "outside")
    builder = ir.IRBuilder(ir.Function(module, kind, "f").append_basic_block())
    builder.ret(builder.call(outside, builder.function.args))
    code = engine.compile_object(module)
    double = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: 2 * x)
    address = ctypes.cast(double, ctypes.c_void_p).value
    assert address
    library = engine.Library(code, ["f"], {"outside": address})
    assert library.function("f", ctypes.c_double, result=ctypes.c_double)(1.5) == 3
    with pytest.raises(RuntimeError, match="materialize"):
        engine.Library(code, ["f"])


def test_invalid_code_raises_with_the_words_of_llvm() -> None:
    with pytest.raises(RuntimeError, match="expected"):
        engine.compile_object("define nonsense")


def test_the_host_is_named_in_full() -> None:
    host = engine.host()
    assert host.cpu
    assert host.llvm[0].isdigit()
    assert all(part in str(host) for part in (host.triple, host.cpu, host.features, host.llvm))


@pytest.mark.usefixtures("host_is_x86")
def test_results_do_not_depend_on_the_processor(rng: np.random.Generator) -> None:
    """No multiply-add is contracted, and sums go in one order however wide the registers are."""
    x = rng.uniform(-20, 20, 1003)
    module = module_of(lambda x: anp.sum(anp.tanh(anp.sin(x))), x)
    found = []
    for target in (engine.host(), dataclasses.replace(engine.host(), cpu="x86-64", features="")):
        library = engine.Library(engine.compile_object(module, target), [BODY])
        numbers = [ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p]
        body = library.function(BODY, *numbers, result=ctypes.c_int)
        out = np.empty(1)
        table = np.array([x.ctypes.data, out.ctypes.data, 0])
        assert body(table.ctypes.data, 0, 1, None) == 0
        found.append(out[0])
    assert found[0] == found[1]
    assert found[0] == pytest.approx(np.tanh(np.sin(x)).sum(), abs=1e-12)


def test_threads_compile_and_run_at_once() -> None:
    found: dict[int, float] = {}

    def work(k: int) -> None:
        for _ in range(3):
            found[k] = applied(loaded(engine.compile_object(adder(float(k)))))[0]

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {k: k for k in range(4)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
# The warning is about children that wait for locks; that this one need not is what is tested.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_forked_in_the_middle_of_a_compilation_can_compile_and_run() -> None:
    function = loaded(engine.compile_object(adder(5.0)))
    stop = threading.Event()

    def keep_compiling() -> None:
        while not stop.is_set():
            engine.compile_object(adder(1.0))

    thread = threading.Thread(target=keep_compiling)
    thread.start()
    try:
        for _ in range(3):
            child = os.fork()
            if child == 0:
                good = applied(function)[0] == 5
                good = good and applied(loaded(engine.compile_object(adder(7.0))))[0] == 7
                os._exit(0 if good else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        stop.set()
        thread.join()


def test_compiling_and_unloading_leaves_no_memory_behind() -> None:
    resource = pytest.importorskip("resource", reason="peak memory is asked of POSIX")

    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def rounds(count: int) -> None:
        for k in range(count):
            applied(loaded(engine.compile_object(adder(float(k), 10 + k))), 10 + k)

    rounds(60)  # LLVM's own tables grow to their size
    before = peak()
    rounds(60)
    # 4 kB a round is what remains. The optimiser's passes alone are 60, a linker 160. Linux counts
    # in kB, macOS in bytes.
    assert peak() - before < 60 * 25 * (1024 if sys.platform == "darwin" else 1)
