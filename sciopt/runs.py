"""The run folder: where a run keeps what it was asked, how it went, and what came out.

    runs/fluid-20250131-142501-smile/
        config.yaml       every setting, rerunnable as --config from anywhere
        provenance.json   versions, machine, command, times, status, message
        metrics.csv       one line per iterate
        checkpoint.npz    the best point so far; gone once the result is safe
        result.npz        the result: arrays and scalars
        journal.bin       what was computed, for `resume_run`; gone once the run is finished

This is the only module that knows these names. A file is whole or absent, a folder is never one
that an earlier run has written, and any frozen dataclass of arrays and scalars is a result.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sciopt.config import Config, commented_yaml
from sciopt.errors import RunFolderError
from sciopt.journal import Journal
from sciopt.provenance import now, provenance

if TYPE_CHECKING:
    from sciopt.optimize import Iterate

CONFIG, PROVENANCE, METRICS = "config.yaml", "provenance.json", "metrics.csv"
CHECKPOINT, RESULT, JOURNAL = "checkpoint.npz", "result.npz", "journal.bin"
COMPARISON, GRADIENT_CHECK = "comparison.npz", "gradient_check.npz"
LOSS_PLOT, RESULT_PLOT, CURVES_PLOT = "loss.png", "result.png", "learning-curves.png"
VALUES_PLOT, SCHEDULES_PLOT = "hyperparameters.png", "schedules.png"
INPUTS_PLOT, WEIGHTS_PLOT = "learned-inputs.png", "weight-maps{}.png"
EXAMPLES_PLOT, COMPARISON_PLOT = "example-weights.png", "comparison.png"
SCAN_PLOT, CHECKED_PLOT = "learning-rate-scan.png", "checked-gradient.png"
ANIMATION, MOVIE = "animation.gif", "animation.mp4"
KEYFRAMES_PLOT, LIVE_PLOT = "keyframes.png", "live.png"
FRAMES_FOLDER, FRAMES = "frames", "frames.npz"

_COLUMNS = ("index", "evaluations", "loss", "grad_norm", "seconds")
_LONGEST_SLUG = 32

AnyResult = TypeVar("AnyResult")


class Run:
    """A run folder being written; as a context manager it never ends with status "running".

    Leaving the block by an exception marks the folder as failed, or as interrupted by Ctrl-C;
    otherwise `finish` has set the status.
    """

    def __init__(self, folder: Path, record: dict[str, Any]) -> None:
        self.folder = folder
        self._provenance = record
        self._best_loss = float("inf")
        self._metrics = (folder / METRICS).open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._metrics, lineterminator="\n")
        self._write_row(_COLUMNS)
        self._write_status("running", "")

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and self._provenance["status"] == "running":
            stopped = issubclass(kind, KeyboardInterrupt)
            # The error itself tells of a full disk; failing to note it must not hide that.
            with suppress(RunFolderError):
                self.finish("interrupted" if stopped else "failed", str(error) or kind.__name__)
        with suppress(OSError):
            self._metrics.close()

    def record(self, iterate: Iterate) -> None:
        """Append a line to the metrics and keep the point if it is the best so far.

        Both are on their way to the disk when this returns: a crash loses the iteration under way.
        """
        row = [getattr(iterate, name) for name in _COLUMNS]
        with _disk_errors(self.folder):
            self._write_row(row)
            if iterate.loss < self._best_loss:
                self._best_loss = iterate.loss
                # Without fsync, which would cost more than a small problem's evaluation.
                with replacing(self.folder / CHECKPOINT, durable=False) as partial:
                    _write_arrays(partial, {"x": iterate.x, "index": iterate.index})

    def finish(self, status: str, message: str) -> None:
        """Set the final status, such as "finished" or "diverged", with what to say about it.

        A run that is interrupted keeps its journal, with which it can be continued.
        """
        with _disk_errors(self.folder):
            self._write_status(status, message)
            if status != "interrupted":
                (self.folder / JOURNAL).unlink(missing_ok=True)

    def begin_level(self) -> None:
        """What is recorded from now on has losses of another kind: the best so far is none."""
        self._best_loss = float("inf")

    def journal(self) -> Journal:
        """What was computed before, and where to put what will be: half of what the disk has left.

        What comes later is computed again by a run that is continued.
        """
        path = self.folder / JOURNAL
        with _disk_errors(self.folder):
            kept = path.stat().st_size if path.exists() else 0
            return Journal(path, kept + shutil.disk_usage(self.folder).free // 2)

    def _write_row(self, row: Any) -> None:
        self._rows.writerow(row)
        self._metrics.flush()

    def _write_status(self, status: str, message: str) -> None:
        ended = None if status == "running" else now()
        self._provenance.update(status=status, message=message, ended=ended)
        with replacing(self.folder / PROVENANCE) as partial:
            text = json.dumps(self._provenance, indent=2, ensure_ascii=True)
            partial.write_text(text + "\n", encoding="utf-8")


def new_run(out: Path, kind: str, slug: str, config: Config) -> Run:
    """Make `out/<kind>-<time>-<slug>/`, marked as running, with its config and provenance.

    The folder is new even if another run starts in the same second; the name then ends in a
    number. `slug` may be any text; it is cut down to letters, digits and dashes.
    Raises: RunFolderError if the folder or its files cannot be written; nothing is left behind.
    """
    name = f"{kind}-{datetime.now():%Y%m%d-%H%M%S}-{_slug(slug)}"
    with _disk_errors(out):
        if out.exists() and not out.is_dir():
            raise RunFolderError(f"--out: {out} is a file; name a folder")
        out.mkdir(parents=True, exist_ok=True)
        folder = _exclusive_folder(out, name)
        try:
            with replacing(folder / CONFIG) as partial:
                partial.write_text(commented_yaml(config), encoding="utf-8")
            return Run(folder, provenance(config.model_dump()))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def resume_run(folder: Path) -> Run:
    """Open the folder of a run that was interrupted, by Ctrl-C or a crash, to continue it.

    Its metrics are written anew as the search is replayed.
    Raises: RunFolderError if it is no run folder, or there is nothing to continue.
    """
    try:
        record = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunFolderError(
            f"--resume: {folder} is not the folder of a run: no readable {PROVENANCE} in it"
        ) from error
    if not (folder / JOURNAL).exists():
        state = record.get("status")
        raise RunFolderError(f"--resume: {folder} is {state}; there is nothing to continue")
    record.setdefault("resumed", []).append(now())
    with _disk_errors(folder):
        return Run(folder, record)


def save_result(folder: Path, result: object, name: str = RESULT) -> None:
    """Write a frozen dataclass of arrays and scalars to a file of the folder.

    After the result itself, the checkpoint is no longer needed.

    Equal results give equal bytes. Raises: RunFolderError if it cannot be written, TypeError if
    a field is neither an array, a number nor text.
    """
    arrays = {field.name: getattr(result, field.name) for field in fields(result)}  # type: ignore[arg-type]
    with _disk_errors(folder):
        with replacing(folder / name) as partial:
            _write_arrays(partial, arrays)
        if name == RESULT:
            (folder / CHECKPOINT).unlink(missing_ok=True)


def load_result(folder: Path, result_class: type[AnyResult], file_name: str = RESULT) -> AnyResult:
    """Read back the result that `save_result` wrote, scalars as Python's own.

    Raises: RunFolderError if there is none, it is damaged, or it is of another kind.
    """
    path = Path(folder) / file_name
    names = [field.name for field in fields(result_class)]  # type: ignore[arg-type]
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            missing = [name for name in names if name not in stored]
            if missing:
                raise RunFolderError(
                    f"{path}: no {', '.join(missing)} in it; was it written by another command?"
                )
            values = {name: stored[name] for name in names}
    except FileNotFoundError as error:
        raise RunFolderError(
            f"{folder}: there is no {file_name}; the run did not finish"
        ) from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise RunFolderError(f"{path}: damaged or not a result ({error})") from error
    return result_class(**{name: a.item() if a.ndim == 0 else a for name, a in values.items()})


@contextmanager
def replacing(path: Path, durable: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which takes that name only if the block succeeds.

    With `durable` the content has reached the disk before the name does, so that not even a power
    failure leaves a part under the right name.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        if durable:
            with partial.open("rb") as file:
                os.fsync(file.fileno())
        partial.replace(path)  # atomic within one file system
    finally:
        partial.unlink(missing_ok=True)


def _write_arrays(path: Path, values: dict[str, Any]) -> None:
    arrays: dict[str, Any] = {name: np.asarray(value) for name, value in values.items()}
    objects = [name for name, array in arrays.items() if array.dtype.hasobject]
    if objects:
        raise TypeError(f"{', '.join(objects)}: only arrays, numbers and text can be saved")
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _exclusive_folder(out: Path, name: str) -> Path:
    attempt = 1
    while True:
        folder = out / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            folder.mkdir()  # fails if it exists: of two runs that race, one gets the name
        except FileExistsError:
            attempt += 1
        else:
            return folder


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "run"


@contextmanager
def _disk_errors(place: Path) -> Iterator[None]:
    """Say what the system says about a file that cannot be written, and what to do."""
    try:
        yield
    except OSError as error:
        where = error.filename or place
        reason = error.strerror or str(error)
        raise RunFolderError(
            f"cannot write {where}: {reason}; choose another folder with --out"
        ) from error
