"""A checkpoint schedule as data: the words in which it says what to store and when to reverse.

A schedule is an iterator over these actions. There is one state in hand, at first the initial one.
The first part of a schedule, up to `Turn`, advances it to the end; the second reverses each step
once, last first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Place = Literal["memory", "disk"]


@dataclass(frozen=True)
class Store:
    """Keep the state in hand, which is the one before step `n`."""

    n: int
    place: Place = "memory"


@dataclass(frozen=True)
class Advance:
    """Run steps `start`, ..., `stop` - 1 on the state in hand."""

    start: int
    stop: int


@dataclass(frozen=True)
class Turn:
    """The state in hand is the one before the last step: give the result, and keep it in hand."""


@dataclass(frozen=True)
class Restore:
    """Take the stored state before step `n` into the hand; `last`: it will not be needed again."""

    n: int
    place: Place = "memory"
    last: bool = False


@dataclass(frozen=True)
class Reverse:
    """Pull the cotangent back through step `n`, whose state before it is in hand."""

    n: int


Action = Store | Advance | Turn | Restore | Reverse
