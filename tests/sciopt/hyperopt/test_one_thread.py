"""BLAS on one thread, NumPy's and the one of compiled code."""

from __future__ import annotations

import time

from threadpoolctl import ThreadpoolController

from sciopt.hyperopt.one_thread import one_thread


def blas_threads() -> list[int]:
    infos = ThreadpoolController().info()
    return [info["num_threads"] for info in infos if info["user_api"] == "blas"]


def test_all_of_blas_is_on_one_thread_in_the_block_and_as_before_after_it() -> None:
    with one_thread():
        pass  # libraries are loaded now
    before = blas_threads()
    with one_thread():
        assert set(blas_threads()) == {1}
        with one_thread():
            assert set(blas_threads()) == {1}
        assert set(blas_threads()) == {1}
    assert blas_threads() == before


def test_entering_takes_little_time() -> None:
    """A short training run takes a millisecond; a search for libraries would take two."""
    times = []
    for _ in range(20):
        start = time.perf_counter()
        with one_thread():
            pass
        times.append(time.perf_counter() - start)
    assert min(times) < 2e-4
