"""scipy.linalg, traced: ``import autodiff.scipy.linalg``.

Every function bears SciPy's name. The modules of this package say which have derivatives.
"""

from typing import Any

from . import (  # noqa: F401  (each registers its rules)
    banded,
    factorizations,
    matrix_functions,
    solving,
    structured,
)
from .namespace import wrapped_linalg

globals().update(wrapped_linalg)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.scipy.linalg' has no attribute {name!r}")
