"""Download MNIST, check it, and keep what is right already."""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sciopt.errors import DataError

from .mnist import ENVIRONMENT, FILES, idx_file

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)

SHA256 = dict(
    zip(
        FILES,
        (
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    )
)
"""Of the uncompressed files: mirrors compress them differently."""

_BLOCK = 1 << 20

Report = Callable[[str], None]


def fetch_mnist(data_dir: str | None, report: Report, mirrors: Sequence[str] = MIRRORS) -> Path:
    """Bring MNIST's four files into a folder; what is there and right is kept.

    Args:
        data_dir: the folder; None takes mnist in $SCIOPT_DATA or in the user's cache.
        report: called with a line about each file.
        mirrors: addresses to try in turn, ending in a slash; each has the files with .gz.
    Returns: the folder.
    Raises: DataError if a file cannot be fetched from any mirror, or is not MNIST's.
    """
    folder = destination(data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"--data-dir: cannot make the folder {folder} ({error.strerror})"
        ) from error
    for name in FILES:
        present = idx_file(folder, name)
        if present is not None and _sha256(present) == SHA256[name]:
            report(f"{present}: there, and right")
            continue
        report(f"{name}.gz: fetching ...")
        path = _fetch(name, folder, mirrors)
        if present is not None and present != path:
            present.unlink()  # or the wrong file would be read before the right one
        report(f"{path}: fetched and checked, {path.stat().st_size / 1e3:.0f} kB")
    return folder


def destination(data_dir: str | None) -> Path:
    """The folder that `fetch_mnist` fills."""
    import pooch

    if data_dir is not None:
        return Path(data_dir).expanduser()
    return Path(os.environ.get(ENVIRONMENT) or pooch.os_cache("sciopt")).expanduser() / "mnist"


def _fetch(name: str, folder: Path, mirrors: Sequence[str]) -> Path:
    """Fetch one file beside its place, and move it there only if it is right."""
    import pooch

    pooch.get_logger().setLevel(logging.WARNING)
    failures = []
    path = folder / f"{name}.gz"
    for mirror in mirrors:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
            try:
                fetched = Path(
                    pooch.retrieve(f"{mirror}{name}.gz", None, fname=path.name, path=scratch)
                )
            # requests' errors are OSErrors; pooch and urllib3 raise ValueErrors for bad addresses.
            except (OSError, ValueError) as error:
                failures.append(f"{mirror}: {_reason(error)}")
                continue
            if _sha256(fetched) == SHA256[name]:
                # A copy, since the download is readable by its owner only.
                shutil.copyfile(fetched, checked := Path(scratch) / name)
                checked.replace(path)
                return path
            failures.append(f"{mirror}: what it sent has the wrong checksum")
    raise DataError(
        f"{name}.gz could not be fetched ({'; '.join(failures)}); try again later, or copy MNIST's "
        f"four files into {folder}"
    )


def _reason(error: Exception) -> str:
    # requests' text for an address that cannot be reached is a paragraph.
    unreachable = type(error).__name__ in ("ConnectionError", "ConnectTimeout", "ReadTimeout")
    return "cannot be reached" if unreachable else str(error)[:120]


def _sha256(path: Path) -> str | None:
    """SHA-256 of a file's content, decompressed if it is gzip; None if it is damaged."""
    digest = hashlib.sha256()
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except (OSError, EOFError, zlib.error):
        return None
    return digest.hexdigest()
