"""What all demos have in common; a picture of each, drawn small."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from experiments.lecture import DEMOS
from experiments.lecture.running import load, run

SMALL: dict[str, dict[str, Any]] = {
    "vjp": {"sizes": (4, 8)},
    "finite-differences": {"sizes": (1, 4)},
    "symbolic": {"depth": 2},
    "forward-reverse": {"counts": (1, 2)},
    "tanh": {"points": 41},
    "fluid": {"size": 16, "steps": 4, "iterations": 2, "frames": 3, "backend": "numpy"},
    "wing": {"rows": 16, "columns": 24, "steps": 3, "sweeps": 5, "iterations": 2},
    "hyperopt": {"steps": 6, "iterations": 2, "train": 50},
}


def needs(name: str) -> None:
    if name == "symbolic":
        pytest.importorskip("sympy")


def is_picture(path: Path) -> bool:
    """Not blank, and nothing reaches the border, where it would be cut off."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return np.ptp(pixels) > 150 and np.ptp(border, axis=0).max() < 12


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_says_what_it_shows_and_leaves_a_whole_picture(name: str, tmp_path: Path) -> None:
    needs(name)
    demo = load(name)
    assert demo.TITLE
    assert "slide" in demo.SLIDES
    assert demo.LOOK_FOR
    found = demo.compute(**SMALL.get(name, {}))
    said = demo.report(found)
    assert all(len(line) <= 100 for line in said), max(said, key=len)
    if name == "backward":  # the animation is drawn in its own test
        found = type(found)(found.steps[:1], found.by_hand, found.grad, found.vjp_of_one)
    pictures = demo.draw(found, tmp_path / name)
    assert sorted(tmp_path.iterdir()) == sorted(pictures)
    assert all(path.name.startswith(f"{name}.") for path in pictures)
    assert is_picture(tmp_path / f"{name}.png")


def test_a_demo_runs_on_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tanh", str(tmp_path / "new")])
    for attempt in (1, 2):
        monkeypatch.delitem(sys.modules, "experiments.lecture.tanh", raising=False)
        if attempt == 1:
            runpy.run_module("experiments.lecture.tanh", run_name="__main__")
        else:  # never over a picture that is there
            with pytest.raises(SystemExit, match=r"tanh\.png exists"):
                runpy.run_module("experiments.lecture.tanh", run_name="__main__")
    said = capsys.readouterr().out
    assert said.count("tanh and its first six derivatives") == 1
    assert (tmp_path / "new" / "tanh.png").is_file()


def test_without_sympy_one_demo_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sciopt.errors import ScioptError

    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(ScioptError, match=r"pip install 'sciopt\[demo\]'"):
        list(run("symbolic", tmp_path))
