"""Object files on disk, so that a program compiled once loads in milliseconds ever after.

One file per object, named by the hash of everything it depends on: a checksum and the object code,
nothing that could be executed by reading it. Files are written beside their place and renamed, so
processes share the folder without locks, and one that dies leaves at most a stray file that is
swept up later. A file whose checksum is wrong counts as absent. No failure of the disk is an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

LARGEST = 256 * 2**20
"""Bytes that the folder may hold; the least recently used files go first."""

_SUFFIX = ".object"
_UNFINISHED = ".unfinished"
_ABANDONED = 3600.0  # seconds after which an unfinished file belongs to a process that died


class Entry(NamedTuple):
    """A file of the cache: its size in bytes and when it was last used, in seconds since 1970."""

    path: Path
    size: int
    used: float


def folder() -> Path:
    """$AUTODIFF_CACHE_DIR, or `sciopt/autodiff` in the user's cache folder; it may not exist."""
    chosen = os.environ.get("AUTODIFF_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sciopt" / "autodiff"


def key(parts: Iterable[str]) -> str:
    """The name of an object: give the program's text, flags, generator version and host."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little"))  # so that no two lists look alike
        digest.update(data)
    return digest.hexdigest()


def load(name: str) -> bytes | None:
    """The object code stored under a key, or None if there is none that is whole."""
    path = folder() / (name + _SUFFIX)
    try:
        content = path.read_bytes()
    except OSError:
        return None
    checksum, code = (
        content[: hashlib.sha256().digest_size],
        content[hashlib.sha256().digest_size :],
    )
    if hashlib.sha256(code).digest() != checksum:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # used now
    return code


def store(name: str, code: bytes) -> bool:
    """Keep object code under a key; false if the folder cannot be written or has no room."""
    if len(code) > LARGEST:
        return False
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(_UNFINISHED, dir=folder())
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(code).digest())
                file.write(code)
            Path(unfinished).replace(folder() / (name + _SUFFIX))
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            return False
        _sweep()
    except OSError:
        return False
    return True


def entries() -> list[Entry]:
    """What the cache holds, the least recently used first."""
    return sorted(_files(_SUFFIX), key=lambda entry: entry.used)


def clear() -> int:
    """Delete the cache's files, unfinished ones too; how many of them were objects."""
    for entry in _files(_UNFINISHED):
        _delete(entry)
    return sum(_delete(entry) for entry in entries())


def _files(suffix: str) -> list[Entry]:
    found = []
    with contextlib.suppress(OSError):
        for item in os.scandir(folder()):
            if item.name.endswith(suffix):
                with contextlib.suppress(OSError):  # another process deleted it just now
                    status = item.stat()
                    found.append(Entry(Path(item.path), status.st_size, status.st_mtime))
    return found


def _sweep() -> None:
    """Delete what is too much, and what processes left that died while writing."""
    for entry in _files(_UNFINISHED):
        if entry.used < time.time() - _ABANDONED:
            _delete(entry)
    kept = entries()
    excess = sum(entry.size for entry in kept) - LARGEST
    for entry in kept:
        if excess <= 0:
            break
        excess -= entry.size
        _delete(entry)


def _delete(entry: Entry) -> bool:
    try:
        entry.path.unlink()
    except OSError:
        return False
    return True
