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
EXPECTED = {
    "chaos", "cleaning", "digits", "init-scales", "regularization", "schedules", "toy",
    "training-data",
}  # fmt: skip


def test_all_scenarios_are_there() -> None:
    assert set(CONFIGS) == EXPECTED


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_each_loads_and_says_first_what_it_is_for_and_how_to_run_it(name: str) -> None:
    text = CONFIGS[name].read_text(encoding="utf-8")
    assert load_config(HyperoptConfig, path=CONFIGS[name]).name == name
    assert re.match(r"# [A-Z]", text)
    assert f"#   sciopt hyperopt {name}\n" in text


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_each_without_mnist_can_be_run(name: str) -> None:
    config = load_config(HyperoptConfig, path=CONFIGS[name])
    if config.data.source == "mnist":
        pytest.skip("needs MNIST; the reproductions of experiments/hypergrad are tested with it")
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
