"""Answers of a slow, deterministic function, kept on disk in the order they were asked for.

A search that is run again with its journal asks the same questions, gets the old answers at once,
and goes on where it was cut off, bit for bit, whatever state it keeps besides.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.errors import RunFolderError

Answer = dict[str, NDArray[Any]]
_DIGEST = 16
_LENGTH = 8


class Journal:
    """Records in one file: the digest of a question, the length of the answer, the answer.

    Old answers come first; after the last whole one, new ones are computed and appended. A record
    that a crash has cut off is dropped. A context manager that closes the file.
    """

    def __init__(self, path: Path, most_bytes: float = float("inf")) -> None:
        """Open or make the file; it grows to `most_bytes`, and what comes later is not kept.

        Raises: OSError if the file cannot be opened.
        """
        self._path, self._most = path, most_bytes
        path.touch()
        self._file = path.open("r+b")
        self._is_replaying = True
        self.replayed = 0

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __call__(self, question: NDArray[Any], compute: Callable[[], Answer]) -> Answer:
        """The next answer, which must be to this question if it is an old one.

        Raises: RunFolderError if it is not, or if a new one cannot be written.
        """
        digest = hashlib.blake2b(np.ascontiguousarray(question).tobytes(), digest_size=_DIGEST)
        if self._is_replaying:
            start = self._file.tell()
            answer = self._next(digest.digest())
            if answer is not None:
                self.replayed += 1
                return answer
            self._file.seek(start)
            self._file.truncate()
            self._is_replaying = False
        answer = compute()
        packed = io.BytesIO()
        # savez wants any names, also those of its own arguments, which ours never are
        np.savez(packed, **answer)  # type: ignore[arg-type]
        content = packed.getvalue()
        record = digest.digest() + len(content).to_bytes(_LENGTH, "little") + content
        if self._file.tell() + len(record) > self._most:
            self._most = 0  # a later, shorter record would leave a gap
            return answer
        try:
            self._file.write(record)
            self._file.flush()
        except OSError as error:
            raise RunFolderError(f"cannot write {self._path}: {error.strerror}") from error
        return answer

    def _next(self, digest: bytes) -> Answer | None:
        """The answer of the next record; None if there is no whole one left."""
        head = self._file.read(_DIGEST + _LENGTH)
        if len(head) < _DIGEST + _LENGTH:
            return None
        content = self._file.read(int.from_bytes(head[_DIGEST:], "little"))
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                answer = {name: stored[name] for name in stored}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
            return None
        if head[:_DIGEST] != digest:
            raise RunFolderError(
                f"{self._path}: the run cannot be continued: this search went another way than"
                " the one before; was it started by another version, or on another machine?"
            )
        return answer
