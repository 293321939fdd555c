"""Gradients of the fluid by every control for every objective: a part of the table's combinations.

Twelve schemes of the 360 that ``python -m experiments.gradients`` checks: every transport meets
every projection here, both backtraces, and twelve of the fifteen pairs of sides. In each of them
every control and every objective is checked that the program takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodiff import grad
from autodiff.custom_rules import custom_vjp, primitive_with
from experiments.gradients.cases import CONTROLS, KEYFRAMES, OBJECTIVES, Case, cases_of, laid_out
from experiments.gradients.check import Outcome, check
from experiments.gradients.table import BEGIN, END, markdown, write
from sciopt.fluid.objectives import energy
from sciopt.fluid.physics import BOUNDARIES, spectral

TRANSPORTS = (
    ("bilinear", "none"),
    ("bicubic", "none"),
    ("maccormack", "none"),
    ("maccormack", "smooth"),
)
PROJECTIONS = ("jacobi", "spectral", "multigrid")
SIDES = [pair for pair in product(BOUNDARIES, BOUNDARIES) if pair != ("channel", "channel")]


def scheme(
    advection: str,
    limiter: str,
    projection: str,
    boundary: tuple[str, str] = ("periodic", "periodic"),
    backtrace: str = "euler",
) -> dict[str, Any]:
    return {
        "advection": advection,
        "limiter": limiter,
        "backtrace": backtrace,
        "projection": projection,
        "boundary": boundary,
    }


# Seven goes through all fifteen pairs before it comes to one of them again.
SCHEMES = [
    scheme(*transport, projection, SIDES[7 * k % 15], ("euler", "midpoint")[k % 2])
    for k, (transport, projection) in enumerate(product(TRANSPORTS, PROJECTIONS))
]
PLAIN = scheme("bicubic", "none", "spectral")


def case_with(control: str) -> Case:
    return next(case for case in cases_of(PLAIN) if control in case.controls)


@pytest.mark.parametrize("chosen", SCHEMES, ids=lambda chosen: str([*chosen.values()]))
def test_gradients_of_a_scheme(chosen: dict[str, Any]) -> None:
    """Constants aside, no remainder but of order 2, or none at all; multigrid to 1e-13, relative to
    its source, which may be a thousand times what comes out."""
    bound = 1e-9 if chosen["projection"] == "multigrid" else 1e-11
    for case in cases_of(chosen):
        for pair, outcome in check(case).items():
            assert outcome.order == pytest.approx(2, abs=0.1) or outcome.order == np.inf, pair
            assert outcome.duality < bound, pair


def test_every_control_and_objective_is_met() -> None:
    found = [case for chosen in SCHEMES for case in cases_of(chosen)]
    assert {name for case in found for name in case.controls} == set(CONTROLS)
    objectives = {name for case in found for name in case.objectives}
    assert objectives | {"effort", "roughness"} == set(OBJECTIVES)


def test_what_the_program_refuses_is_left_out() -> None:
    assert not list(cases_of(scheme("bilinear", "smooth", "jacobi")))
    assert not list(cases_of(scheme("bilinear", "none", "jacobi", ("channel", "channel"))))
    named = {name for case in cases_of(PLAIN) for name in case.controls}
    assert set(CONTROLS) - named == {"inflow", "obstacle"}
    channel = list(cases_of(scheme("bilinear", "none", "spectral", ("channel", "no-slip"))))
    named = {name for case in channel for name in case.controls}
    assert set(CONTROLS) - named == {"stream function", "obstacle"}
    assert set(OBJECTIVES) - set(channel[0].objectives) == {
        "drag", "-lift / drag", "effort", "roughness",
    }  # fmt: skip


def too_long(x: Any) -> Any:
    """The identity, with an adjoint that is too long by a thousandth."""
    return x


def reverse_only(wrong: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return primitive_with(vjps=[lambda ans, x: lambda g: 1.001 * g], jvps=["same"])(wrong)


def both_modes(wrong: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return custom_vjp(wrong, lambda ans, x: lambda g: 1.001 * g)


def assert_found(outcomes: dict[tuple[str, str], Outcome], where: set[tuple[str, str]]) -> None:
    """Both figures tell it there, and only there."""
    assert where <= outcomes.keys()
    for pair, outcome in outcomes.items():
        if pair in where:
            assert outcome.order < 1.5, pair
            assert outcome.duality > 1e-6, pair
        else:
            assert outcome.order == pytest.approx(2, abs=0.1) or outcome.order == np.inf, pair
            assert outcome.duality < 1e-11, pair


def test_a_wrong_projection_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the worst entry, which is what the tables show; not all depend on the pressure as much."""
    exact, off = spectral.poisson_solution, reverse_only(too_long)
    monkeypatch.setattr(spectral, "poisson_solution", lambda x, *rest: exact(off(x), *rest))
    outcomes = check(case_with("initial velocity")).values()
    assert min(outcome.order for outcome in outcomes) < 1.5
    assert max(outcome.duality for outcome in outcomes) > 1e-6


