"""The state of a running search on stderr: a live display on a terminal, a few lines elsewhere.

Stdout is left to the answer, so that `run=$(sciopt fluid --quiet)` works.
"""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from sciopt.optimize import Iterate

_LIVE_INTERVAL = 0.1  # seconds; a refresh costs about a millisecond
_PLAIN_INTERVAL = 2.0


class Progress:
    """Shows the iterates that it is called with; a context manager, because a display must end.

    Args:
        total: the most iterations there will be.
        quiet: whether to show nothing at all.
        stream: where to write; stderr if None.
    """

    def __init__(self, total: int, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._total, self._quiet = total, quiet
        self._stream = stream or sys.stderr
        is_terminal = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._is_live = is_terminal and not quiet
        self._live: Any = None
        self._first: Iterate | None = None
        self._shown_at = -float("inf")
        self._shown_index = -1
        self._latest: Iterate | None = None

    def __enter__(self) -> Progress:
        if self._is_live:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(file=self._stream), auto_refresh=False)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._show_latest()
        if self._live is not None:
            self._live.stop()
            self._live = None

    def stage(self, text: str) -> None:
        """Say what is going on while there is no iterate yet, such as compiling."""
        if self._quiet:
            return
        if self._live is None:
            self._show_latest()
            print(f"{text} ...", file=self._stream, flush=True)
        else:
            from rich.text import Text

            self._live.update(Text(f"{text} ...", style="dim"), refresh=True)

    def level(self, text: str) -> None:
        """Say what begins now; losses are compared with the next iterate's from here on."""
        self.stage(text)
        self._first = None

    def __call__(self, iterate: Iterate) -> None:
        """Show the iterate, unless one was shown a moment ago."""
        if self._first is None:
            self._first = iterate
        self._latest = iterate
        interval = _LIVE_INTERVAL if self._is_live else _PLAIN_INTERVAL
        if time.monotonic() - self._shown_at >= interval or iterate.index == self._total:
            self._show(iterate)

    def _show_latest(self) -> None:
        if self._latest is not None and self._latest.index > self._shown_index:
            self._show(self._latest)

    def _show(self, iterate: Iterate) -> None:
        if self._quiet or self._first is None:
            return
        self._shown_at, self._shown_index = time.monotonic(), iterate.index
        facts = _facts(iterate, self._first)
        left = _time_left(iterate, self._first, self._total)
        if self._live is None:
            place = f"iteration {iterate.index:>{len(str(self._total))}}/{self._total}"
            print(", ".join([place, *facts, *left]), file=self._stream, flush=True)
        else:
            self._live.update(_panel(iterate.index, self._total, facts, left), refresh=True)


def _facts(iterate: Iterate, first: Iterate) -> list[str]:
    """Loss and its fall, gradient, evaluations, and their speed when it is known."""
    fall = _percent(iterate.loss, first.loss)
    facts = [
        f"loss {iterate.loss:.4g}{fall}",
        f"gradient {iterate.grad_norm:.1e}",
        f"{iterate.evaluations} evaluation{'' if iterate.evaluations == 1 else 's'}",
    ]
    # Counted from the first iterate, whose evaluation may have had to compile the kernels.
    seconds = iterate.seconds - first.seconds
    if iterate.index > first.index and seconds > 0:
        facts.append(f"{(iterate.evaluations - first.evaluations) / seconds:.3g}/s")
    return facts


def _time_left(iterate: Iterate, first: Iterate, total: int) -> list[str]:
    """How long the iterations still allowed will take at the pace so far, if there is a pace."""
    done = iterate.index - first.index
    if done <= 0 or iterate.index >= total:
        return []
    seconds = (iterate.seconds - first.seconds) / done * (total - iterate.index)
    return [f"about {duration(seconds)} left"]


def _percent(loss: float, start: float) -> str:
    if start <= 0 or loss == start:
        return ""
    change = round(100 * (loss / start - 1))
    return f" ({change:+d} %)" if change else ""


def duration(seconds: float) -> str:
    """A length of time to two figures or so: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _panel(index: int, total: int, facts: list[str], left: list[str]) -> Any:
    """Two lines, a bar and the facts, each cut at the edge of the terminal rather than wrapped."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    top = Table.grid(padding=(0, 2, 0, 0))
    bar = ProgressBar(total=total, completed=index, width=32)
    top.add_row(bar, f"iteration {index}/{total}", Text(" ".join(left), style="dim"))
    loss, *others = facts
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(loss, style="bold green")
    line.append("".join(f"  {fact}" for fact in others), style="dim")
    return Group(top, line)
