"""A loop over a program's body: each time it moves on in the arrays that its table points to.

`int64 sweep(ptr body, ptr table, ptr places, ptr factors, ptr summands, int64 moving, int64 count,
int64 thread, int64 threads, ptr barrier)` calls the body `count` times. After each call entry
`places[j]` of the table becomes ``factors[j] * entry + summands[j]``: an address that goes from row
to row (1 and the rows' distance), or to and fro between two buffers (-1 and the sum of both). It
stops where an index was out of bounds, and gives the number of calls that went well.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np

from . import cache as object_cache
from . import engine
from .executable import Executable, address
from .team import run_together

_NAME = "sweep"
_POINTERS = (ctypes.c_void_p,) * 5
_NUMBERS = (ctypes.c_int64,) * 4


_TEXT = """
define i64 @sweep(ptr %body, ptr noalias %table, ptr noalias %places, ptr noalias %factors,
                  ptr noalias %summands, i64 %moving, i64 %count, i64 %thread, i64 %threads,
                  ptr %barrier) nounwind {
entry:
  %some = icmp sgt i64 %count, 0
  br i1 %some, label %step, label %end
step:
  %n = phi i64 [ 0, %entry ], [ %next, %moved ]
  %status = call i32 %body(ptr %table, i64 %thread, i64 %threads, ptr %barrier)
  %good = icmp eq i32 %status, 0
  %moves = icmp sgt i64 %moving, 0
  br i1 %good, label %start, label %bad
bad:
  ret i64 %n
start:
  br i1 %moves, label %move, label %moved
move:
  %j = phi i64 [ 0, %start ], [ %following, %move ]
  %place_at = getelementptr inbounds i64, ptr %places, i64 %j
  %factor_at = getelementptr inbounds i64, ptr %factors, i64 %j
  %summand_at = getelementptr inbounds i64, ptr %summands, i64 %j
  %place = load i64, ptr %place_at
  %factor = load i64, ptr %factor_at
  %summand = load i64, ptr %summand_at
  %entry_at = getelementptr inbounds i64, ptr %table, i64 %place
  %old = load i64, ptr %entry_at
  %scaled = mul i64 %old, %factor
  %new = add i64 %scaled, %summand
  store i64 %new, ptr %entry_at
  %following = add i64 %j, 1
  %more = icmp slt i64 %following, %moving
  br i1 %more, label %move, label %moved
moved:
  %next = add i64 %n, 1
  %again = icmp slt i64 %next, %count
  br i1 %again, label %step, label %end
end:
  ret i64 %count
}
"""


@cache
def _driver() -> Any:
    name = object_cache.key([_TEXT, str(engine.host())])
    code = object_cache.load(name)
    if code is None:
        code = engine.compile_object(_TEXT)
        object_cache.store(name, code)
    library = engine.Library(code, [_NAME])
    return library.function(
        _NAME, *_POINTERS, *_NUMBERS, ctypes.c_void_p, result=ctypes.c_int64
    )  # fmt: skip


class OutOfBoundsError(Exception):
    """An index was out of bounds: NumPy is to run the step, which says it in its own words."""


class Moves:
    """How the entries of a table move: see the module. It keeps its arrays alive.

    Attributes: table, the addresses, as int64.
    """

    def __init__(self, size: int) -> None:
        self.table = np.zeros(size, np.int64)
        self._moves: dict[int, tuple[int, int]] = {}
        self._arrays: list[Any] = []

    def still(self, place: int, array: Any) -> None:
        """The same array each time."""
        self._arrays.append(array)
        self.table[place] = address(array)

    def rows(self, place: int, array: Any, first: int, step: int) -> None:
        """Row `first` along axis 0, then the one `step` further, and so on."""
        self._arrays.append(array)
        self.table[place] = address(array) + first * array.strides[0]
        self._moves[place] = (1, step * array.strides[0])

    def alternate(self, place: int, one: Any, other: Any) -> None:
        """One buffer, then the other, and so on."""
        self._arrays += (one, other)
        a, b = address(one), address(other)
        self.table[place] = a
        self._moves[place] = (-1, a + b)

    def run(self, code: Executable, count: int) -> None:
        """Call the body of a program `count` times.

        Raises: OutOfBoundsError.
        """
        places = np.fromiter(self._moves, np.int64, len(self._moves))
        moves = np.array(list(self._moves.values()), np.int64).reshape(-1, 2)
        factors, summands = np.ascontiguousarray(moves.T)
        shared = [x.ctypes.data for x in (places, factors, summands)]
        sweep = _driver()

        def call(thread: int, threads: int, barrier: int) -> int:
            table = self.table.copy()  # each thread moves its own
            return sweep(
                code.body, table.ctypes.data, *shared, len(places), count, thread, threads,
                barrier or None,
            )  # fmt: skip

        if min(run_together(call, code.shared)) != count:
            raise OutOfBoundsError


def two_buffers(x: Any, shape: tuple[int, ...], dtype: Any) -> tuple[Any, Any]:
    """A copy of an array in C order, and room for another."""
    one = np.empty(shape, dtype)
    one[...] = x
    return one, np.empty(shape, dtype)
