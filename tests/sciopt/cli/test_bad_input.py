"""Bad input to `sciopt fluid`: one clear message, exit code 2, nothing written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from sciopt.cli import main

LAUGHS = "\n".join(
    ['a0: &a0 ["lol"]'] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
)


def prepare(folder: Path) -> None:
    """The bad files that the cases below name."""
    (folder / "text.png").write_text("This is no picture.\n" * 50)
    Image.new("L", (64, 64), 255).save(folder / "whole.png")
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    Image.fromarray(noise).save(folder / "noise.png")
    (folder / "cut.png").write_bytes((folder / "noise.png").read_bytes()[:1500])
    Image.new("L", (1, 1), 255).save(folder / "dot.png")
    Image.new("L", (64, 64), 0).save(folder / "black.png")
    (folder / "folder.png").mkdir()
    (folder / "unknown.yaml").write_text("steps: 3\nstpes: 4\n")
    (folder / "type.yaml").write_text("size: large\n")
    (folder / "tabs.yaml").write_text("size: 12\n\tsteps: 3\n")
    (folder / "empty.yaml").write_text("")
    (folder / "list.yaml").write_text("- size\n- 12\n")
    (folder / "laughs.yaml").write_text(LAUGHS)
    (folder / "binary.yaml").write_bytes(bytes(range(256)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--target", "photo/missing.png"], "missing.png"),
        (["--target", "simle"], "smile"),
        (["--target", "simle.png"], "smile"),
        (["--target", ""], "--target: must not be empty"),
        (["--target", "text.png"], "text.png"),
        (["--target", "cut.png"], "cut.png"),
        (["--target", "dot.png"], "dot.png"),
        (["--target", "black.png"], "black.png"),
        (["--target", "folder.png"], "folder.png"),
        (["--set", "smoke=text.png"], "text.png"),
        (["--size", "-5"], "--size: must be at least 8, got -5"),
        (["--size", "9x5"], "--size: must be at least 8, got 5"),
        (
            ["--size", "big"],
            "--size: must be a whole number or a list of 2 whole numbers, got 'big'",
        ),
        (["--size", "nan"], "--size: must be a whole number"),
        (["--steps", "0"], "--steps: must be at least 1, got 0 (time steps of the simulation)"),
        (["--steps", "1.5"], "--steps: must be a whole number, got 1.5"),
        (["--iterations", "0"], "--iterations: must be at least 1, got 0"),
        (["--seed", "-1"], "--seed: must be at least 0, got -1"),
        (["--seed", "x"], "--seed: must be a whole number, got 'x'"),
        (["--set", "stpes=3"], "--set stpes: unknown key; did you mean steps?"),
        (["--set", "steps"], "--set steps: write it as key=value"),
        (["--config", "unknown.yaml"], "unknown.yaml:2: stpes: unknown key; did you mean steps?"),
        (["--config", "type.yaml"], "type.yaml:1: size: must be a whole number or a list"),
        (["--config", "tabs.yaml"], "tabs.yaml:2: a tab"),
        (["--config", "empty.yaml"], "empty.yaml: the file is empty"),
        (["--config", "list.yaml"], "list.yaml: expected lines like `key: value`"),
        (["--config", "laughs.yaml"], "laughs.yaml:2: alias *a0 is not allowed"),
        (["--config", "binary.yaml"], "binary.yaml: not UTF-8 text"),
        (["--config", "none.yaml"], "--config: there is no file none.yaml"),
        (["--config", "lectrue"], "did you mean lecture?"),
        (["--optimizer", "L-BGFS-B"], "did you mean L-BFGS-B?"),
        (["--optimizer", "Nelder-Mead"], "Nelder-Mead uses no gradients"),
        (["--set", "optimizer_options.maxcr=3"], "did you mean maxcor?"),
        (["--out", "text.png"], "--out: text.png is a file; name a folder"),
        (["--out", "a" * 5000], "File name too long"),
        (["--config", "a" * 5000], "--config: there is no file"),
        (["--out", "text.png/below"], "cannot write text.png/below: Not a directory"),
    ],
)
def test_bad_input_is_one_message_exit_code_2_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    prepare(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["fluid", "--set", "backend=numpy", *arguments])
    assert result.exit_code == 2, result.output
    assert result.stderr.count("Error: ") == 1
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before
