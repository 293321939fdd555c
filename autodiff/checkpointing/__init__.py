"""Memory for recomputation: checkpoint schedules, and how traces record what follows them.

Bottom up: `actions` (a schedule's words), `plan` (which schedule fits into a budget), `schedules`,
`snapshots` (stored states), `replay` (carries a schedule out), `segments` (one step on a tape and
off again), `reversal` (a loop as one operation), `levels` (loops under nested traces), `recompute`
(`checkpoint`).
"""

from .plan import Plan, make_plan, parse_bytes
from .recompute import checkpoint

__all__ = ["Plan", "checkpoint", "make_plan", "parse_bytes"]
