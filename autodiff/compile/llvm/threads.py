"""Threads that run one program together: barriers in compiled code, and a common end."""

from __future__ import annotations

from typing import Any

from .arrays import INT64, POINTER
from .bindings import ir
from .loops import for_range

_BARRIER = "wait_for_all"
LINE = 8
"""Int64 from one thread's place in a barrier to the next one's."""
_PATIENCE = 4000
"""Rounds of waiting in which a thread keeps its processor; then it offers it to others."""


def declare_barrier(module: Any) -> Any:
    """Define `void wait_for_all(ptr barrier, int64 thread, int64 threads)` in a module.

    A barrier is an int64 for each thread, on a cache line of its own: how often it has come. A
    thread writes its own and reads the others': one transfer between processors, which is most of
    what waiting costs. What was written before is seen after.
    """
    kind = ir.FunctionType(ir.VoidType(), [POINTER, INT64, INT64])
    function = ir.Function(module, kind, _BARRIER)
    function.linkage = "internal"
    function.attributes.add("noinline")
    barrier, thread, threads = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    one = ir.Constant(INT64, 1)
    with builder.if_then(builder.icmp_signed("==", threads, one)):
        builder.ret_void()
    own = _line(builder, barrier, thread)
    times = builder.add(_atomic_load(builder, own), one)
    builder.atomic_rmw("xchg", own, times, "acq_rel")
    with for_range(builder, 0, threads) as other:
        _spin(builder, _line(builder, barrier, other), times)
    builder.ret_void()
    return function


def declare_agreement(module: Any, wait: Any) -> Any:
    """Define `int32 agree(ptr barrier, int64 thread, int64 threads, int32 status)`.

    All threads get 0, or all get 1, where the status of one is not 0: if one ended a loop over
    steps alone, the others would wait for it for ever. Next to how often it has come a thread
    notes when its status was bad; one that is behind the others heeds only what is not yet to come.
    """
    status_kind = ir.IntType(32)
    kind = ir.FunctionType(status_kind, [POINTER, INT64, INT64, status_kind])
    function = ir.Function(module, kind, "agree")
    function.linkage = "internal"
    function.attributes.add("noinline")
    barrier, thread, threads, status = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    none, zero = ir.Constant(status_kind, 0), ir.Constant(INT64, 0)
    with builder.if_then(builder.icmp_signed("==", threads, ir.Constant(INT64, 1))):
        builder.ret(status)
    own = _line(builder, barrier, thread)
    times = builder.add(_atomic_load(builder, own), ir.Constant(INT64, 1))
    with builder.if_then(builder.icmp_signed("!=", status, none)):
        builder.atomic_rmw("xchg", _noted(builder, own), times, "acq_rel")
    builder.call(wait, [barrier, thread, threads])
    found = builder.alloca(status_kind)
    builder.store(none, found)
    with for_range(builder, 0, threads) as other:
        noted = _atomic_load(builder, _noted(builder, _line(builder, barrier, other)))
        happened = builder.and_(
            builder.icmp_signed(">", noted, zero), builder.icmp_signed("<=", noted, times)
        )
        before = builder.load(found, typ=status_kind)
        builder.store(builder.or_(before, builder.zext(happened, status_kind)), found)
    builder.ret(builder.load(found, typ=status_kind))
    return function


def _noted(builder: Any, line: Any) -> Any:
    return builder.gep(line, [ir.Constant(INT64, 1)], source_etype=INT64)


def _line(builder: Any, barrier: Any, thread: Any) -> Any:
    eight = ir.Constant(INT64, LINE)
    return builder.gep(barrier, [builder.mul(thread, eight)], source_etype=INT64)


def _atomic_load(builder: Any, pointer: Any) -> Any:
    return builder.load_atomic(pointer, "acquire", 8, typ=INT64)


def _spin(builder: Any, place: Any, times: Any) -> None:
    """Wait until the number at a place is at least `times`."""
    give_way = builder.module.globals.get("sched_yield")
    if give_way is None:
        kind = ir.FunctionType(ir.IntType(32), [])
        give_way = ir.Function(builder.module, kind, "sched_yield")
    before = builder.block
    loop, patient, impatient, after = (
        builder.append_basic_block(name) for name in ("spin", "patient", "impatient", "after")
    )
    builder.branch(loop)
    builder.position_at_end(loop)
    count = builder.phi(INT64)
    count.add_incoming(ir.Constant(INT64, 0), before)
    there = builder.icmp_signed(">=", _atomic_load(builder, place), times)
    builder.cbranch(there, after, patient)
    builder.position_at_end(patient)
    more = builder.add(count, ir.Constant(INT64, 1))
    count.add_incoming(more, patient)
    tired = builder.icmp_signed(">", count, ir.Constant(INT64, _PATIENCE))
    builder.cbranch(tired, impatient, loop)
    builder.position_at_end(impatient)
    builder.call(give_way, [])
    count.add_incoming(more, impatient)
    builder.branch(loop)
    builder.position_at_end(after)
