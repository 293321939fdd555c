"""Where machine code finds the items of a tuple, and the data of an array: CPython's layout.

It saves a good part of a small call's time to look there instead of asking for addresses.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import NamedTuple

import numpy as np


class Layout(NamedTuple):
    """Where things are in objects of Python's, in bytes.

    Attributes:
        items: in a tuple, the address of its first item's object.
        data: in an array, the address of its data.
    """

    items: int
    data: int


LAYOUT = Layout(items=tuple.__basicsize__, data=object.__basicsize__)
"""Items, and the address of an array's data, are behind what all tuples and objects have."""


@cache
def holds(layout: Layout = LAYOUT) -> bool:
    """Whether the objects of this Python and this NumPy lie so."""
    if sys.implementation.name != "cpython":  # elsewhere id() is no address
        return False
    whole = np.empty(2)
    table = (whole, whole[1:])
    step = ctypes.sizeof(ctypes.c_void_p)
    items = [_word(id(table) + layout.items + k * step) for k in range(len(table))]
    data = [_word(id(array) + layout.data) for array in table]
    return items == list(map(id, table)) and data == [array.ctypes.data for array in table]


def _word(address: int) -> int | None:
    return ctypes.c_void_p.from_address(address).value
