"""One scalar operation as LLVM instructions, with NumPy's results.

+ - * / and sqrt have NumPy's bits. Elementary functions come from `math`, others from the C
library. Integers wrap, divisions by zero give what NumPy gives, and nothing traps or warns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from .casts import cast
from .floats import FLOATS
from .instructions import Emit
from .integers import BOOLS, INTEGERS
from .remainders import remainder_by, remainder_in

__all__ = ["cast", "emit", "remainder_by", "remainder_in", "supports"]


@lru_cache(maxsize=1024)
def supports(name: str, kind: np.dtype[Any]) -> bool:
    """Whether there is code for a ufunc on operands of a dtype."""
    if kind not in (np.dtype("f4"), np.dtype("f8")) and (
        kind.kind not in "iub" or not kind.isnative
    ):
        return False
    return name in _table(kind)


def emit(builder: Any, name: str, kind: np.dtype[Any], values: Sequence[Any]) -> Any:
    """The value of a ufunc. `supports` says of which."""
    return _table(kind)[name](builder, kind, *values)


def _table(kind: np.dtype[Any]) -> dict[str, Emit]:
    return FLOATS if kind.kind == "f" else BOOLS if kind.kind == "b" else INTEGERS
