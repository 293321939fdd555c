"""numpy.linalg, traced. All functions take stacks of matrices where NumPy's do.

Rules for singular points and the gauge of vectors are told in the modules: `eigen`, `singular`,
`factorizations`, `norms`, `determinants`.
"""

from typing import Any

from . import (  # noqa: F401  (each registers its rules)
    determinants,
    eigen,
    factorizations,
    norms,
    products,
    results,
    singular,
    solving,
)
from .namespace import linalg

globals().update(linalg)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.numpy.linalg' has no attribute {name!r}")
