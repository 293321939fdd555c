"""How an app's kernels are compiled, and when compiled code on disk is out of date.

Numba caches each kernel on disk by its own source file, but inlines the kernels and intrinsics that
it calls from other files: a change there would go unnoticed, and old code would run. So the cache's
key holds a digest of all the sources in the folders that the kernel's code comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache


def sources_digest(*folders: Path) -> str:
    """A hash of the names and contents of the Python files in these folders."""
    digest = sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class SourcesCache(FunctionCache):
    """Numba's cache of one kernel, with a digest of sources in its key."""

    def __init__(self, fun: Callable[..., Any], digest: str) -> None:
        super().__init__(fun)
        self._digest = digest

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), self._digest)


def kernels_in(*folders: Path, inline: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """The decorator for kernels whose sources all lie in these folders.

    It compiles a function on first use: NumPy's division, no interpreter lock, cached on disk.
    With `inline` its code is copied to wherever another kernel calls it, at the price of time to
    compile: a call hands over nine words for each array, which a short row does not make up for.
    """
    digest = sources_digest(*folders)

    def kernel(fun: Callable[..., Any]) -> Any:
        compiled: Any = njit(cache=True, nogil=True, error_model="numpy", forceinline=inline)(fun)
        compiled._cache = SourcesCache(fun, digest)
        return compiled

    return kernel
