"""Matrix products on one thread: several would cut sums elsewhere, and give other last bits."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """In the block, BLAS uses one thread; entering it takes some microseconds."""
    return _libraries().limit(limits=1, user_api="blas")


@lru_cache(maxsize=1)
def _libraries() -> ThreadpoolController:
    """Found once: looking through all that is loaded takes longer than a short training run."""
    import scipy.linalg.cython_blas  # noqa: F401  (compiled code calls it)

    return ThreadpoolController()
