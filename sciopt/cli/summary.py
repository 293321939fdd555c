"""What a command prints at its end: a table, plain lines, one JSON object, or only the folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sciopt.progress import duration
from sciopt.runs import ANIMATION

if TYPE_CHECKING:
    from sciopt.fluid.result import FluidResult


def print_summary(
    folder: Path, result: FluidResult, seconds: float, *, as_json: bool, quiet: bool
) -> None:
    """Print the outcome of a run that took so many `seconds`, in the form that was asked for."""
    if as_json:
        click.echo(json.dumps(_facts(folder, result, seconds), allow_nan=False))
    elif quiet:
        click.echo(folder)
    else:
        rows = _rows(folder, result, seconds)
        if sys.stdout.isatty():
            _print_table(rows)
        else:
            for label, text in rows:
                click.echo(f"{label:<12} {text}")


def _facts(folder: Path, result: FluidResult, seconds: float) -> dict[str, object]:
    return {
        "run_dir": str(folder),
        "loss_initial": result.loss_initial,
        "loss_final": result.loss_final,
        "evaluations": result.evaluations,
        "seconds": seconds,
        "message": result.message,
    }


def _rows(folder: Path, result: FluidResult, seconds: float) -> list[tuple[str, str]]:
    start, end = result.loss_initial, result.loss_final
    fall = f" ({100 * (end / start - 1):+.1f} %)" if start > 0 else ""
    speed = f", {result.evaluations / seconds:.3g}/s" if seconds > 0 else ""
    status = result.message
    if not status.startswith(result.status):  # "interrupted after 54 iterations" says it itself
        status = f"{result.status}: {status}"
    rows = [
        ("loss", f"{start:.5g} -> {end:.5g}{fall}"),
        ("iterations", str(result.iterations)),
        ("evaluations", f"{result.evaluations} in {duration(seconds)}{speed}"),
        ("status", status),
        ("run folder", str(folder)),
    ]
    if (folder / ANIMATION).exists():
        rows.append(("animation", str(folder / ANIMATION)))
    return rows


def _print_table(rows: list[tuple[str, str]]) -> None:
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
