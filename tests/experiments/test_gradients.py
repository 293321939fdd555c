"""Gradients of the fluid's physics: the combinations of the documentation's table, a part of them.

Two pairs of sides less than all, which `python -m experiments.gradients` checks: every kind of
side is met by every transport and every projection here.
"""

from __future__ import annotations

import pytest

from autodiff.custom_rules import primitive_with
from experiments.gradients.physics import Combination, check, combinations
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
