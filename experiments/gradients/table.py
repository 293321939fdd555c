"""The outcomes of many checks as tables of the documentation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from .cases import CONTROLS, OBJECTIVES, Case
from .check import Outcome

BEGIN, END = "<!-- gradients: begin -->", "<!-- gradients: end -->"

Found = list[tuple[Case, dict[tuple[str, str], Outcome]]]

_COLUMNS = 5


def markdown(found: Found) -> str:
    """How many there are; transports by projections; controls by objectives, in two parts."""
    by_scheme: dict[tuple[str, str], list[Outcome]] = {}
    by_pair: dict[tuple[str, str], list[Outcome]] = {}
    for case, outcomes in found:
        by_scheme.setdefault((case.transport, case.projection), []).extend(outcomes.values())
        for pair, outcome in outcomes.items():
            by_pair.setdefault(pair, []).append(outcome)
    tables = [
        counted([outcome for _, outcomes in found for outcome in outcomes.values()]),
        _table("transport", *_sides(by_scheme), by_scheme),
    ]
    for first in range(0, len(OBJECTIVES), _COLUMNS):
        columns = OBJECTIVES[first : first + _COLUMNS]
        tables.append(_table("control", CONTROLS, columns, by_pair))
    return "\n\n".join(tables)


def counted(outcomes: list[Outcome]) -> str:
    """A sentence on how many combinations were checked, and of which kind they are."""
    constant = sum(outcome.constant for outcome in outcomes)
    linear = sum(math.isinf(outcome.order) and not outcome.constant for outcome in outcomes)
    return (
        f"{len(outcomes):,} combinations. In {constant:,} of them the objective does not depend on"
        f" the control,\nand both modes and differences say so; in {linear:,} it is linear, and"
        " nothing remains but round-off."
    )


def _sides(entries: Mapping[tuple[str, str], object]) -> tuple[list[str], list[str]]:
    """Rows and columns in the order in which they come."""
    rows, columns = (list(dict.fromkeys(key[k] for key in entries)) for k in (0, 1))
    return rows, columns


def _table(
    corner: str,
    rows: Iterable[str],
    columns: Iterable[str],
    entries: Mapping[tuple[str, str], list[Outcome]],
) -> str:
    columns = list(columns)
    lines = [f"| {corner} | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for row in rows:
        cells = (_entry(entries.get((row, column), [])) for column in columns)
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _entry(outcomes: list[Outcome]) -> str:
    """The order farthest from 2, and the largest difference of the modes."""
    told = [outcome for outcome in outcomes if not outcome.constant]
    if not told:
        return "constant" if outcomes else "none"
    orders = [outcome.order for outcome in told if not math.isinf(outcome.order)]
    order = f"{max(orders, key=lambda order: abs(order - 2)):.2f}" if orders else "linear"
    return f"{order}, {max(outcome.duality for outcome in told):.0e}"


def write(table: str, page: Path) -> None:
    """Put the tables between their marks in a page."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
