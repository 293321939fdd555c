"""`sciopt hyperopt` from the command line to the run folder, on a network of a few weights."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sciopt import runs
from sciopt.cli import main
from sciopt.config import load_config, shipped_configs
from sciopt.hyperopt import search, solve
from sciopt.hyperopt.config import HyperoptConfig
from sciopt.hyperopt.result import GradientCheck, HyperoptResult, SearchCurves
from sciopt.plotting import hyperopt as plotting

TINY = [
    "--set", "data=iris", "--set", "model.hidden=[3]", "--set", "training.steps=6",
    "--set", "training.batch=16", "--set", "hyperparameters.learning_rate={start: 0.05}",
    "--set", "hyperparameters.momentum={start: 0.5}",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _empty_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were drawn, without spending the time on it."""
    folders: list[Path] = []

    def note(folder: Path) -> list[Path]:
        runs.load_result(folder, HyperoptResult)
        folders.append(folder)
        return []

    monkeypatch.setattr(plotting, "draw", note)
    return folders


def sciopt(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["hyperopt", *arguments])


def the_run() -> Path:
    (folder,) = Path("runs").iterdir()
    return folder


def status_of(folder: Path) -> tuple[str, str]:
    record = json.loads((folder / runs.PROVENANCE).read_text())
    return record["status"], record["message"]


def test_a_run_leaves_everything_that_was_promised() -> None:
    result = sciopt(*TINY, "--iterations", "3")
    assert result.exit_code == 0, result.output
    folder = the_run()
    assert folder.name.endswith("-iris")
    names = {path.name for path in folder.iterdir()}
    assert names >= {"config.yaml", "metrics.csv", "result.npz", "provenance.json", "loss.png"}
    assert runs.JOURNAL not in names
    assert status_of(folder) == ("finished", "reached the limit of 3 iterations")
    assert "iteration 3/3, loss " in result.stderr
    assert f"run folder    {folder}\n" in result.stdout
    assert "learning_rate 0.05 -> " in result.stdout
    assert len((folder / runs.METRICS).read_text().splitlines()) == 5  # a head, the start, three


@pytest.mark.usefixtures("drawn")
def test_json_is_one_object_and_quiet_is_the_folder() -> None:
    result = sciopt(*TINY, "--iterations", "2", "--json")
    answer = json.loads(result.stdout)
    assert (result.stdout.count("\n"), result.stderr) == (1, "")
    saved = runs.load_result(Path(answer["run_dir"]), HyperoptResult)
    assert answer["loss_final"] == saved.loss_final
    assert answer["f1"] is None
    again = sciopt(*TINY, "--iterations", "2", "--quiet", "--out", "others")
    (folder,) = Path("others").iterdir()
    assert (again.stdout, again.stderr) == (f"{folder}\n", "")


