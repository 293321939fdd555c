"""NumPy's namespace, traced: ``import autodiff.numpy as np``.

Functions bear NumPy's names and behave as NumPy's, on arrays and on boxes alike. Which of them have
derivatives is registered in the modules of this package, by family.
"""

from typing import Any

from . import (  # noqa: F401  (each registers its rules)
    arithmetic,
    contraction,
    elementwise,
    indexing,
    operators,
    reductions,
    shaping,
    vspaces,
)
from .shaping import array, asarray, concatenate, hstack, stack, vstack
from .wrapper import wrapped_namespace

globals().update(
    {
        **wrapped_namespace,
        "array": array,
        "asarray": asarray,
        "concatenate": concatenate,
        "concat": concatenate,
        "hstack": hstack,
        "stack": stack,
        "vstack": vstack,
    }
)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.numpy' has no attribute {name!r}")
