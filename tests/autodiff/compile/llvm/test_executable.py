"""Programs as functions: results of their own, the cache of their code, processes that share it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as onp
import pytest

import autodiff.numpy as np
from autodiff.compile import record
from autodiff.compile.llvm import cache, engine
from autodiff.compile.llvm.executable import Executable, aligned, executable
from autodiff.compile.lowering import lower
from autodiff.compile.passes import optimized

X = onp.random.default_rng(0).normal(size=(5, 4))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Gets an entry for each module that LLVM compiles."""
    found: list[int] = []
    compile_object = engine.compile_object

    def counted(module: Any) -> bytes:
        found.append(1)
        return compile_object(module)

    monkeypatch.setattr(engine, "compile_object", counted)
    return found


def _fun(x: Any) -> Any:
    return np.tanh(x @ x.T) * onp.arange(5.0), np.sum(x), x[::2]


def _made(fun: Callable[..., Any] = _fun, *args: Any) -> Executable:
    return executable(optimized(lower(record(fun, *(args or (X,))))))


def _bits(results: list[Any]) -> list[bytes]:
    return [onp.asarray(x).tobytes() for x in results]


def test_results_are_fresh_and_lie_as_eager_ones() -> None:
    run = _made(lambda x: (x * 2, x.T + 1), onp.asfortranarray(X))
    first = run(onp.asfortranarray(X))
    kept = [x.copy() for x in first]
    second = run(onp.asfortranarray(X + 1))
    for x, y, z in zip(first, kept, second):
        onp.testing.assert_array_equal(x, y)
        assert not onp.may_share_memory(x, z)
    assert [x.flags.f_contiguous for x in first] == [True, False]
    first[0][:] = 7.0


def test_numbers_may_be_given_as_numbers() -> None:
    run = _made(lambda x, s: x * s, X, 2.0)
    for s in (3.0, onp.float64(3.0), onp.array(3.0), 3):
        onp.testing.assert_array_equal(run(X, s)[0], X * 3)


def test_memory_is_aligned() -> None:
    for size in (0, 1, 63, 1000):
        block = aligned(size)
        assert block.ctypes.data % 64 == 0
        assert block.nbytes >= size


@pytest.mark.usefixtures("folder")
def test_code_is_compiled_once(compilations: list[int]) -> None:
    wanted = _bits(_made()(X))
    assert _bits(_made()(X)) == wanted
    assert len(compilations) == 1


@pytest.mark.usefixtures("folder")
def test_whatever_the_code_depends_on_is_in_its_name(compilations: list[int]) -> None:
    for fun, args in [
        (lambda x: x * 2.0, X),
        (lambda x: x * 3.0, X),
        (lambda x: x * onp.arange(4.0), X),
        (lambda x: x * onp.arange(1.0, 5.0), X),
        (lambda x: x * 2.0, X[:3]),
        (lambda x: x * 2.0, X.astype("float32")),
        (lambda x: x * 2.0, onp.asfortranarray(X)),
        (lambda x: x + 2.0, X),
        (lambda x: x[1:] + 2.0, X),
        (lambda x: x[:-1] + 2.0, X),
        (lambda x: x + onp.float64(-0.0), X),
        (lambda x: (x * 2.0, x * 3.0), X),
        (lambda x: (x * 3.0, x * 2.0), X),
    ]:
        before = len(compilations)
        got = _made(fun, args)(args)
        assert len(compilations) == before + 1
        wanted = fun(args)
        for a, b in zip(got, wanted if isinstance(wanted, tuple) else (wanted,)):
            onp.testing.assert_array_equal(a, b)


def test_corrupt_files_are_made_anew(folder: Path, compilations: list[int]) -> None:
    wanted = _bits(_made()(X))
    (path,) = folder.glob("*.object")
    whole = path.read_bytes()
    for broken in (b"", whole[:40], whole[:-1], whole[:100] + b"x" + whole[101:], whole + b"x"):
        path.write_bytes(broken)
        before = len(compilations)
        assert _bits(_made()(X)) == wanted
        assert len(compilations) == before + 1
        assert path.read_bytes() == whole
        assert _bits(_made()(X)) == wanted
        assert len(compilations) == before + 1


def test_a_folder_that_cannot_be_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path / "file" / "cache"))
    for got, wanted in zip(_made(lambda x: (x * 2, x + 1))(X), (X * 2, X + 1)):
        onp.testing.assert_array_equal(got, wanted)
    assert cache.entries() == []


def test_a_folder_that_cannot_be_written_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, compilations: list[int]
) -> None:
    wanted = _bits(_made()(X))

    def refused(*args: Any, **kwargs: Any) -> Any:
        raise PermissionError("a file system that is only read")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    monkeypatch.setattr("os.utime", refused)
    assert _bits(_made()(X)) == wanted
    assert len(compilations) == 1
    other = _made(lambda x: x * 17)
    onp.testing.assert_array_equal(other(X)[0], X * 17)
    assert len(list(folder.iterdir())) == 1


CHILD = textwrap.dedent("""
    import sys
    import numpy as onp
    import autodiff.numpy as np
    from autodiff.compile import record
    from autodiff.compile.llvm import engine
    from autodiff.compile.llvm.executable import executable
    from autodiff.compile.lowering import lower
    from autodiff.compile.passes import optimized

    count = [0]
    compile_object = engine.compile_object
    def counted(module):
        count[0] += 1
        return compile_object(module)
    engine.compile_object = counted

    x = onp.random.default_rng(0).normal(size=(5, 4))
    fun = lambda x: (np.tanh(x @ x.T) * onp.arange(5.0), np.sum(np.exp(x)))
    for k in range(int(sys.argv[1])):
        run = executable(optimized(lower(record(lambda x: fun(x * (k + 1.0)), x))))
        print(b"".join(r.tobytes() for r in run(x)).hex(), flush=True)
    print(count[0])
""")


def _child(folder: Path, count: int) -> subprocess.Popen[str]:
    settings = {**os.environ, "AUTODIFF_CACHE_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(count)], env=settings, stdout=subprocess.PIPE, text=True
    )


def test_a_new_process_loads_what_another_compiled(folder: Path) -> None:
    first, second = (_child(folder, 1).communicate()[0].split() for _ in range(2))
    assert first[0] == second[0]
    assert (first[1], second[1]) == ("1", "0")


@pytest.mark.skipif(os.name == "nt", reason="processes are killed in another way there")
def test_a_process_that_is_killed_leaves_no_broken_cache(folder: Path) -> None:
    children = [_child(folder, 1000) for _ in range(2)]
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.object"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    for child in children:
        child.send_signal(signal.SIGKILL)
    for child in children:
        child.communicate()
    stored = len(list(folder.glob("*.object")))
    assert stored >= 3
    *results, compiled = _child(folder, stored).communicate()[0].split()
    assert int(compiled) <= 1  # the one that both were at
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODIFF_CACHE_DIR", str(folder / "empty"))
        *fresh, _ = _child(folder / "empty", stored).communicate()[0].split()
    assert results == fresh
