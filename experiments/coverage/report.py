"""The table of coverage, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .exclusions import REASONS
from .support import Support


class Row(NamedTuple):
    """What is known of one function; `autograd` and `jax` are None where they are not installed."""

    path: str
    ours: Support
    autograd: Support | None
    jax: bool | None


HEAD = """# Which functions are differentiated

Made by `python -m experiments.coverage --write docs/coverage.md`. Every public function of NumPy is
either excluded below, with the reason, or called, and its derivative compared with central
differences of NumPy itself. "both" is reverse and forward mode, both right; "reverse" or "forward"
is that mode only; "-" is neither. For JAX only the names are looked up: "name" says that there is a
function of that name. Below the measured tables are the lists of the registry itself.
"""

RULES_HEAD = """## Functions with a rule of their own

From the registry: each has a rule in the modes named. The other differentiable functions are
written in terms of these, and have the modes that the tables above show.
"""

FAMILIES_HEAD = """## Distributions

Every module of `autodiff.scipy.stats`, with its differentiable functions; they are written in terms
of functions with rules, so they are differentiable in both modes and in every parameter that is a
real number.
"""


def shares(rows: Sequence[Row]) -> tuple[float, float | None, float | None]:
    """Percent of the functions that ours, Autograd (one mode is enough) and JAX (its name) have."""

    def percent(found: Iterable[bool]) -> float:
        return 100 * sum(found) / max(len(rows), 1)

    return (
        percent(all(row.ours) for row in rows),
        None
        if any(row.autograd is None for row in rows)
        else percent(any(row.autograd or ()) for row in rows),
        None if any(row.jax is None for row in rows) else percent(bool(row.jax) for row in rows),
    )


def _percent(share: float | None) -> str:
    return "not installed" if share is None else f"{share:.1f} %"


def summary(sections: Mapping[str, Sequence[Row]]) -> str:
    """One line per section: how many functions, and each library's share."""
    lines = [
        "| of | functions | autodiff, both modes | Autograd, any mode | JAX, by name |",
        "|---|---|---|---|---|",
    ]
    for title, rows in sections.items():
        ours, autograd, jax = map(_percent, shares(rows))
        lines.append(f"| {title} | {len(rows)} | {ours} | {autograd} | {jax} |")
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> str:
    lines = ["| function | autodiff | Autograd | JAX |", "|---|---|---|---|"]
    for row in rows:
        autograd = "" if row.autograd is None else str(row.autograd)
        jax = "" if row.jax is None else "name" if row.jax else "-"
        lines.append(f"| `{row.path}` | {row.ours} | {autograd} | {jax} |")
    return "\n".join(lines) + "\n"


def _exclusions() -> str:
    lines = ["| why | functions |", "|---|---|"]
    for reason, names in REASONS.items():
        lines.append(f"| {reason} | {' '.join(f'`{name}`' for name in sorted(names.split()))} |")
    return "\n".join(lines) + "\n"


def _rules(registered: Mapping[str, Support]) -> str:
    lines = ["| function | modes |", "|---|---|"]
    lines += [f"| `{name}` | {modes} |" for name, modes in registered.items()]
    return "\n".join(lines) + "\n"


def _families(families: Mapping[str, Sequence[str]]) -> str:
    lines = ["| distribution | functions |", "|---|---|"]
    for name, kinds in families.items():
        lines.append(f"| `{name}` | {' '.join(f'`{kind}`' for kind in kinds)} |")
    return "\n".join(lines) + "\n"


def markdown(
    sections: Mapping[str, Sequence[Row]],
    unknown: Sequence[str],
    registered: Mapping[str, Support],
    families: Mapping[str, Sequence[str]],
) -> str:
    """The whole document."""
    parts = [HEAD, summary(sections)]
    if unknown:
        parts.append(f"New in this NumPy, and not sorted yet: {', '.join(unknown)}.\n")
    for title, rows in sections.items():
        parts += [f"## {title}\n", _table(rows)]
    parts += [RULES_HEAD, _rules(registered), FAMILIES_HEAD, _families(families)]
    parts += ["## Excluded\n", _exclusions()]
    return "\n".join(parts)
