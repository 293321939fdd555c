"""IDX files: what comes out, and one clear message for each way to be broken."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sciopt.errors import DataError
from sciopt.hyperopt.data.idx import read_idx

Idx = Callable[[np.ndarray], bytes]
IMAGES = np.arange(24).reshape(2, 4, 3)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_array_comes_back_plain_or_compressed_whatever_its_name(
    tmp_path: Path, as_idx: Idx, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "x").write_bytes(pack(as_idx(IMAGES)))
    array = read_idx(tmp_path / "x", dimensions=3)
    assert array.dtype == np.uint8
    assert np.array_equal(array, IMAGES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: b"", "the file is empty"),
        (lambda content: b"\x89PNG\r\n" + content, r"not an IDX file; it begins with .* 89 50 4e"),
        (lambda content: b"\0\0\x0d" + content[3:], "type 0x0d; only unsigned bytes"),
        (lambda content: content[:10], "truncated within its header"),
        (lambda content: content[:-5], "promises 2 x 4 x 3 = 24 bytes, but 19 follow"),
        (lambda content: content + b"x", "more bytes follow than the 2 x 4 x 3 = 24"),
        (lambda content: content[:4] + b"\xff" * 12 + content[16:], "truncated"),
        (lambda content: gzip.compress(content)[:-12], "gzip file is truncated or damaged"),
        (lambda content: gzip.compress(content)[:5], "gzip file is truncated or damaged"),
        (lambda content: gzip.compress(content[:-5]), "but 19 follow"),
        (lambda content: gzip.compress(content + b"x"), "more bytes follow"),
        (lambda content: b"\x1f\x8bno gzip at all", "gzip file is truncated or damaged"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(
    tmp_path: Path, as_idx: Idx, change: Callable[[bytes], bytes], message: str
) -> None:
    path = tmp_path / "broken-idx3-ubyte"
    path.write_bytes(change(as_idx(IMAGES)))
    with pytest.raises(DataError, match=message) as raised:
        read_idx(path)
    assert str(raised.value).startswith(str(path))


def test_labels_where_images_are_expected_are_refused(tmp_path: Path, as_idx: Idx) -> None:
    (tmp_path / "labels").write_bytes(as_idx(np.arange(5)))
    with pytest.raises(DataError, match=r"holds labels .* where images .* swapped"):
        read_idx(tmp_path / "labels", dimensions=3)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path / "none")


@given(content=st.binary(max_size=60), packed=st.booleans())
def test_any_bytes_give_an_array_or_a_data_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, packed: bool
) -> None:
    path = tmp_path_factory.mktemp("idx") / "any"
    content = b"\0\0\x08" + content
    path.write_bytes(gzip.compress(content) if packed else content)
    try:
        array = read_idx(path)
    except DataError:
        return
    assert array.size + 4 + 4 * array.ndim == len(content)