@pytest.mark.usefixtures("drawn")
def test_flags_beat_set_beats_the_file() -> None:
    Path("my.yaml").write_text("data: wine\nseed: 1\nouter: {iterations: 9, learning_rate: 0.3}\n")
    result = sciopt(
        "my.yaml", *TINY, "--set", "outer.iterations=8", "--iterations", "1", "--seed", "3",
        "--method", "forward",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    config = load_config(HyperoptConfig, path=the_run() / runs.CONFIG)
    assert (config.data.source, config.seed, config.hypergradient.method) == ("iris", 3, "forward")
    assert (config.outer.iterations, config.outer.learning_rate) == (1, 0.3)


def test_a_shorthand_and_a_flag_for_the_same_section_meet(drawn: list[Path]) -> None:
    Path("data").mkdir()
    Path("my.yaml").write_text("data: iris\n")
    result = sciopt("my.yaml", *TINY[2:], "--iterations", "1", "--data-dir", "data")
    assert result.exit_code == 0, result.output
    config = load_config(HyperoptConfig, path=drawn[0] / runs.CONFIG)
    assert (config.data.source, Path(config.data.data_dir or "").name) == ("iris", "data")


@pytest.fixture
def _ctrl_c_is_heard() -> Iterator[None]:
    """Jobs that a shell runs in the background, tests among them, begin with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c_is_heard")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_its_best_and_can_be_resumed(
    drawn: list[Path], monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    record = runs.Run.record

    def interrupt(run: runs.Run, iterate: Any) -> None:
        record(run, iterate)
        if iterate.index == 2:
            signal.raise_signal(number)

    with monkeypatch.context() as patch:
        patch.setattr(runs.Run, "record", interrupt)
        result = sciopt(*TINY, "--iterations", "5")
    assert result.exit_code == 0, result.output
    folder = the_run()
    assert status_of(folder) == ("interrupted", "interrupted after 2 iterations")
    assert runs.load_result(folder, HyperoptResult).iterations == 2
    resumed = sciopt("--resume", str(folder), "--quiet")
    assert (resumed.exit_code, resumed.stdout) == (0, f"{folder}\n")
    whole = sciopt(*TINY, "--iterations", "5", "--out", "whole", "--quiet")
    one, two = (
        runs.load_result(path, HyperoptResult) for path in (folder, Path(whole.stdout.strip()))
    )
    np.testing.assert_array_equal(one.loss_history, two.loss_history)
    np.testing.assert_array_equal(one.vector_final, two.vector_final)
    assert sciopt("--resume", str(folder)).exit_code == 2
    assert len(drawn) == 3


@pytest.mark.usefixtures("drawn")
def test_check_and_comparison_are_said_and_kept() -> None:
    result = sciopt(
        *TINY, "--iterations", "2", "--check-gradient", "--compare", "random",
        "--compare-seeds", "2", "--compare-runs", "9",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    check = runs.load_result(the_run(), GradientCheck, runs.GRADIENT_CHECK)
    assert "differs" not in check.verdicts
    assert "checkpointed" in result.stderr
    curves = runs.load_result(the_run(), SearchCurves, runs.COMPARISON)
    assert curves.best.shape == (3, 2, 9)


@pytest.mark.usefixtures("drawn")
def test_divergence_at_the_start_exits_with_1_and_says_where() -> None:
    result = sciopt(
        "--set", "data=diabetes", "--set", "model=linear", "--set", "training.steps=300",
        "--set", "hyperparameters.learning_rate={start: 900}",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "diverged at step " in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert status_of(the_run())[0] == "diverged"


CASES = [
    (["dgits"], "did you mean digits?"),
    (["digits", "--config", "digits"], "--config: CONFIG is given already"),
    (["--iterations", "0"], "--iterations: must be at least 1, got 0"),
    (["--method", "revers"], "--method: must be one of auto, reverse"),
    (["--method", "revers"], "got 'revers'; did you mean reverse?"),
    (["--set", "hyperparameters.learning_rate.per=laye"], "got 'laye'; did you mean layer?"),
    (["--set", "model=mpl"], "path/to/file.py:name; did you mean mlp?\n"),
    (["--set", "outr.iterations=3"], "--set outr.iterations: unknown key; did you mean outer?"),
    (["--set", "model.hidden=[3,x]"], "must be a list of whole numbers, got 'x'"),
    (["--set", "data=iriss"], "did you mean iris?"),
    (["--set", "training.batch=9999"], "training.batch: 9999 is more than"),
    (["--set", "outer={start: {randm: 3}}"], "outer.start.randm: unknown key; did you mean random"),
    (["--compare-seeds", "2"], "--compare-seeds: nothing is compared; add --compare random,tpe"),
    (["--compare-runs", "9"], "--compare-runs: nothing is compared; add --compare random,tpe"),
    (["--compare", "tpee"], "--compare: there is no search 'tpee'; did you mean tpe?"),
    (["--resume", "nowhere"], "--resume: nowhere is not the folder of a run"),
    (["--resume", "x", "--seed", "1"], "--resume: the run keeps its settings"),
    (["--method", "implicit"], "implicit"),
    (["bad.yaml"], "bad.yaml:3: hyperparameters.learning_rate.scale: must be one of linear, log"),
    (["bad.yaml"], "bad.yaml:4: hyperparameters.l2.stat: unknown key; did you mean start?"),
    (["bad.yaml"], "bad.yaml:5: hyperparameters.momentum: must be a number or a mapping with"),
]


@pytest.mark.parametrize(("arguments", "message"), CASES)
def test_bad_input_is_one_message_exit_code_2_and_nothing_written(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "bad.yaml").write_text(
        "hyperparameters:\n  learning_rate:\n    scale: lg\n  l2: {stat: 3}\n  momentum: x\n"
    )
    before = sorted(tmp_path.rglob("*"))
    result = sciopt(*(TINY if "bad.yaml" not in arguments and "--resume" not in arguments else []),
                    *arguments)  # fmt: skip
    assert result.exit_code == 2, result.output
    assert result.stderr.count("Error: ") == 1
    assert message in result.stderr
    assert result.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_the_digits_config_comes_with_sciopt_and_loads() -> None:
    config = load_config(HyperoptConfig, path=shipped_configs("hyperopt")["digits"])
    assert config.data.source == "digits"
    assert config.outer.iterations <= 60


@pytest.mark.usefixtures("drawn")
def test_what_the_method_says_of_its_gradients_is_printed() -> None:
    untrained = [
        *TINY[:-4], "--set", "hyperparameters.l2={start: 0.01}", "--method", "implicit",
        "--iterations", "1",
    ]  # fmt: skip
    assert "Note: implicit: training has not converged" in sciopt(*untrained).stderr
    answer = json.loads(sciopt(*untrained, "--json").stdout)
    assert answer["notices"][0].startswith("implicit: training has not converged")


@pytest.mark.usefixtures("drawn")
def test_the_time_of_the_comparison_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    ours = SimpleNamespace(perf_counter=lambda: clock[0])
    monkeypatch.setattr("sciopt.cli.hyperopt.time", ours)

    def slowed(function: Any, seconds: float) -> Any:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            clock[0] += seconds
            return function(*args, **kwargs)

        return wrapped

    monkeypatch.setattr(solve, "solve", slowed(solve.solve, 4.0))
    monkeypatch.setattr(search, "compare", slowed(search.compare, 900.0))
    result = sciopt(
        *TINY, "--iterations", "1", "--compare", "random", "--compare-seeds", "1",
        "--compare-runs", "2",
    )  # fmt: skip
    lines = [line.split(maxsplit=1) for line in result.stdout.splitlines()]
    assert ["evaluations", "2 in 4.0 s, 0.5/s"] in lines
    assert ["comparison", "15 min 0 s"] in lines


def test_ctrl_c_while_drawing_says_that_the_result_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(folder: Path) -> list[Path]:
        raise KeyboardInterrupt

    monkeypatch.setattr(plotting, "draw", interrupted)
    result = sciopt(*TINY, "--iterations", "1")
    assert result.exit_code == 0, result.output
    assert "drawing was interrupted; the result is safe" in result.stderr
    assert f"run folder    {the_run()}\n" in result.stdout
