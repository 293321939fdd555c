"""Gradients of the fluid's physics: the combinations of the documentation's table, a part of them.

Two pairs of sides less than all, which `python -m experiments.gradients` checks: every kind of
side is met by every transport and every projection here.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autodiff.custom_rules import primitive_with
from experiments.gradients.physics import Combination, Outcome, check, combinations
from experiments.gradients.table import BEGIN, END, markdown, write
from sciopt.fluid.physics import spectral
from sciopt.fluid.physics.spectral import poisson_solution

SIDES = {("periodic", "periodic"), ("free-slip", "channel"), ("no-slip", "free-slip")}
CASES = [case for case in combinations() if case.scheme.grid.boundary in SIDES]


@pytest.mark.parametrize("combination", CASES, ids=str)
def test_gradient_of_combination(combination: Combination) -> None:
    outcome = check(combination)
    assert outcome.order == pytest.approx(2, abs=0.1)
    assert outcome.duality < (1e-10 if combination.scheme.projection == "multigrid" else 1e-12)


def test_a_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adjoint that is wrong by a thousandth shows in both figures."""
    off = primitive_with(
        vjps=[lambda ans, source, sides: lambda g: 1.001 * poisson_solution(g, sides)],
        jvps=["same"],
    )(poisson_solution.fun)
    monkeypatch.setattr(spectral, "poisson_solution", off)
    case = next(case for case in CASES if case.scheme.projection == "spectral")
    outcome = check(case)
    assert outcome.order < 1.5
    assert outcome.duality > 1e-6


def test_table_shows_the_worst_and_goes_between_its_marks(tmp_path: Path) -> None:
    found = [(case, Outcome(2.0, 1e-15)) for case in combinations()]
    found[0] = (found[0][0], Outcome(1.9, 1e-15))
    found.append((found[0][0], Outcome(2.01, 3e-13)))
    table = markdown(found)
    assert "| bilinear, euler | 1.90, 3e-13 |" in table
    assert len(table.splitlines()) == 2 + 8
    page = tmp_path / "page.md"
    page.write_text(f"before {BEGIN} old {END} after", encoding="utf-8")
    write(table, page)
    assert page.read_text(encoding="utf-8") == f"before {BEGIN}\n{table}\n{END} after"


def test_documentation_has_the_table() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "fluid.md"
    shown = page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = re.findall(r"(\d\.\d\d), (\de-\d\d)", shown)
    assert len(rows) == 8 * 4
    for order, duality in rows:
        assert float(order) == pytest.approx(2, abs=0.1)
        assert float(duality) < 1e-11  # ten times the tolerance of multigrid
