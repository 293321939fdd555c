"""llvmlite, the optional dependency of this package, imported here and nowhere else."""

from __future__ import annotations

try:
    from llvmlite import __version__ as version
    from llvmlite import binding, ir
except ImportError as error:
    raise ImportError(
        "compiling recordings needs llvmlite, which is not installed: pip install llvmlite"
    ) from error

__all__ = ["binding", "ir", "version"]
