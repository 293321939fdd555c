"""NumPy's namespace, traced: ``import autodiff.numpy as np``.

Functions bear NumPy's names and behave as NumPy's, on arrays and on boxes alike. Which of them have
derivatives is registered in the modules of this package, by family.
"""

from typing import Any

from . import (  # noqa: F401  (each registers its rules)
    arithmetic,
    clipping,
    contraction,
    conversion,
    convolution,
    copying,
    cumulative,
    diagonals,
    differences,
    editing,
    elementwise,
    extremes,
    fft,
    histograms,
    in_place,
    indexing,
    interpolation,
    joining,
    linalg,
    mapping,
    methods,
    nan_functions,
    notation,
    numpy_boxes,
    numpy_jvps,
    numpy_vjps,
    numpy_vspaces,
    operators,
    ordering,
    padding,
    polynomials,
    protocols,
    quantiles,
    random,
    ranges,
    reductions,
    rounding,
    selection,
    sets,
    shaping,
    special,
    splitting,
    statistics,
    subscripts,
    vector_products,
    vspaces,
    writable,
)
from .creation import creation_functions
from .numpy_wrapper import metadata, parse_einsum_input, wrap_if_boxes_inside  # noqa: F401
from .wrapper import wrapped_namespace

globals().update(wrapped_namespace)
globals().update(creation_functions())  # last: they are put over NumPy's own


def __getattr__(name: str) -> Any:
    raise AttributeError(f"module 'autodiff.numpy' has no attribute {name!r}")
