"""`sciopt config`: what it prints can be used as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sciopt.cli import main
from sciopt.config import load_config, shipped_configs
from sciopt.fluid.config import FluidConfig


def output(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["config", *arguments])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_show_prints_every_setting_as_a_usable_config(tmp_path: Path) -> None:
    text = output("show", "fluid")
    assert all(f"\n{name}:" in text for name in FluidConfig.model_fields)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_config(FluidConfig, path=path) == FluidConfig()


def test_show_with_a_name_prints_the_file_that_comes_with_sciopt() -> None:
    path = shipped_configs("fluid")["lecture"]
    assert output("show", "fluid", "lecture") == path.read_text(encoding="utf-8")


def test_list_names_each_config_in_a_command_that_works() -> None:
    lines = output("list").splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["sciopt", app, "--config", name]
        for app in ("fluid", "hyperopt")
        for name in shipped_configs(app)
    ]


@pytest.mark.parametrize("arguments", [("show", "fluidd"), ("show",), ("show", "fluid", "zzz")])
def test_an_unknown_app_or_name_exits_with_2(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, ["config", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""


def test_help_is_there_for_each_command() -> None:
    for arguments in ([], ["show"], ["list"]):
        assert "Usage: " in output(*arguments, "--help")