def test_a_wrong_control_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    place = import_module("sciopt.fluid.controls.stream_function")  # hidden by its function
    exact, off = place.psi_and_drift, reverse_only(too_long)
    monkeypatch.setattr(place, "psi_and_drift", lambda x, domain: exact(off(x), domain))
    outcomes = check(case_with("stream function"))
    assert_found(outcomes, {pair for pair in outcomes if pair[0] == "stream function"})


def test_a_wrong_objective_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    exact, off = energy.kinetic_energy, reverse_only(too_long)
    monkeypatch.setattr(energy, "kinetic_energy", lambda v: exact(off(v)))
    outcomes = check(case_with("stream function"))
    assert_found(outcomes, {pair for pair in outcomes if pair[1] == "energy"})


def test_what_is_wrong_in_both_modes_is_found_by_differences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exact, off = energy.kinetic_energy, both_modes(too_long)
    monkeypatch.setattr(energy, "kinetic_energy", lambda v: exact(off(v)))
    outcomes = check(case_with("stream function"))
    assert outcomes["forces, linear", "energy"].order < 1.5
    assert outcomes["forces, linear", "energy"].duality < 1e-12


def test_a_derivative_that_is_missing_is_no_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = energy.kinetic_energy
    off = primitive_with(vjps=[lambda ans, x: lambda g: 0 * g], jvps=[lambda g, ans, x: 0 * g])(
        too_long
    )
    monkeypatch.setattr(energy, "kinetic_energy", lambda v: exact(off(v)))
    outcome = check(case_with("stream function"))["forces, linear", "energy"]
    assert not outcome.constant
    assert outcome.order < 1.5


EVERYTHING = ["mean square", "blurred", "transport", "energy", "-lift"]


@pytest.mark.parametrize(
    ("chosen", "controls"),
    [
        (PLAIN, ["stream function", "forces, linear", "viscosity", "buoyancy"]),
        (
            scheme("bilinear", "none", "multigrid", ("no-slip", "channel")),
            ["initial velocity", "forces, held", "initial smoke", "inflow", "obstacle"],
        ),
    ],
    ids=["periodic", "channel"],
)
def test_compiled_loops_have_the_same_gradient(chosen: dict[str, Any], controls: list[str]) -> None:
    penalties: dict[str, tuple[str, ...]] = dict.fromkeys(controls, ("effort",))
    plain, compiled = (
        laid_out(chosen, penalties, EVERYTHING, keyframes=KEYFRAMES, backend=backend)
        for backend in ("numpy", "compiled")
    )
    vector = plain.start() + 0.05 * np.random.default_rng(0).standard_normal(plain.start().size)
    expected = grad(plain.loss)(vector)
    # Multigrid's tolerance of 1e-13 is the larger of the two sources of round-off.
    np.testing.assert_allclose(
        grad(compiled.loss)(vector), expected, rtol=0, atol=1e-11 * np.abs(expected).max()
    )


def test_tables_show_the_worst_and_go_between_their_marks(tmp_path: Path) -> None:
    case = Case(PLAIN, ("viscosity",), ("energy", "drag"))
    other = Case(PLAIN | {"boundary": ("no-slip", "periodic")}, ("viscosity",), ("energy", "drag"))
    constant = Outcome(np.inf, 0.0, constant=True)
    tables = markdown(
        [
            (case, {("viscosity", "energy"): Outcome(1.9, 1e-15), ("viscosity", "drag"): constant}),
            (other, {("viscosity", "energy"): Outcome(2.01, 3e-13)}),
            (other, {("viscosity", "-lift"): Outcome(np.inf, 2e-16)}),
        ]
    )
    assert "4 combinations. In 1 of them" in tables
    assert "in 1 it is linear" in tables
    assert "| bicubic, euler | 1.90, 3e-13 |" in tables
    assert "| viscosity | none | none | none | none | 1.90, 3e-13 |" in tables
    assert "| viscosity | linear, 2e-16 | constant | none | none | none |" in tables
    page = tmp_path / "page.md"
    page.write_text(f"before {BEGIN} old {END} after", encoding="utf-8")
    write(tables, page)
    assert page.read_text(encoding="utf-8") == f"before {BEGIN}\n{tables}\n{END} after"


def test_documentation_has_the_tables() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "fluid.md"
    shown = page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert set(re.findall(r"^\| (.+?) \|", shown, re.MULTILINE)) >= set(CONTROLS)
    assert set(re.findall(r"[^|]+(?= \|)", shown.replace("| ", "|"))) >= set(OBJECTIVES)
    rows = re.findall(r"(\d\.\d\d), (\de-\d\d)", shown)
    assert len(rows) >= 8 * 5 + 8 * 9  # schemes; all pairs but a few that are constant or refused
    for order, duality in rows:
        assert float(order) == pytest.approx(2, abs=0.1)
        assert float(duality) < 1e-8  # multigrid's tolerance, by gradients that happen to be small
