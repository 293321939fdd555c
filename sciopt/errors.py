"""Failures that a user can understand and mend, as opposed to our own bugs.

The command line prints the message of a `ScioptError` and leaves with its `exit_code`; anything
else that escapes is a defect and keeps its traceback. A message says in one or two sentences what
was wrong, where, what is allowed, and what to do next.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class ScioptError(Exception):
    """A failure whose message is written for the user."""

    exit_code = 2


class ConfigError(ScioptError):
    """A setting that is missing, misspelled, of the wrong type or out of bounds."""


class TargetError(ScioptError):
    """A target or an initial field that cannot be read as a picture."""


class DataError(ScioptError):
    """Examples that cannot be read, are not what a setting says, or are too few for it."""


class ModelError(ScioptError):
    """A model of the user's that cannot be loaded, or does not keep its contract."""


class RunFolderError(ScioptError):
    """A run folder that cannot be made, written or read."""


class WorkerError(ScioptError):
    """A process that shared the work and died."""

    exit_code = 1


class ToleranceError(ScioptError):
    """An equation that cannot be solved as exactly as a setting asks."""

    exit_code = 1


class DivergenceError(ScioptError):
    """A loss or gradient that became infinite or NaN.

    Attributes:
        result: the app's result at the last good iterate, or None if the start was already bad.
    """

    exit_code = 1

    def __init__(self, message: str, result: Any = None) -> None:
        super().__init__(message)
        self.result = result


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The end of a message about an unknown `word`: "; did you mean steps?", or nothing.

    Case is ignored in the comparison; the choice is shown in its own spelling.
    """
    spelling = {choice.casefold(): choice for choice in choices}
    nearest = get_close_matches(word.casefold(), spelling, n=1)
    return f"; did you mean {spelling[nearest[0]]}?" if nearest else ""
