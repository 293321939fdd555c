"""How kernels are compiled, and when compiled code on disk is out of date.

Numba caches each kernel on disk by its own source file, but inlines the kernels that it calls from
other files: a change there would go unnoticed, and old code would run. So the cache's key holds a
digest of all the sources beside this file.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache


def sources_digest(folder: Path) -> str:
    """A hash of the names and contents of the Python files in `folder`."""
    digest = sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


_DIGEST = sources_digest(Path(__file__).parent)


class SourcesCache(FunctionCache):
    """Numba's cache of one kernel, with all kernels' sources in its key."""

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        return (*super()._index_key(sig, codegen), _DIGEST)


def kernel(fun: Callable[..., Any]) -> Any:
    """Compile a function on first use: NumPy's division, no interpreter lock, cached on disk."""
    compiled: Any = njit(cache=True, nogil=True, error_model="numpy")(fun)
    compiled._cache = SourcesCache(fun)
    return compiled
