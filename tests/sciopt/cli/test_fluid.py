"""`sciopt fluid` from the command line to the run folder, on grids of a few cells."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from sciopt import runs
from sciopt.cli import main
from sciopt.config import load_config
from sciopt.errors import DivergenceError
from sciopt.fluid import solve as solve_module
from sciopt.fluid.config import FluidConfig
from sciopt.fluid.result import FluidResult
from sciopt.plotting import fluid as plotting

ROOT = Path(__file__).resolve().parents[3]
# The plain backend: nothing to compile.
TINY = ["--set", "backend=numpy", "--size", "12", "--steps", "3", "--set", "frames=2"]


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were drawn, without spending the time on it."""
    folders: list[Path] = []

    def note(folder: Path, **looks: object) -> list[Path]:
        runs.load_result(folder, FluidResult)
        folders.append(folder)
        return []

    monkeypatch.setattr(plotting, "draw", note)
    return folders


def sciopt(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["fluid", *arguments])


def the_run() -> Path:
    (folder,) = Path("runs").iterdir()
    return folder


def status_of(folder: Path) -> tuple[str, str]:
    record = json.loads((folder / runs.PROVENANCE).read_text())
    return record["status"], record["message"]


def test_a_run_leaves_everything_that_was_promised() -> None:
    result = sciopt(*TINY, "--target", "heart", "--iterations", "4", "--set", "fps=10")
    assert result.exit_code == 0, result.output
    folder = the_run()
    assert folder.name.endswith("-heart")
    names = {path.name for path in folder.iterdir()} - {runs.MOVIE}  # where there is an encoder
    assert names == {
        "config.yaml", "metrics.csv", "result.npz", "provenance.json",
        "loss.png", "result.png", "animation.gif",
    }  # fmt: skip
    with Image.open(folder / "animation.gif") as animation:
        assert animation.is_animated
    assert status_of(folder)[0] == "finished"
    assert f"run folder   {folder}" in result.stdout
    assert f"animation    {folder / 'animation.gif'}" in result.stdout
    saved = runs.load_result(folder, FluidResult)
    assert saved.loss_final < saved.loss_initial
    assert len((folder / "metrics.csv").read_text().splitlines()) == 6  # a head, the start, four


@pytest.mark.usefixtures("drawn")
def test_the_lines_on_stderr_tell_how_it_goes_and_the_table_is_on_stdout() -> None:
    result = sciopt(*TINY, "--target", "no/such/smile.png", "--iterations", "2")
    assert "Note: no file" in result.stderr
    assert "iteration 0/2, loss " in result.stderr
    assert "iteration 2/2, loss " in result.stderr
    assert [line[:12].strip() for line in result.stdout.splitlines()] == [
        "loss", "iterations", "evaluations", "status", "run folder",
    ]  # fmt: skip
    assert "finished: reached the limit of 2 iterations" in result.stdout


@pytest.mark.usefixtures("drawn")
def test_json_is_one_object_on_stdout_and_nothing_else() -> None:
    result = sciopt(*TINY, "--iterations", "2", "--json")
    answer = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    assert list(answer) == [
        "run_dir", "loss_initial", "loss_final", "parts", "picture_mismatch", "evaluations",
        "trial_losses", "start_chosen", "seconds", "message",
    ]  # fmt: skip
    saved = runs.load_result(Path(answer["run_dir"]), FluidResult)
    assert answer["loss_final"] == saved.loss_final
    assert answer["parts"] == {"mean square": saved.loss_final}
    assert answer["evaluations"] == saved.evaluations >= 3


@pytest.mark.usefixtures("drawn")
def test_quiet_prints_the_run_folder_and_nothing_else() -> None:
    result = sciopt(*TINY, "--iterations", "2", "--quiet")
    assert (result.stdout, result.stderr) == (f"{the_run()}\n", "")


