"""The configs that come with sciopt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sciopt.config import load_config, shipped_configs
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.hypergradient import method_of
from sciopt.hyperopt.outer import check_search, plain_loss
from sciopt.hyperopt.problem import build_problem

CONFIGS = shipped_configs("hyperopt")
OF_MNIST = {"cleaning", "regularization", "schedules", "training-data"}
"""Their forms with few images run in tests/experiments/hypergrad."""
EXPECTED = {
    "chaos", "cleaning", "digits", "init-scales", "regularization", "schedules", "search",
    "search-many", "toy", "training-data",
}  # fmt: skip


def test_all_scenarios_are_there() -> None:
    assert set(CONFIGS) == EXPECTED


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_each_loads_and_says_first_what_it_is_for_and_how_to_run_it(name: str) -> None:
    text = CONFIGS[name].read_text(encoding="utf-8")
    assert load_config(HyperoptConfig, path=CONFIGS[name]).name == name
    assert re.match(r"# [A-Z]", text)
    assert re.search(rf"^#   sciopt hyperopt {name}( --.*)?$", text, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(EXPECTED - OF_MNIST))
def test_each_without_mnist_can_be_run(name: str) -> None:
    config = load_config(HyperoptConfig, path=CONFIGS[name])
    problem = build_problem(config)
    check_search(problem)
    method_of(problem)
    assert plain_loss(problem, problem.space.start) > 0


def test_a_model_beside_its_config_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(HyperoptConfig, path=CONFIGS["toy"])
    assert Path(config.model.name.rpartition(":")[0]).is_file()
