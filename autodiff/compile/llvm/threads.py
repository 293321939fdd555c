"""Threads that run one program together: a barrier in compiled code."""

from __future__ import annotations

from typing import Any

from .arrays import INT64, POINTER
from .bindings import ir

_BARRIER = "wait_for_all"
_PATIENCE = 4000
"""Rounds of waiting in which a thread keeps its processor; then it offers it to others."""


def declare_barrier(module: Any) -> Any:
    """Define `void wait_for_all(ptr barrier, int64 threads)` in a module.

    A barrier is two int64, far apart: how many have come, and how often all have come. Whoever
    comes last begins the next round for all; what was written before is seen after.
    """
    kind = ir.FunctionType(ir.VoidType(), [POINTER, INT64])
    function = ir.Function(module, kind, _BARRIER)
    function.linkage = "internal"
    function.attributes.add("noinline")
    barrier, threads = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    one, zero = ir.Constant(INT64, 1), ir.Constant(INT64, 0)
    with builder.if_then(builder.icmp_signed("==", threads, one)):
        builder.ret_void()
    rounds = builder.gep(barrier, [ir.Constant(INT64, 8)], source_etype=INT64)
    now = _atomic_load(builder, rounds)
    come = builder.atomic_rmw("add", barrier, one, "acq_rel")
    with builder.if_then(builder.icmp_signed("==", builder.add(come, one), threads)):
        builder.atomic_rmw("xchg", barrier, zero, "monotonic")
        builder.atomic_rmw("add", rounds, one, "acq_rel")
        builder.ret_void()
    _spin(builder, rounds, now)
    builder.ret_void()
    return function


def _atomic_load(builder: Any, pointer: Any) -> Any:
    return builder.load_atomic(pointer, "acquire", 8, typ=INT64)


def _spin(builder: Any, rounds: Any, now: Any) -> None:
    give_way = ir.Function(builder.module, ir.FunctionType(ir.IntType(32), []), "sched_yield")
    before = builder.block
    loop, patient, impatient, after = (
        builder.append_basic_block(name) for name in ("spin", "patient", "impatient", "after")
    )
    builder.branch(loop)
    builder.position_at_end(loop)
    count = builder.phi(INT64)
    count.add_incoming(ir.Constant(INT64, 0), before)
    builder.cbranch(builder.icmp_signed("!=", _atomic_load(builder, rounds), now), after, patient)
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
