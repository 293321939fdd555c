"""What the options of several commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sciopt.errors import ConfigError, RunFolderError

_OUTPUT = (
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        default="runs",
        show_default=True,
        help="Where the run's folder is made.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
    click.option("--quiet", is_flag=True, help="Print nothing but the run's folder."),
)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --out, --json and --quiet: where a run goes, and what is printed of it."""
    for option in reversed(_OUTPUT):
        command = option(command)
    return command


def number(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Any:
    """A number where the text is one; anything else is for the config to refuse, with the rest."""
    for kind in (int, float):
        try:
            return None if text is None else kind(text)
        except ValueError:
            continue
    return text


def config_of_run(folder: Path, *, source: str, changed: bool) -> Path:
    """The file with the settings of a run that is to be continued.

    Args:
        source: how the command names a config.
        changed: whether the command was given settings, too.
    Raises: ConfigError if it was; RunFolderError if there is no run.
    """
    from sciopt.runs import CONFIG

    if changed:
        raise ConfigError(
            "--resume: the run keeps its settings, or it would be another;"
            f" drop {source}, --set and the options that change them"
        )
    path = folder / CONFIG
    if not path.is_file():
        raise RunFolderError(f"--resume: {folder} is not the folder of a run: no {CONFIG} in it")
    return path
