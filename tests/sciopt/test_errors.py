"""Errors for the user: exit codes, and the nearest name."""

from __future__ import annotations

import pytest

from sciopt.errors import (
    ConfigError,
    DivergenceError,
    RunFolderError,
    ScioptError,
    TargetError,
    did_you_mean,
)


@pytest.mark.parametrize("mistake", [ConfigError, TargetError, RunFolderError])
def test_a_mistake_in_the_input_exits_with_2(mistake: type[ScioptError]) -> None:
    assert mistake("wrong").exit_code == 2


def test_divergence_exits_with_1_and_carries_the_last_good_result() -> None:
    error = DivergenceError("NaN in iteration 3.", "the result")
    assert (str(error), error.exit_code, error.result) == ("NaN in iteration 3.", 1, "the result")


def test_the_nearest_name_is_offered_in_its_own_spelling() -> None:
    assert did_you_mean("l-bgfs-b", ["CG", "L-BFGS-B"]) == "; did you mean L-BFGS-B?"


def test_nothing_is_offered_when_no_name_is_near() -> None:
    assert did_you_mean("zzz", ["steps", "size"]) == ""
