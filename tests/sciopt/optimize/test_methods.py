"""Which methods and options exist, and what the refusals say."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import scipy.optimize

from sciopt.errors import ConfigError
from sciopt.optimize import check_method
from sciopt.optimize import methods as module
from sciopt.optimize.methods import DEFAULTS, METHODS


def refusal(method: str, options: dict[str, Any] | None = None, unknowns: int = 10) -> str:
    with pytest.raises(ConfigError) as caught:
        check_method(method, options or {}, unknowns)
    return str(caught.value)


@pytest.mark.parametrize("method", list(METHODS))
def test_a_method_is_known_in_any_case(method: str) -> None:
    assert check_method(method.upper(), {}, 10) == check_method(method.lower(), {}, 10) == method


def test_an_unknown_method_is_answered_with_the_nearest_or_with_all() -> None:
    assert refusal("LBFGSB") == "optimizer: unknown method 'LBFGSB'; did you mean L-BFGS-B?"
    assert "; choose one of L-BFGS-B, CG, " in refusal("gradient descent")


@pytest.mark.parametrize("method", ["nelder-mead", "Powell", "COBYLA", "cobyqa"])
def test_a_method_without_gradients_is_refused_with_the_reason(method: str) -> None:
    assert "uses no gradients" in refusal(method)
    assert "choose one of L-BFGS-B" in refusal(method)


@pytest.mark.parametrize("method", ["dogleg", "trust-ncg", "trust-exact", "trust-krylov"])
def test_a_method_that_needs_a_hessian_is_refused_with_the_reason(method: str) -> None:
    assert "needs second derivatives" in refusal(method)


def test_every_gradient_method_of_scipy_is_either_offered_or_refused() -> None:
    ours = {name.lower() for name in (*METHODS, *module._REFUSED)}
    assert set(scipy.optimize._minimize.MINIMIZE_METHODS) <= ours


@pytest.mark.parametrize("method", [method for method in METHODS if method != "Adam"])
def test_every_option_offered_exists_in_scipy(method: str) -> None:
    functions = scipy.optimize._minimize
    inner = {
        "CG": functions._minimize_cg,
        "BFGS": functions._minimize_bfgs,
        "L-BFGS-B": functions._minimize_lbfgsb,
        "Newton-CG": functions._minimize_newtoncg,
        "TNC": functions._minimize_tnc,
        "SLSQP": functions._minimize_slsqp,
        "trust-constr": functions._minimize_trustregion_constr,
    }[method]
    assert set(METHODS[method]) <= set(inspect.signature(inner).parameters)
    assert set(DEFAULTS.get(method, {})) <= set(METHODS[method])


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("CG", {"maxcor": 5}, "optimizer_options.maxcor: CG has no such option; CG has gtol, "),
        ("L-BFGS-B", {"maxcr": 5}, "has no such option; did you mean maxcor?"),
        ("L-BFGS-B", {"maxiter": 5}, "give the setting iterations instead"),
        ("L-BFGS-B", {"maxcor": 0}, "optimizer_options.maxcor: must be at least 1, got 0"),
        ("L-BFGS-B", {"maxcor": 2.5}, "must be a whole number, got 2.5"),
        ("L-BFGS-B", {"maxcor": True}, "must be a whole number, got True"),
        ("L-BFGS-B", {"ftol": "small"}, "must be a number, got 'small'"),
        ("L-BFGS-B", {"ftol": -1.0}, "must be at least 0, got -1.0"),
        ("CG", {"c2": 1.0}, "c2: must be more than 0 and less than 1, got 1.0"),
        ("CG", {"c1": 0.5}, "c1 must be less than c2"),
        ("BFGS", {"c1": 0.95}, "c1 must be less than c2"),
        ("Adam", {"b1": 1}, "b1: must be at least 0 and less than 1, got 1"),
        ("Adam", {"learning_rate": 0}, "learning_rate: must be more than 0, got 0"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    method: str, options: dict[str, Any], message: str
) -> None:
    assert message in refusal(method, options)


def test_a_matrix_that_does_not_fit_into_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_memory", lambda: 8e9)
    message = refusal("bfgs", unknowns=24200)
    assert "BFGS stores a matrix of 24200 x 24200 numbers, 5 GB" in message
    assert "choose L-BFGS-B or a smaller size" in message
    assert check_method("BFGS", {}, 1000) == "BFGS"
    assert check_method("L-BFGS-B", {}, 24200) == "L-BFGS-B"
