"""`sciopt demo`: the ideas of the lecture, each run in seconds."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from sciopt.errors import RunFolderError, ScioptError, did_you_mean

_EPILOG = """\b
Examples:
  sciopt demo list
  sciopt demo primitives
  sciopt demo graph backward --out pictures
  sciopt demo all
"""


def _beginning_with(ctx: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """For the shell's tab key."""
    return [name for name in (*_lecture("").DEMOS, "all", "list") if name.startswith(typed)]


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="list | all | NAME...", shell_complete=_beginning_with)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the pictures go; without it, a new folder under runs/.",
)
def demo(names: tuple[str, ...], out: Path | None) -> None:
    """Run the ideas of the lecture, one by one.

    The lecture is R. Grosse's on automatic differentiation (CSC321, lecture 10). Each idea prints
    what it shows and leaves a picture. A picture that is there already is never written over.
    """
    known = _lecture("").DEMOS
    if names in ((), ("list",)):
        _list(known)
        return
    everything = names == ("all",)
    wanted = known if everything else tuple(dict.fromkeys(names))
    for name in wanted:
        if name in ("all", "list"):
            raise ScioptError(f"{name} stands alone: sciopt demo {name}")
        if name not in known:
            hint = did_you_mean(name, known) or f"; demos: {', '.join(known)}, or all"
            raise ScioptError(f"there is no demo {name!r}{hint}")
    folder = _folder(out, wanted)
    began = time.perf_counter()
    try:
        for k, name in enumerate(wanted):
            click.echo("\n" * (k > 0) + click.style(f"--- {name} ", bold=True) + "-" * 40)
            _run(name, folder, go_on=everything)
    finally:
        with suppress(OSError):
            folder.rmdir()  # if nothing came of it
    if everything:
        click.echo(f"\n{len(wanted)} demos in {time.perf_counter() - began:.0f} s: {folder}")


def _list(names: tuple[str, ...]) -> None:
    for name in names:
        module = _lecture("running").load(name)
        click.echo(f"{name:<19} {module.TITLE} ({module.SLIDES})")
    click.echo("\nRun one with: sciopt demo NAME; everything: sciopt demo all")


def _run(name: str, folder: Path, go_on: bool) -> None:
    try:
        for line in _lecture("running").run(name, folder):
            click.echo(line)
    except ScioptError as error:  # a missing library, which is no reason to stop the others
        if not go_on:
            raise
        click.echo(f"left out: {error}", err=True)


def _folder(out: Path | None, names: tuple[str, ...]) -> Path:
    """The folder for the pictures, made if need be.

    Raises: RunFolderError if it cannot be written, or a picture of `names` is in it.
    """
    folder = out or Path("runs") / f"lecture-{datetime.now():%Y%m%d-%H%M%S}"
    try:
        if folder.is_file():
            raise RunFolderError(f"--out: {folder} is a file; name a folder")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        there = _lecture("running").already_there(folder, names)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunFolderError(
            f"cannot write {folder}: {reason}; choose another folder with --out"
        ) from error
    if there:
        raise RunFolderError(f"--out: {there[0]} exists; remove it or name another folder")
    return folder


def _lecture(part: str) -> Any:
    """A module of the demos: a wheel carries them in the package, a checkout has them beside it."""
    package = "sciopt.lecture" if find_spec("sciopt.lecture") else "experiments.lecture"
    return import_module(f"{package}.{part}" if part else package)
