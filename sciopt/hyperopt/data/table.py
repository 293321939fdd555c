"""CSV: a line of column names, then one example per line, one column of which is the target."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError, did_you_mean

from .source import Source

TARGETS = ("target", "targets", "y", "label", "labels", "class")


def load_csv(path: Path, target: str | None) -> Source:
    """The numbers of a CSV file: the named column as targets, all others as inputs.

    Columns are separated by commas, semicolons or tabs, whichever the first line has most of.

    Args:
        target: name of the target column, numbers or text; None takes one of `TARGETS`.
    Raises: DataError that names file, line and column of what cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            return _load(path, csv.reader(file, delimiter=delimiter, strict=True), target)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text; save the table as CSV in UTF-8") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error


def _load(path: Path, reader: Iterator[list[str]], target: str | None) -> Source:
    rows = _rows(path, reader)
    header = next(rows, None)
    if header is None:
        raise DataError(f"{path}: the file is empty; a line of column names is expected")
    columns = [name.strip() for name in header[1]]
    place = _target_column(path, columns, target)
    numbers, targets = array("d"), []
    for line, cells in rows:
        if len(cells) != len(columns):
            raise DataError(
                f"{path}:{line}: {len(cells)} values, but the first line names "
                f"{len(columns)} columns"
            )
        target = cells.pop(place).strip()
        if not target:
            raise DataError(f"{path}:{line}: column {columns[place]}: no target; drop the line")
        targets.append(target)
        try:
            row = [float(text) for text in cells]
        except ValueError:
            row = [math.nan]
        if not all(map(math.isfinite, row)):
            raise DataError(f"{path}:{line}: {_problem(cells, columns, place)}")
        numbers.extend(row)
    inputs = np.frombuffer(numbers, dtype=np.float64) if numbers else np.empty(0)
    return Source(
        path.stem,
        str(path),
        inputs.reshape(len(targets), len(columns) - 1),
        _as_numbers(path, columns[place], targets),
    )


def _rows(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of each line that is not blank."""
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells  # type: ignore[attr-defined]
    except csv.Error as error:
        raise DataError(f"{path}:{reader.line_num}: {error}") from error  # type: ignore[attr-defined]


def _target_column(path: Path, columns: list[str], target: str | None) -> int:
    if all(_is_number(name) for name in columns):
        raise DataError(
            f"{path}:1: holds numbers only; the first line must name the columns, for example "
            "height,weight,species"
        )
    twice = {name for name in columns if columns.count(name) > 1}
    if twice:
        raise DataError(f"{path}:1: column {min(twice)!r} is named twice; rename one of them")
    usual = [name for name in columns if name.lower() in TARGETS]
    if target is None and len(usual) != 1:
        raise DataError(
            f"{path}: name the target column in data.target; its columns are {_list(columns)}"
        )
    name = usual[0] if target is None else target
    if name not in columns:
        hint = did_you_mean(name, columns) or f"; its columns are {_list(columns)}"
        raise DataError(f"{path}: data.target: there is no column {name}{hint}")
    if len(columns) == 1:
        raise DataError(f"{path}: {name} is its only column; there are no inputs")
    return columns.index(name)


def _problem(cells: list[str], columns: list[str], place: int) -> str:
    """What is wrong with the first of the `cells`, all but the target, that is no number."""
    names = columns[:place] + columns[place + 1 :]
    name, text = next(
        (name, text.strip())
        for name, text in zip(names, cells)
        if not (_is_number(text) and math.isfinite(float(text)))
    )
    if not text:
        return f"column {name}: empty, where a number is expected; fill it in, or drop the line"
    if _is_number(text):
        return f"column {name}: {text} is no finite number; fill it in, or drop the line"
    return (
        f"column {name}: {text[:40]!r} is text, where a number is expected; drop the line or the "
        "column"
    )


def _as_numbers(path: Path, name: str, targets: list[str]) -> NDArray[Any]:
    """Targets as floats, if each of them is one; else as they are: names of classes."""
    if not all(map(_is_number, targets)):
        return np.array(targets)
    numbers = np.array([float(text) for text in targets])
    if not np.isfinite(numbers).all():
        bad = int(np.flatnonzero(~np.isfinite(numbers))[0])
        raise DataError(
            f"{path}: column {name}: the target of example {bad + 1} is {targets[bad]}, no finite "
            "number; drop the line or fill it in"
        )
    return numbers


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _list(columns: list[str]) -> str:
    shown = columns[:12]
    return ", ".join(shown) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
