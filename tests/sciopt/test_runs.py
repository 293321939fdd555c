"""The run folder: never over another, whole or absent, and read back as it was written."""

from __future__ import annotations

import csv
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from sciopt import runs
from sciopt.config import Config, load_config
from sciopt.errors import RunFolderError
from sciopt.optimize import Iterate


class Settings(Config):
    steps: int = 3
    seed: int = 7


@dataclass(frozen=True)
class Result:
    field: NDArray[Any]
    frames: NDArray[Any]
    loss: float
    evaluations: int
    message: str
    good: bool
    status: Literal["finished", "interrupted"]


RESULT = Result(
    field=np.linspace(0, 1, 6, dtype=np.float32).reshape(2, 3),
    frames=np.arange(8, dtype=np.uint8).reshape(2, 2, 2),
    loss=0.1 + 0.2,
    evaluations=97,
    message="Größe 😀",
    good=True,
    status="finished",
)


def iterate(index: int, loss: float) -> Iterate:
    return Iterate(index, index + 1, loss, 0.5, 0.25 * index, np.full((2, 2), float(index)))


def new_run(out: Path, slug: str = "smile") -> runs.Run:
    return runs.new_run(out, "fluid", slug, Settings())


def record_of(run: runs.Run) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((run.folder / runs.PROVENANCE).read_text())
    return record


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_is_named_by_kind_time_and_slug_and_says_it_is_running(tmp_path: Path) -> None:
    with new_run(tmp_path / "a" / "b") as run:
        assert re.fullmatch(r"fluid-\d{8}-\d{6}-smile", run.folder.name)
        assert names(run.folder) == ["config.yaml", "metrics.csv", "provenance.json"]
        assert record_of(run)["status"] == "running"
        run.finish("finished", "all good")
    record = record_of(run)
    assert (record["status"], record["message"]) == ("finished", "all good")
    assert record["ended"] >= record["started"]


def test_the_config_in_the_folder_is_rerunnable(tmp_path: Path) -> None:
    with new_run(tmp_path) as run:
        assert load_config(Settings, path=run.folder / runs.CONFIG) == Settings()


@pytest.mark.parametrize(
    ("slug", "kept"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Schöne Grüße.png", "schone-grue-png"),
        ("", "run"),
        ("日本", "run"),
        ("a" * 300, "a" * 32),
        ("a\0b\nc", "a-b-c"),
    ],
)
def test_any_text_makes_a_harmless_slug(tmp_path: Path, slug: str, kept: str) -> None:
    with new_run(tmp_path, slug) as run:
        assert run.folder.parent == tmp_path
        assert run.folder.name.split("-", 3)[3] == kept


def test_runs_that_start_at_once_never_share_a_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        started = list(pool.map(lambda _: new_run(tmp_path), range(24)))
    for run in started:
        run.__exit__(None, None, None)
    assert len({run.folder for run in started}) == 24
    assert len(names(tmp_path)) == 24


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (ValueError("bad luck"), "failed", "bad luck"),
        (KeyboardInterrupt(), "interrupted", "KeyboardInterrupt"),
    ],
)
def test_a_run_that_is_left_by_an_exception_is_marked(
    tmp_path: Path, error: BaseException, status: str, message: str
) -> None:
    run = new_run(tmp_path)
    with pytest.raises(type(error)), run:
        raise error
    assert (record_of(run)["status"], record_of(run)["message"]) == (status, message)


def test_an_exception_after_the_end_does_not_change_the_status(tmp_path: Path) -> None:
    run = new_run(tmp_path)
    run.finish("finished", "all good")
    with pytest.raises(ValueError, match="drawing"), run:
        raise ValueError("drawing")
    assert record_of(run)["status"] == "finished"


def test_metrics_are_on_disk_after_each_iterate(tmp_path: Path) -> None:
    with new_run(tmp_path) as run:
        for index, loss in enumerate([1.0, 0.1 + 0.2]):
            run.record(iterate(index, loss))
            rows = list(csv.DictReader((run.folder / runs.METRICS).read_text().splitlines()))
            assert len(rows) == index + 1
            assert float(rows[-1]["loss"]) == loss
    assert list(rows[0]) == ["index", "evaluations", "loss", "grad_norm", "seconds"]


def test_the_checkpoint_is_the_best_point_and_goes_when_the_result_is_safe(tmp_path: Path) -> None:
    with new_run(tmp_path) as run:
        for index, loss in enumerate([1.0, 0.5, 0.7]):
            run.record(iterate(index, loss))
        with np.load(run.folder / runs.CHECKPOINT) as checkpoint:
            assert int(checkpoint["index"]) == 1
            np.testing.assert_array_equal(checkpoint["x"], np.full((2, 2), 1.0))
        runs.save_result(run.folder, RESULT)
        run.finish("finished", "")
    assert names(run.folder) == ["config.yaml", "metrics.csv", "provenance.json", "result.npz"]


