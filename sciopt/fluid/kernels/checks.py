"""What every public kernel demands of its arrays."""

from __future__ import annotations

import numpy as np


def check_arrays(**arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The given (channels, nx, ny) arrays, made C-contiguous and writeable if they are not.

    Names that begin with "velocity" have exactly two channels, all others those of the first.
    Raises: TypeError unless all are float32 or all float64 arrays, ValueError for a wrong shape.
    """
    (first_name, first), *_ = arrays.items()
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype not in (np.float32, np.float64):
            kind = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            raise TypeError(f"{name} must be a float32 or float64 array, got {kind}")
        if array.dtype != first.dtype:
            raise TypeError(f"{name} is {array.dtype} but {first_name} is {first.dtype}")
        if array.ndim != 3 or 0 in array.shape:
            raise ValueError(f"{name} must have shape (channels, nx, ny), got {array.shape}")
        channels = 2 if name.startswith("velocity") else first.shape[0]
        if array.shape != (channels, *first.shape[1:]):
            expected = (channels, *first.shape[1:])
            raise ValueError(f"{name} must have shape {expected}, got {array.shape}")
    # A read-only array would be another type to Numba, and another second of compiling.
    return tuple(
        array if array.flags.carray else np.array(array, order="C") for array in arrays.values()
    )
