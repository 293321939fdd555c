"""`sciopt config`: the settings of each app, and the config files that come with sciopt."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sciopt.config import Config

# App to the module and the class of its settings.
_APPS = {
    "fluid": ("sciopt.fluid.config", "FluidConfig"),
    "hyperopt": ("sciopt.hyperopt.config", "HyperoptConfig"),
}


@click.group()
def config() -> None:
    """Show settings with their meaning, bounds and defaults."""


@config.command()
@click.argument("app", type=click.Choice(list(_APPS)))
@click.argument("name", required=False)
def show(app: str, name: str | None) -> None:
    """Print every setting of APP as commented YAML, or the config NAME that comes with sciopt.

    \b
    Examples:
      sciopt config show fluid > mine.yaml
      sciopt config show fluid lecture
    """
    if name is None:
        from sciopt.config import commented_yaml

        click.echo(commented_yaml(_config_class(app)), nl=False)
    else:
        from sciopt.config import find_config

        click.echo(find_config(name, app).read_text(encoding="utf-8"), nl=False)


@config.command(name="list")
def list_() -> None:
    """List the configs that come with sciopt, for --config NAME."""
    from sciopt.config import shipped_configs

    for app in _APPS:
        for name, path in shipped_configs(app).items():
            summary = path.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ")
            click.echo(f"sciopt {app} --config {name:<12} {summary}")


def _config_class(app: str) -> type[Config]:
    module, name = _APPS[app]
    found: type[Config] = getattr(import_module(module), name)
    return found
