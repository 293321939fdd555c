"""Find a config file: by its path, or by the bare name of one that comes with sciopt."""

from __future__ import annotations

from contextlib import suppress
from importlib import resources
from pathlib import Path

from sciopt.errors import ConfigError, did_you_mean


def find_config(name_or_path: str | Path, kind: str) -> Path:
    """The file that `--config` names: an existing file, else a shipped config of this `kind`.

    Raises: ConfigError with the nearest shipped name, if there is neither.
    """
    path = Path(name_or_path)
    with suppress(OSError):  # a name that is too long for a file: there is none
        if path.is_dir():
            raise ConfigError(f"--config: {path} is a folder; name a YAML file")
        if path.exists():
            return path
    shipped = shipped_configs(kind)
    name = str(name_or_path).removesuffix(".yaml")
    if name in shipped:
        return shipped[name]
    hint = did_you_mean(name, shipped) or f"; configs that come with sciopt: {', '.join(shipped)}"
    raise ConfigError(f"--config: there is no file {path}{hint}")


def shipped_configs(kind: str) -> dict[str, Path]:
    """The configs of one app that come with sciopt, name to file, sorted by name."""
    package = Path(str(resources.files("sciopt")))
    # A wheel carries the configs inside the package; a checkout has them beside it.
    for folder in (package / "configs" / kind, package.parent / "configs" / kind):
        if folder.is_dir():
            return {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    return {}