@pytest.mark.usefixtures("drawn")
def test_flags_beat_set_beats_the_file() -> None:
    Path("my.yaml").write_text("iterations: 9\nseed: 1\nsteps: 9\noptimizer: CG\n")
    result = sciopt(
        *TINY, "--config", "my.yaml", "--set", "seed=2", "--set", "iterations=8",
        "--iterations", "1", "--optimizer", "adam", "--size", "12x16",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    config = load_config(FluidConfig, path=the_run() / runs.CONFIG)
    assert (config.iterations, config.seed, config.steps) == (1, 2, 3)
    assert (config.optimizer, config.size) == ("adam", (12, 16))


@pytest.mark.usefixtures("drawn")
def test_the_config_of_a_run_repeats_it_to_the_bit_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
    Image.fromarray(pixels).save("mine.png")
    options = ["--set", "velocity_noise=0.5", "--iterations", "3", "--quiet"]
    first = Path(sciopt(*TINY, "--target", "mine.png", *options).stdout.strip()).absolute()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = sciopt("--config", str(first / "config.yaml"), "--quiet")
    assert again.exit_code == 0, again.output
    second = Path(again.stdout.strip())
    assert second.name.endswith("-mine")
    with np.load(first / runs.RESULT) as one, np.load(second / runs.RESULT) as two:
        assert set(one) == set(two)
        for name in one:
            np.testing.assert_array_equal(one[name], two[name], strict=True)


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """Jobs that a shell runs in the background, tests among them, begin with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_is_heard")
def test_ctrl_c_saves_and_draws_the_best_so_far(
    drawn: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = runs.Run.record

    def interrupt(run: runs.Run, iterate: Any) -> None:
        record(run, iterate)
        if iterate.index == 2:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(runs.Run, "record", interrupt)
    result = sciopt(*TINY, "--iterations", "50")
    assert result.exit_code == 0, result.output
    assert status_of(the_run()) == ("interrupted", "interrupted after 2 iterations")
    assert drawn == [the_run()]
    assert "interrupted after 2 iterations" in result.stdout


@pytest.mark.usefixtures("drawn", "_ctrl_c_is_heard")
def test_an_interrupted_run_is_continued_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    options = [*TINY, "--iterations", "6", "--set", "velocity_noise=0.3"]
    whole = runs.load_result(Path(sciopt(*options, "--quiet").stdout.strip()), FluidResult)
    record = runs.Run.record

    def interrupt(run: runs.Run, iterate: Any) -> None:
        record(run, iterate)
        if iterate.index == 3:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(runs.Run, "record", interrupt)
        folder = sciopt(*options, "--quiet").stdout.strip()
    assert status_of(Path(folder))[0] == "interrupted"
    result = sciopt("--resume", folder, "--quiet")
    assert (result.exit_code, result.stdout) == (0, f"{folder}\n")
    assert status_of(Path(folder))[0] == "finished"
    assert not (Path(folder) / runs.JOURNAL).exists()
    continued = runs.load_result(Path(folder), FluidResult)
    np.testing.assert_array_equal(continued.vector, whole.vector)
    assert continued.evaluations == whole.evaluations
    assert len((Path(folder) / "metrics.csv").read_text().splitlines()) == 8
    again = sciopt("--resume", folder)
    assert again.exit_code == 2
    assert "is finished; there is nothing to continue" in again.stderr
    changed = sciopt("--resume", folder, "--steps", "9")
    assert "--resume: the run keeps its settings" in changed.stderr


@pytest.mark.usefixtures("drawn")
def test_the_starts_that_were_tried_are_told() -> None:
    starts = ["--set", "restarts=1", "--set", "trial_iterations=2", "--set", "velocity_noise=0.4"]
    result = sciopt(*TINY, "--iterations", "6", *starts)
    assert result.exit_code == 0, result.output
    first, second, on = (
        result.stderr.index(text)
        for text in ("start 1 of 2: noise of seed 0", "start 2 of 2: noise", "going on with start")
    )
    assert first < second < on < result.stderr.index("iteration 6/6")
    assert re.search(r"starts +number [12] was the best of 2 \(0\.", result.stdout)
    told = json.loads(sciopt(*TINY, "--iterations", "6", *starts, "--json").stdout)
    assert len(told["trial_losses"]) == 2


@pytest.mark.usefixtures("drawn")
def test_levels_in_pieces_are_told() -> None:
    result = sciopt(
        *TINY, "--iterations", "4", "--set", "levels.shooting=[0.3]",
        "--set", "keyframes={2: heart}",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "level 1 of 2: 12 x 12 cells, in pieces, gaps weigh 0.3" in result.stderr
    assert "level 2 of 2: 12 x 12 cells ..." in result.stderr
    assert "gaps" not in result.stdout


@pytest.mark.usefixtures("drawn")
def test_levels_and_what_was_chosen_are_told() -> None:
    result = sciopt(
        *TINY, "--size", "32", "--iterations", "4", "--set", "levels.grids=2",
        "--set", "controls.forces.every=2", "--set", "objectives.transport=0.1",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "level 1 of 2: 16 x 16 cells" in result.stderr
    assert "level 2 of 2: 32 x 32 cells" in result.stderr
    labels = [line[:12].strip() for line in result.stdout.splitlines()]
    assert labels == [
        "loss", "mean squar", "transport", "mismatch", "iterations", "evaluations", "chosen", "",
        "status", "run folder",
    ]  # fmt: skip


def test_a_preset_lies_below_the_settings_that_are_given() -> None:
    Path("mine.yaml").write_text("sweeps: 3\ncontrols: {forces: {every: 2, limit: 4.0}}\n")
    result = sciopt(
        *TINY, "--preset", "mine.yaml", "--set", "controls.forces.limit=5", "--iterations", "1",
        "--quiet",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    config = load_config(FluidConfig, path=the_run() / runs.CONFIG)
    assert config.sweeps == 3
    assert config.controls.forces is not None
    assert (config.controls.forces.every, config.controls.forces.limit) == (2, 5.0)
    wrong = sciopt("--preset", "bets")
    assert (wrong.exit_code, "Error: --preset: there is no file bets" in wrong.stderr) == (2, True)


def test_a_flow_that_no_pressure_drives_is_one_message() -> None:
    wall = np.zeros((12, 12), np.uint8)
    wall[:, 6] = 255
    Image.fromarray(wall).save("wall.png")
    result = sciopt(
        *TINY, "--set", "obstacle=wall.png", "--set", "projection=multigrid",
        "--set", "boundary=[free-slip, channel]", "--set", "wind=[0, 0.5]", "--quiet",
    )  # fmt: skip
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1), result.output
    assert "Error: obstacle: no pressure drives the flow" in result.stderr
    assert "open one in the obstacle, or choose projection: jacobi" in result.stderr


@pytest.mark.usefixtures("drawn")
def test_watching_rewrites_a_picture_where_there_is_no_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    result = sciopt(*TINY, "--iterations", "2", "--watch")
    assert result.exit_code == 0, result.output
    assert f"watch the search in {the_run() / 'live.png'}" in result.stderr
    with Image.open(the_run() / "live.png") as live:
        assert live.size[0] > 1000


@pytest.mark.usefixtures("drawn")
def test_sigterm_ends_a_run_like_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    record = runs.Run.record

    def terminate(run: runs.Run, iterate: Any) -> None:
        record(run, iterate)
        if iterate.index == 1:
            signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(runs.Run, "record", terminate)
    assert sciopt(*TINY).exit_code == 0
    assert status_of(the_run())[0] == "interrupted"
    assert signal.getsignal(signal.SIGTERM) is before


def test_divergence_keeps_the_last_good_state_and_exits_with_1(drawn: list[Path]) -> None:
    result = sciopt(
        *TINY, "--optimizer", "adam", "--set", "learning_rate=1e308", "--iterations", "30"
    )
    assert result.exit_code == 1, result.output
    assert result.stderr.splitlines()[-1].startswith("Error: The ")
    assert "likely cause" in result.stderr
    status, message = status_of(the_run())
    assert status == "diverged"
    assert "in iteration " in message
    saved = runs.load_result(the_run(), FluidResult)
    assert np.isfinite(saved.loss_final)
    assert drawn == [the_run()]


def test_divergence_at_the_start_leaves_a_folder_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def diverge(*arguments: object, **options: object) -> None:
        raise DivergenceError("The loss became nan in iteration 0 (evaluation 1).")

    monkeypatch.setattr(solve_module, "solve", diverge)
    result = sciopt(*TINY, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert status_of(the_run())[0] == "diverged"


def test_pictures_that_cannot_be_drawn_leave_the_result_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(folder: Path, **looks: object) -> None:
        raise OSError(28, "No space left on device", "animation.gif")

    monkeypatch.setattr(plotting, "draw", full)
    result = sciopt(*TINY, "--iterations", "1")
    assert result.exit_code == 2
    assert f"Error: the result is safe in {the_run()}" in result.stderr
    assert status_of(the_run())[0] == "finished"


def test_help_names_what_matters_and_where_the_rest_is() -> None:
    result = sciopt("--help")
    for words in ("--target", "--iterations", "sciopt config show fluid", "heart", "text:WORD"):
        assert words in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_command_works_as_a_process_and_its_answer_can_be_captured(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("backend: numpy\nsize: 12\nsteps: 2\nframes: 2\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sciopt", "fluid", "--config", "my.yaml"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=120, check=False,
            env=environment,
        )  # fmt: skip

    good = run("--iterations", "1", "--quiet")
    assert (good.returncode, good.stderr) == (0, "")
    assert (tmp_path / good.stdout.strip() / "animation.gif").is_file()
    bad = run("--size", "-5")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.startswith("Error: --size: must be at least 8, got -5")
