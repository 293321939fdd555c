"""Multiplication of an integer by n/d that loses nothing.

Maclaurin, Duvenaud and Adams (2015), Algorithm 3: the remainder of c modulo d, which c n/d would
lose, is pushed as a digit onto a number B in base d, and a digit in base n is popped from it to
become the remainder of the result modulo n. B grows by log2(d/n) bits. With B held in a head,

    x = head d + (c mod d),   head' = x div n,   c' = (c div d) n + (x mod n).

Each c' is within n of c n/d. The same formula with n and d exchanged is the inverse. Here c has two
words (see `integers`), n <= d <= 2^22, and head d + d - 1 must fit into 64 bits, see `spill`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import kernel
from .integers import divide, divide_wide, multiply_wide

_32 = np.uint64(32)


@kernel
def rescale(high: Any, low: Any, head: Any, n: Any, n_inverse: Any, d: Any, d_inverse: Any) -> Any:
    """(high word', low word', head') for c n/d; c = high 2^42 + low; inverses as for `divide`."""
    high, low, digit = divide_wide(high, low, d, d_inverse)
    head, digit = divide(head * d + digit, n, n_inverse)
    high, low = multiply_wide(high, low, n, digit)
    return high, low, head


@kernel
def spill(heads: Any, spilled: Any) -> None:
    """Move the low 32 bits of uint64 heads into `spilled`, uint32."""
    for i in range(heads.size):
        spilled[i] = np.uint32(heads[i])
        heads[i] >>= _32


@kernel
def refill(heads: Any, spilled: Any) -> None:
    """Undo `spill`."""
    for i in range(heads.size):
        heads[i] = (heads[i] << _32) | np.uint64(spilled[i])
