"""`r_` and `c_`: arrays, numbers and ranges joined in the notation of an index."""

from __future__ import annotations

from typing import Any

import numpy as onp

from .broadcasting import metadata
from .composed import holds_box
from .joining import asarray
from .shaping import concatenate_args
from .wrapper import wrapped_namespace as anp


class Concatenator:
    """What `r_` and `c_` are: ``r_[a, 0, b]`` joins arrays, numbers and slices, traced or not."""

    def __init__(self, raw: Any, axis: int, rank: int, position: int) -> None:
        self._raw = raw
        self._options = (axis, rank, position)

    def __getitem__(self, key: Any) -> Any:
        entries = key if isinstance(key, tuple) else (key,)
        bounds = [b for e in entries if isinstance(e, slice) for b in (e.start, e.stop, e.step)]
        if not holds_box((entries, bounds)):
            return self._raw[key]
        axis, rank, position = self._options
        if isinstance(entries[0], str):
            axis, rank, position = self._directive(entries[0])
            entries = entries[1:]
        parts = [self._joinable(entry, rank, position) for entry in entries]
        return concatenate_args(axis, *parts)

    def _directive(self, text: str) -> tuple[int, int, int]:
        try:
            numbers = [int(part) for part in text.split(",")]
        except ValueError:
            raise NotImplementedError(
                f"r_ and c_ of traced values cannot take the directive {text!r}"
            ) from None
        given: list[int] = numbers[:3]
        return tuple(given + list(self._options[len(given) :]))  # type: ignore[return-value]

    def _joinable(self, entry: Any, rank: int, position: int) -> Any:
        if isinstance(entry, slice):
            entry = _range_of(entry)
        made = asarray(entry)
        have = len(metadata(made).shape)
        missing = max(rank, 1) - have
        if missing <= 0:
            return made
        made = anp["reshape"](made, (1,) * missing + metadata(made).shape)
        if position == -1 or have == 0:
            return made
        at = position if position >= 0 else position + missing + 1
        order = list(range(rank))
        return anp["transpose"](made, (*order[:at], *order[missing:], *order[at:missing]))

    def __len__(self) -> int:
        return 0


def _range_of(part: slice) -> Any:
    start = 0 if part.start is None else part.start
    step = 1 if part.step is None else part.step
    if isinstance(step, complex):
        return anp["linspace"](start, part.stop, num=int(abs(step)))
    return anp["arange"](start, part.stop, step)


anp["r_"] = Concatenator(onp.r_, 0, 1, -1)
anp["c_"] = Concatenator(onp.c_, -1, 2, 0)
