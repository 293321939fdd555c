"""IDX, the format that MNIST is distributed in, plain or compressed by gzip.

A file is two zero bytes, the type of its numbers (8: unsigned bytes), the number of dimensions,
each dimension as a big-endian 32-bit number, and the numbers in row-major order. Source: LeCun,
Cortes, Burges, The MNIST database.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import DataError

_UNSIGNED_BYTES = 8
_MOST_DIMENSIONS = 4
_GZIP = b"\x1f\x8b"
_LARGEST_RATIO = 1032  # of deflate: 258 bytes from two bits
_AGAIN = "fetch or copy it again"


def read_idx(path: Path, dimensions: int | None = None) -> NDArray[np.uint8]:
    """The array in an IDX file of unsigned bytes, in the shape that its header gives.

    Args:
        dimensions: how many the file must have: 3 for images, 1 for labels.
    Raises: DataError if the file cannot be read, is no IDX, or is longer or shorter than it says.
    """
    try:
        stored = path.stat().st_size
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            if not packed:
                return _read(raw, path, stored, dimensions)
            with gzip.GzipFile(fileobj=raw) as file:
                return _read(file, path, stored * _LARGEST_RATIO, dimensions)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = "it ends too early" if isinstance(error, EOFError) else str(error)
        raise DataError(
            f"{path}: the gzip file is truncated or damaged ({reason}); {_AGAIN}"
        ) from (error)
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error


def _read(
    file: IO[bytes] | gzip.GzipFile, path: Path, capacity: int, dimensions: int | None
) -> NDArray[np.uint8]:
    shape = _shape(file, path, dimensions)
    size = math.prod(shape)
    # Before memory is asked for: a damaged header may promise anything.
    read = 0
    if size <= capacity:
        array = np.empty(size, dtype=np.uint8)
        view = array.data
        while read < size and (more := file.readinto(view[read:])):  # type: ignore[union-attr]
            read += more
    else:
        while more := len(file.read(1 << 20)):
            read += more
    if read < size:
        raise DataError(
            f"{path}: truncated; its header promises {' x '.join(map(str, shape))} = {size} bytes, "
            f"but {read} follow; {_AGAIN}"
        )
    if file.read(1):
        raise DataError(
            f"{path}: more bytes follow than the {' x '.join(map(str, shape))} = {size} that its "
            f"header promises; {_AGAIN}"
        )
    return array.reshape(shape)


def _shape(file: IO[bytes] | gzip.GzipFile, path: Path, dimensions: int | None) -> tuple[int, ...]:
    magic = file.read(4)
    if not magic:
        raise DataError(f"{path}: the file is empty; {_AGAIN}")
    if len(magic) < 4 or magic[:2] != b"\0\0" or not 1 <= magic[3] <= _MOST_DIMENSIONS:
        raise DataError(
            f"{path}: not an IDX file; it begins with the bytes {magic.hex(' ')}, where 00 00 08 "
            f"{3 if dimensions is None else dimensions:02d} is expected"
        )
    if magic[2] != _UNSIGNED_BYTES:
        raise DataError(
            f"{path}: an IDX file of type {magic[2]:#04x}; only unsigned bytes, 0x08, are read"
        )
    if dimensions is not None and magic[3] != dimensions:
        kinds = {1: "labels", 3: "images"}
        found, wanted = (kinds.get(n, "an array") for n in (magic[3], dimensions))
        raise DataError(
            f"{path}: holds {found} ({magic[3]} dimensions), where {wanted} ({dimensions}) are "
            "expected; have files been swapped?"
        )
    header = file.read(4 * magic[3])
    if len(header) < 4 * magic[3]:
        raise DataError(f"{path}: truncated within its header; {_AGAIN}")
    return tuple(int(side) for side in np.frombuffer(header, dtype=">u4"))
