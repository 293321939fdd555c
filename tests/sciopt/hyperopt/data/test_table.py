"""CSV: numbers and a named target, and messages that name file, line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sciopt.errors import DataError
from sciopt.hyperopt.data.table import load_csv


def write(folder: Path, text: str) -> Path:
    path = folder / "flowers.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_the_named_column_is_the_target_and_the_others_are_inputs(
    tmp_path: Path, delimiter: str, start: str
) -> None:
    text = start + "a,species,b\n1,rose,2.5\n\n-3e1, tulip ,4\n".replace(",", delimiter)
    source = load_csv(write(tmp_path, text), "species")
    assert source.name == "flowers"
    assert np.array_equal(source.inputs, [[1, 2.5], [-30, 4]])
    assert source.targets.tolist() == ["rose", "tulip"]


def test_numbers_as_targets_are_floats_and_a_usual_name_is_found(tmp_path: Path) -> None:
    source = load_csv(write(tmp_path, "a,Label\n1,2\n3,4.5\n"), None)
    assert source.targets.tolist() == [2.0, 4.5]


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("", "y", "the file is empty"),
        ("1,2\n3,4\n", "y", ":1: holds numbers only; the first line must name the columns"),
        ("a,b\n1,2\n", None, "name the target column in data.target; its columns are a, b"),
        ("a,price\n1,2\n", "prize", "there is no column prize; did you mean price?"),
        ("a,a,y\n1,2,3\n", "y", ":1: column 'a' is named twice"),
        ("y\n1\n", "y", "y is its only column"),
        ("a,b,y\n1,2,3\n4,5\n", "y", ":3: 2 values, but the first line names 3 columns"),
        ("a,b,y\n1,2,3\n4,red,6\n", "y", ":3: column b: 'red' is text, where a number"),
        ("a,b,y\n1,2,3\n\n4,,6\n", "y", ":4: column b: empty, where a number"),
        ("a,b,y\n1,nan,3\n", "y", ":2: column b: nan is no finite number"),
        ("a,b,y\n1,inf,3\n", "y", ":2: column b: inf is no finite number"),
        ("a,b,y\n1,2,\n", "y", ":2: column y: no target"),
        ("a,b,y\n1,2,3\n4,5,NaN\n", "y", "column y: the target of example 2 is NaN"),
        ('a,b,y\n1,2,"3\n', "y", ":2: unexpected end of data"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_line_and_column(
    tmp_path: Path, text: str, target: str | None, message: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(DataError) as raised:
        load_csv(path, target)
    assert message in str(raised.value)
    assert str(raised.value).startswith(str(path))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.csv"
    path.write_bytes(b"a,b\n\xff\xfe,1\n")
    with pytest.raises(DataError, match="not UTF-8 text"):
        load_csv(path, "b")
