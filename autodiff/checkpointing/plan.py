"""Which checkpoint schedule fits into a budget of bytes, and what it will cost."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import comb
from typing import Literal

_UNITS = {
    "": 1,
    "b": 1,
    **{f"{p}b": 1000**k for k, p in enumerate("kmgt", 1)},
    **{f"{p}ib": 1024**k for k, p in enumerate("kmgt", 1)},
}


@dataclass(frozen=True)
class Plan:
    """What a loop will store, and how often it will run its step.

    Attributes:
        schedule: "store all", "revolve" (binomial), "two-level" (evenly spaced states on disk,
            binomial between them in memory) or "operations" (no states, but all that was computed).
        length: number of steps.
        state_bytes: bytes of one state.
        states_stored: most states in memory at once.
        states_on_disk: states on disk; 0 without a disk budget.
        period: steps from one state on disk to the next; 0 without.
        forward_steps: evaluations of the step for one value and one gradient, those included that
            are recorded in order to be reversed (one for each step).
        budget: bytes that may be kept in memory; None for no limit.
    """

    schedule: Literal["store all", "revolve", "two-level", "operations"]
    length: int
    state_bytes: int
    states_stored: int
    states_on_disk: int
    period: int
    forward_steps: int
    budget: int | None = None

    @property
    def bytes(self) -> int:
        """Most bytes of states in memory at once."""
        return self.states_stored * self.state_bytes

    @property
    def disk_bytes(self) -> int:
        """Bytes of states on disk."""
        return self.states_on_disk * self.state_bytes

    @property
    def recomputation(self) -> float:
        """Evaluations of the step, by those of storing every state (two for each step)."""
        return self.forward_steps / (2 * self.length) if self.length else 1.0

    def __str__(self) -> str:
        disk = f", {self.states_on_disk} on disk ({_readable(self.disk_bytes)})"
        return (
            f"{self.schedule}: {self.length} steps, {self.states_stored} states in memory"
            f" ({_readable(self.bytes)}){disk if self.states_on_disk else ''},"
            f" {self.forward_steps} evaluations of the step"
            f" ({self.recomputation:.2f} times those of storing all)"
        )


def parse_bytes(size: int | float | str) -> int:
    """Bytes in "500 MB" (decimal), "512 MiB" (binary) or a plain number.

    Raises:
        ValueError: it is negative, or not a size; the message gives what was received.
    """
    if isinstance(size, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-zA-Z]*)\s*", size)
        if match is None or match[2].lower() not in _UNITS:
            raise ValueError(
                f'a size is a number of bytes or like "500 MB" or "2 GiB"; got {size!r}'
            )
        return int(float(match[1]) * _UNITS[match[2].lower()])
    if isinstance(size, bool) or not isinstance(size, (int, float)) or not 0 <= size < 2**63:
        raise ValueError(f'a size is a number of bytes or like "500 MB" or "2 GiB"; got {size!r}')
    return int(size)


def make_plan(
    length: int,
    state_bytes: int,
    memory: int | float | str | None = None,
    disk: int | float | str | None = None,
) -> Plan:
    """Choose a schedule for `length` steps with states of `state_bytes`.

    Args:
        memory: bytes that stored states may take; None stores all; "operations" records all steps
            as they run, and so repeats none.
        disk: bytes that states on disk may take; None uses no disk.

    Raises:
        ValueError: a budget holds less than one state; the message says the least budget.
    """
    everything = Plan("store all", length, state_bytes, length, 0, 0, 2 * length)
    if memory is None:
        if disk is not None:
            raise ValueError("a disk budget needs a memory budget too: give memory=")
        return everything
    if memory == "operations":
        if disk is not None:
            raise ValueError('memory="operations" stores no states: leave out disk=')
        return Plan("operations", length, state_bytes, 0, 0, 0, length)
    states = _states_in(memory, state_bytes, length, "memory")
    if states >= length:
        return replace(everything, budget=parse_bytes(memory))
    if disk is None:
        advances = binomial_advances(length, states)
        return Plan("revolve", length, state_bytes, states, 0, 0, advances + 1 + length)
    return _two_level(length, state_bytes, states, _states_in(disk, state_bytes, length, "disk"))


def _states_in(budget: int | float | str, state_bytes: int, length: int, name: str) -> int:
    size = parse_bytes(budget)
    states = length if state_bytes == 0 else size // state_bytes
    if states < 1 and length:
        raise ValueError(
            f"{name}={budget!r} holds no state: one takes {state_bytes} bytes"
            f" ({_readable(state_bytes)}), which is the least budget"
        )
    return states


def _two_level(length: int, state_bytes: int, in_memory: int, on_disk: int) -> Plan:
    # A period of one more than the states in memory recomputes each step once, and no less is
    # possible; a longer one is for disks that are small.
    period = max(in_memory + 1, -(-length // on_disk))
    whole, rest = divmod(length, period)
    advances = whole * binomial_advances(period, in_memory + 1)
    if rest:
        advances += binomial_advances(rest, in_memory + 1)
    used = min(in_memory, max(min(period, length) - 2, 0))
    stored = whole + (rest > 0)
    return Plan("two-level", length, state_bytes, used, stored, period, 2 * length + advances)


def binomial_advances(length: int, states: int) -> int:
    """Steps that the binomial schedule runs in order to reverse `length` steps, its stored states
    the initial one included; the recorded evaluation of each step is not counted.

    Source: Griewank and Walther (2000), Algorithm 799, equation (2): r n - C(s + r, r - 1), where
    r is the least number with C(s + r, r) >= n.
    """
    if length <= 1:
        return 0
    states = min(states, length - 1)
    repeats = 1
    while comb(states + repeats, repeats) < length:
        repeats += 1
    return repeats * length - comb(states + repeats, repeats - 1)


def _readable(size: int) -> str:
    value, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.4g} {unit}"
