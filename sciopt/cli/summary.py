"""What a command prints at its end: a table, plain lines, one JSON object, or only the folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import click

from sciopt.progress import duration


class Ended(Protocol):
    """A result that says how its search ended."""

    @property
    def status(self) -> str:
        """In one word."""

    @property
    def message(self) -> str:
        """In a sentence."""


def print_summary(
    folder: Path,
    rows: Sequence[tuple[str, str]],
    facts: Mapping[str, object],
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Print the outcome of a run in the form that was asked for.

    Args:
        rows: labels and texts, for people.
        facts: names and values, for programs; numbers that are not finite become null.
    """
    if as_json:
        click.echo(json.dumps({name: _finite(value) for name, value in facts.items()}))
    elif quiet:
        click.echo(folder)
    elif sys.stdout.isatty():
        _print_table(rows)
    else:
        width = max([12, *(len(label) for label, _ in rows)])
        for label, text in rows:
            click.echo(f"{label:<{width}} {text}")


def fall(start: float, end: float) -> str:
    """ "0.5 -> 0.25 (-50.0 %)"."""
    percent = f" ({100 * (end / start - 1):+.1f} %)" if start > 0 else ""
    return f"{start:.5g} -> {end:.5g}{percent}"


def time_taken(count: int, seconds: float) -> str:
    """ "100 in 12 s, 8.3/s"."""
    speed = f", {count / seconds:.3g}/s" if seconds > 0 else ""
    return f"{count} in {duration(seconds)}{speed}"


def status_of(result: Ended) -> str:
    """Status and message, unless the message says the status itself."""
    if result.message.startswith(result.status):  # "interrupted after 54 iterations"
        return result.message
    return f"{result.status}: {result.message}"


def _finite(value: object) -> object:
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    is_broken = isinstance(value, float) and value - value != 0
    return None if is_broken else value


def _print_table(rows: Sequence[tuple[str, str]]) -> None:
    from rich.box import ROUNDED
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=ROUNDED, border_style="dim")
    table.add_column(style="bold")
    # A path is folded rather than cut, so that it can be copied.
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    Console().print(table)
