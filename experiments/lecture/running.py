"""Run a demo: say what it shows, compute, report, draw."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from textwrap import wrap
from typing import Any, Protocol, cast


class Demo(Protocol):
    """What a demo's module holds; see the package."""

    TITLE: str
    SLIDES: str
    LOOK_FOR: str

    def compute(self) -> Any: ...
    def report(self, found: Any) -> list[str]: ...
    def draw(self, found: Any, path: Path) -> list[Path]: ...


def load(name: str) -> Demo:
    """The module of a demo."""
    module = import_module(f"{__package__}.{name.replace('-', '_')}")
    return cast(Demo, module)


def run(name: str, folder: Path) -> Iterator[str]:
    """Run a demo, and yield what it has to say, line by line.

    Writes only the files that `already_there` looks for.

    Raises:
        ScioptError: something that the demo needs is missing.
    """
    demo = load(name)
    yield f"{demo.TITLE} ({demo.SLIDES})"
    yield from wrap(f"Look for: {demo.LOOK_FOR}", 88)
    yield ""
    found = demo.compute()
    yield from demo.report(found)
    yield ""
    for picture in demo.draw(found, folder / name):
        yield f"picture: {picture}"


def already_there(folder: Path, names: Sequence[str]) -> list[Path]:
    """The files in `folder` that these demos would write over."""
    wanted = [folder / f"{name}{suffix}" for name in names for suffix in (".png", ".gif", ".dot")]
    return [path for path in wanted if path.exists()]


def run_alone(file: str) -> None:
    """``python -m experiments.lecture.NAME [FOLDER]``: pictures go into the folder, or here."""
    name = Path(file).stem.replace("_", "-")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    if there := already_there(folder, [name]):
        sys.exit(f"{there[0]} exists; remove it or name another folder")
    for line in run(name, folder):
        print(line)
