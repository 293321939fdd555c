"""Reading YAML: what is refused, with the line, and how scalars are understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from sciopt.config.reading import MAX_BYTES, read_mapping, read_value
from sciopt.errors import ConfigError


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "settings.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        read_mapping(written(folder, content))
    return str(caught.value).replace(str(folder) + "/", "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E5", 1e5),
        (".5", 0.5),
        ("-2.", -2.0),
        ("0100", 100),
        ("1_000", 1000),
        ("0x10", 16),
        ("0o10", 8),
        ("+7", 7),
        (".inf", float("inf")),
        ("-.INF", -float("inf")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2001-01-01", "2001-01-01"),
        ("'10'", "10"),
        ("text:HELLO", "text:HELLO"),
        ("[64, 96]", [64, 96]),
        ("{maxcor: 20}", {"maxcor": 20}),
    ],
)
def test_scalars_are_read_as_yaml_1_2_means_them(text: str, value: object) -> None:
    read = read_value(text, "--set key")
    assert read == value
    assert type(read) is type(value)


def test_nan_is_read_as_a_number() -> None:
    value = read_value(".nan", "--set key")
    assert isinstance(value, float)
    assert value != value


def test_every_key_has_its_line_nested_ones_too(tmp_path: Path) -> None:
    document = read_mapping(written(tmp_path, "# first\nsteps: 3\n\nouter:\n  inner: 4\n"))
    assert document.values == {"steps": 3, "outer": {"inner": 4}}
    assert document.lines == {("steps",): 2, ("outer",): 4, ("outer", "inner"): 5}


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read_mapping(written(tmp_path, b"\xef\xbb\xbfsteps: 3")).values == {"steps": 3}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "settings.yaml: the file is empty"),
        ("# only a comment\n---\n", "settings.yaml: the file is empty"),
        ("- steps\n- 3\n", "settings.yaml: expected lines like `key: value`, but the file holds a"),
        ("steps", "but the file holds a single value"),
        ("size: 8\n\tsteps: 3", "settings.yaml:2: a tab"),
        ("steps:\t3", "settings.yaml:1: a tab"),
        ("steps: 3\nsize: 4\nsteps: 5", "settings.yaml:3: steps: given twice, first in line 1"),
        ("a: &x 1\nb: *x", "settings.yaml:2: alias *x is not allowed"),
        ("target: C: x", "settings.yaml:1: there is a second colon"),
        ("a: 1\nb: 'open", "settings.yaml:2: a quotation mark is not closed"),
        ("a: 1\n  b: 2\n c: 3", "settings.yaml:2: "),
        ("  a: 1\n b: 2", "settings.yaml:2: indented differently"),
        ("a: 1\n---\nb: 2", "settings.yaml:2: a second document"),
        ("a: !!python/object/apply:os.system [ls]", "!!python/object/apply:os.system is not"),
        ("a: !!timestamp 2001-01-01", "!!timestamp is not allowed"),
        ("a: !!int many", "settings.yaml:1: many cannot be read as a number"),
        ("a: " + "9" * 5000, "cannot be read as a number"),
        ("? [a]\n: 1", "settings.yaml:1: a key must be a word"),
        ("a: 1\nb: \x00", "settings.yaml:2: the character U+0000"),
        (b"a: \xff\xfe", "settings.yaml: not UTF-8 text (byte 4)"),
        ("a: " + "[" * 50, "settings.yaml:1: nested more than 20 levels"),
        ("a: " + "x" * MAX_BYTES, "settings.yaml: larger than 64 KB"),
    ],
)
def test_an_unreadable_file_is_refused_at_its_line(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    assert message in refusal(tmp_path, content)


def test_a_billion_laughs_is_refused_before_it_expands(tmp_path: Path) -> None:
    laughs = ['a0: &a0 ["lol"]']
    laughs += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    assert "settings.yaml:2: alias *a0 is not allowed" in refusal(tmp_path, "\n".join(laughs))


@pytest.mark.parametrize("unit", ["[", "{a: ", "? ", "- ", "a: 1\n", "!x ", "'", "&a "])
def test_the_largest_file_is_refused_and_does_not_hang(tmp_path: Path, unit: str) -> None:
    path = written(tmp_path, (unit * MAX_BYTES)[:MAX_BYTES])
    with pytest.raises(ConfigError):
        read_mapping(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ConfigError, match="cannot read this config"):
            read_mapping(path)


def test_a_problem_in_a_value_of_the_command_line_names_its_key() -> None:
    with pytest.raises(ConfigError, match=r"^--set size: "):
        read_value("[1", "--set size")