def test_the_journal_takes_half_of_what_the_disk_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10_000, 8000, 2000)  # type: ignore[attr-defined]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with new_run(tmp_path) as run:
        for most in (1000, 2000):  # a run that is continued has what it kept besides
            with run.journal() as journal:
                for question in range(9):
                    journal(np.array([question]), lambda: {"gradient": np.zeros(20)})
            assert most / 2 < (run.folder / runs.JOURNAL).stat().st_size <= most


def test_a_result_is_read_back_as_it_was(tmp_path: Path) -> None:
    runs.save_result(tmp_path, RESULT)
    back = runs.load_result(tmp_path, Result)
    for name in ("loss", "evaluations", "message", "good", "status"):
        assert getattr(back, name) == getattr(RESULT, name)
        assert type(getattr(back, name)) is type(getattr(RESULT, name))
    for name in ("field", "frames"):
        np.testing.assert_array_equal(getattr(back, name), getattr(RESULT, name), strict=True)


def test_equal_results_give_equal_bytes(tmp_path: Path) -> None:
    contents = []
    for _ in range(2):
        runs.save_result(tmp_path, RESULT)
        contents.append((tmp_path / runs.RESULT).read_bytes())
    assert contents[0] == contents[1]


def test_objects_are_not_saved(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Wrong:
        thing: object

    with pytest.raises(TypeError, match="thing: only arrays"):
        runs.save_result(tmp_path, Wrong({"a": 1}))
    assert names(tmp_path) == []


def test_a_pickle_inside_a_result_is_never_run(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return (pytest.fail, ("a pickle was run",))

    arrays: dict[str, Any] = dict.fromkeys(Result.__dataclass_fields__, 0)
    np.savez(tmp_path / runs.RESULT, **{**arrays, "field": np.array(Bomb(), dtype=object)})
    with pytest.raises(RunFolderError, match="damaged or not a result"):
        runs.load_result(tmp_path, Result)


def test_a_folder_without_a_result_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"there is no result\.npz; the run did not finish"):
        runs.load_result(tmp_path, Result)


@pytest.mark.parametrize("keep", [0, 10, 200, -1, -40])
def test_a_damaged_result_is_refused(tmp_path: Path, keep: int) -> None:
    runs.save_result(tmp_path, RESULT)
    path = tmp_path / runs.RESULT
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(RunFolderError, match="damaged or not a result"):
        runs.load_result(tmp_path, Result)


def test_a_flipped_bit_in_a_result_is_noticed(tmp_path: Path) -> None:
    runs.save_result(tmp_path, RESULT)
    path = tmp_path / runs.RESULT
    content = bytearray(path.read_bytes())
    content[content.index(RESULT.field.tobytes())] ^= 1
    path.write_bytes(content)
    with pytest.raises(RunFolderError, match="damaged or not a result"):
        runs.load_result(tmp_path, Result)


def test_the_result_of_another_kind_is_refused(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Other:
        accuracy: float

    runs.save_result(tmp_path, RESULT)
    with pytest.raises(RunFolderError, match="no accuracy in it"):
        runs.load_result(tmp_path, Other)


def test_a_file_in_the_way_of_out_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunFolderError, match="file is a file; name a folder"):
        new_run(tmp_path / "file")
    with pytest.raises(RunFolderError, match=r"cannot write .*; choose another folder"):
        new_run(tmp_path / "file" / "below")
    assert names(tmp_path) == ["file"]


def full_disk(*arguments: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_at_the_start_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(RunFolderError, match="No space left on device"):
        new_run(tmp_path)
    assert names(tmp_path) == []


def test_a_full_disk_at_the_end_keeps_the_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_run(tmp_path) as run:
        run.record(iterate(0, 1.0))
        monkeypatch.setattr(np, "savez", full_disk)
        with pytest.raises(RunFolderError, match="No space left on device"):
            runs.save_result(run.folder, RESULT)
    assert "checkpoint.npz" in names(run.folder)
    assert not [name for name in names(run.folder) if "partial" in name or "result" in name]


def test_a_full_disk_is_reported_although_it_cannot_be_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path)
    monkeypatch.setattr(np, "savez", full_disk)
    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(RunFolderError, match="No space left on device"), run:
        run.record(iterate(0, 1.0))


def test_replacing_keeps_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def interrupted_writing() -> None:
        with runs.replacing(path) as partial:
            partial.write_text("ha")
            assert path.read_text() == "old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_writing()
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.txt"])
    with runs.replacing(path) as partial:
        partial.write_text("new")
    assert (path.read_text(), names(tmp_path)) == ("new", ["a.txt"])
