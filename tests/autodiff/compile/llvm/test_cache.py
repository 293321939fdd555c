"""The disk cache: whole or absent, bounded, shared by processes, never an error."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autodiff.compile.llvm import cache

CODE = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_what_was_stored_is_loaded(place: Path) -> None:
    name = cache.key(["program", "flags"])
    assert cache.load(name) is None
    assert cache.store(name, CODE)
    assert cache.load(name) == CODE
    assert [entry.path.parent for entry in cache.entries()] == [place]
    assert cache.store(name, CODE[::-1])
    assert cache.load(name) == CODE[::-1]
    assert cache.clear() == 1
    assert cache.load(name) is None
    assert cache.clear() == 0


def test_keys_differ_where_any_part_does() -> None:
    lists = [["a", "b"], ["ab", ""], ["a", "b", ""], ["b", "a"], ["ab"], []]
    keys = {cache.key(parts) for parts in lists}
    assert len(keys) == len(lists)
    assert cache.key(["a", "b"]) == cache.key(["a", "b"])


@pytest.mark.parametrize("damage", ["cut", "flip", "empty"])
def test_a_corrupt_entry_counts_as_absent_and_can_be_written_again(damage: str) -> None:
    name = cache.key([damage])
    cache.store(name, CODE)
    (entry,) = cache.entries()
    content = bytearray(entry.path.read_bytes())
    if damage == "flip":
        content[1000] ^= 1
    entry.path.write_bytes(content[: {"cut": -1, "flip": None, "empty": 0}[damage]])
    assert cache.load(name) is None
    assert cache.store(name, CODE)
    assert cache.load(name) == CODE


def test_the_least_recently_used_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [cache.key([str(k)]) for k in range(4)]
    for age, name in enumerate(names[:3]):
        cache.store(name, CODE)
        (entry,) = (e for e in cache.entries() if e.path.name.startswith(name))
        os.utime(entry.path, (1000 + age, 1000 + age))
    assert cache.load(names[0]) == CODE  # used now, so the second is the oldest
    monkeypatch.setattr(cache, "LARGEST", 3 * (len(CODE) + 32))
    cache.store(names[3], CODE)
    assert [cache.load(name) is None for name in names] == [False, True, False, False]
    assert sum(entry.size for entry in cache.entries()) <= cache.LARGEST


def test_an_object_larger_than_the_cache_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGEST", 100)
    assert not cache.store(cache.key(["large"]), CODE)
    assert cache.entries() == []


def test_a_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path / "file" / "below"))
    name = cache.key(["x"])
    assert not cache.store(name, CODE)
    assert cache.load(name) is None
    assert (cache.entries(), cache.clear()) == ([], 0)


def test_a_full_disk_leaves_nothing_behind(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert not cache.store(cache.key(["x"]), CODE)
    assert list(place.iterdir()) == []


def test_a_process_killed_before_the_rename_leaves_no_broken_entry(place: Path) -> None:
    program = f"""
import os
from pathlib import Path
from autodiff.compile.llvm import cache
name = cache.key(["killed"])
Path.replace = lambda self, target: os._exit(9)
cache.store(name, {CODE!r})
"""
    root = Path(cache.__file__).parents[3]
    dead = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert dead.returncode == 9
    (stray,) = place.iterdir()
    name = cache.key(["killed"])
    assert cache.load(name) is None
    assert cache.store(name, CODE)
    assert cache.load(name) == CODE
    assert stray.exists()  # it could be another process's work
    os.utime(stray, (0, 0))
    cache.store(cache.key(["later"]), CODE)
    assert not stray.exists()


def test_writers_and_readers_of_one_entry_see_it_whole_or_not_at_all() -> None:
    name = cache.key(["shared"])
    versions = [bytes([k]) * 50_000 for k in range(4)]

    def write_and_read(code: bytes) -> bool:
        seen = [cache.store(name, code) and cache.load(name) in versions for _ in range(20)]
        return all(seen)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(write_and_read, versions))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="XDG is not for this system")
def test_the_folder_is_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTODIFF_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache.folder() == Path("/somewhere/sciopt/autodiff")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder() == Path.home() / ".cache" / "sciopt" / "autodiff"
