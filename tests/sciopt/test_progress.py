"""The live display: what it says, how often, and where."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

from sciopt import progress as module
from sciopt.optimize import Iterate
from sciopt.progress import Progress, duration


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def iterates(count: int) -> list[Iterate]:
    """Evaluations at 10 per second after a start that took 5 s, losses halved each time."""
    return [Iterate(i, 2 * i + 1, 0.5**i, 0.1, 5 + 0.2 * i, np.zeros(1)) for i in range(count + 1)]


def shown(stream: io.StringIO, count: int, total: int, quiet: bool = False) -> str:
    with Progress(total, quiet=quiet, stream=stream) as progress:
        progress.stage("compiling")
        for iterate in iterates(count):
            progress(iterate)
    return stream.getvalue()


def test_a_log_gets_the_first_and_the_last_iterate_and_few_between() -> None:
    lines = shown(io.StringIO(), count=50, total=100).splitlines()
    assert lines == [
        "compiling ...",
        "iteration   0/100, loss 1, gradient 1.0e-01, 1 evaluation",
        "iteration  50/100, loss 8.882e-16 (-100 %), gradient 1.0e-01, 101 evaluations, 10/s, "
        "about 10 s left",
    ]


def test_a_log_gets_a_line_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 1))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(clock)))
    lines = shown(io.StringIO(), count=50, total=100).splitlines()
    assert 10 < len(lines) < 40


def test_a_terminal_gets_a_display_that_fits_80_columns() -> None:
    text = shown(Terminal(), count=50, total=100)
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    for words in ("compiling", "iteration 50/100", "about 10 s left", "101 evaluations", "10/s"):
        assert words in plain
    assert max(map(len, re.split(r"[\r\n]+", plain))) <= 80


def test_a_terminal_is_not_redrawn_for_every_iterate() -> None:
    text = shown(Terminal(), count=2000, total=100_000)
    assert text.count("iteration") < 50


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shown(Terminal(), count=5, total=5)


def test_quiet_says_nothing() -> None:
    assert shown(io.StringIO(), 5, 5, quiet=True) == shown(Terminal(), 5, 5, quiet=True) == ""


def test_the_last_iterate_is_shown_when_the_search_is_interrupted() -> None:
    stream = io.StringIO()

    def interrupted_search() -> None:
        with Progress(100, stream=stream) as progress:
            for iterate in iterates(7):
                progress(iterate)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_search()
    assert "iteration   7/100" in stream.getvalue().splitlines()[-1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.9, "9.9 s"), (12.4, "12 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_are_said_to_two_figures(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_last_iterate_of_a_search_comes_before_what_follows_it() -> None:
    stream = io.StringIO()
    with Progress(100, stream=stream) as progress:
        for iterate in iterates(7):
            progress(iterate)
        progress.stage("drawing")
    assert [line[:17] for line in stream.getvalue().splitlines()[-2:]] == [
        "iteration   7/100",
        "drawing ...",
    ]
