"""Memory that is given out again only when nobody can see it."""

from __future__ import annotations

import numpy as np

from sciopt.fluid.kernels.spare import fresh

FLOAT = np.dtype(np.float64)


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def test_memory_is_used_again_once_it_is_let_go():
    array = fresh((300, 301), FLOAT)
    before = address(array)
    del array
    assert address(fresh((300, 301), FLOAT)) == before


def test_memory_that_is_held_stays_as_it_is():
    array = fresh((300, 301), FLOAT)
    array[:] = 1
    other = fresh((300, 301), FLOAT)
    assert not np.shares_memory(array, other)
    view = other[-1]
    view[:] = 2
    del other  # the view still shows it
    third = fresh((300, 301), FLOAT)
    third[:] = 3
    assert np.all(array == 1)
    assert np.all(view == 2)


def test_another_shape_or_dtype_is_another_array():
    assert fresh((3, 4), FLOAT).shape == (3, 4)
    assert fresh((4, 3), FLOAT).shape == (4, 3)
    assert fresh((4, 3), np.dtype(np.float32)).dtype == np.float32
