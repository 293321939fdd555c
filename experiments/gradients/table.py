"""The outcomes of many checks as a table of the documentation."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from pathlib import Path

from .physics import BACKTRACES, PROJECTIONS, TRANSPORTS, Combination, Outcome

BEGIN, END = "<!-- gradients: begin -->", "<!-- gradients: end -->"


def markdown(found: Iterable[tuple[Combination, Outcome]]) -> str:
    """Rows of transports, columns of projections; each entry the worst over all pairs of sides."""
    worst: dict[tuple[str, str], list[Outcome]] = {}
    for combination, outcome in found:
        worst.setdefault(_place(combination), []).append(outcome)
    columns = [_projection(*each) for each in PROJECTIONS]
    lines = [
        f"| transport | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    for (advection, limiter), backtrace in product(TRANSPORTS, BACKTRACES):
        row = _transport(advection, limiter, backtrace)
        lines.append(f"| {row} | {' | '.join(_entry(worst[row, name]) for name in columns)} |")
    return "\n".join(lines)


def _place(combination: Combination) -> tuple[str, str]:
    scheme = combination.scheme
    row = _transport(scheme.advection, scheme.limiter, scheme.backtrace)
    return row, _projection(scheme.projection, combination.obstacle)


def _transport(advection: str, limiter: str, backtrace: str) -> str:
    return f"{advection}{'' if limiter == 'none' else f' ({limiter})'}, {backtrace}"


def _projection(projection: str, obstacle: bool) -> str:
    return f"{projection}, obstacle" if obstacle else projection


def _entry(outcomes: list[Outcome]) -> str:
    order = max((outcome.order for outcome in outcomes), key=lambda order: abs(order - 2))
    return f"{order:.2f}, {max(outcome.duality for outcome in outcomes):.0e}"


def write(table: str, page: Path) -> None:
    """Put the table between its marks in a page."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
