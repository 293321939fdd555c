"""Why a nest cannot be written as it was begun. They are for those who begin again."""

from __future__ import annotations

from ..ir import Number


class SplitError(Exception):
    """The box must be cut along `axis` before counter `at`."""

    def __init__(self, axis: int, at: int) -> None:
        super().__init__(axis, at)
        self.axis, self.at = axis, at


class NotFlatError(Exception):
    """Sums were to be taken in a nest of more than one axis."""


class NeedStoreError(Exception):
    """Value `number` must be in memory."""

    def __init__(self, number: Number) -> None:
        super().__init__(number)
        self.number = number
