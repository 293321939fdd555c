"""Fetching from a server on this machine: checked, kept if right, never half a file."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sciopt.errors import DataError
from sciopt.hyperopt.data import fetch
from sciopt.hyperopt.data.fetch import fetch_mnist
from sciopt.hyperopt.data.mnist import FILES, idx_file


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def mirror(
    tmp_path: Path, make_mnist: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Path]]:
    """(address, folder) of a server with small files, whose checksums are the known ones."""
    served = tmp_path / "served"
    make_mnist(served, packed=True)
    for name in FILES:
        content = gzip.decompress((served / f"{name}.gz").read_bytes())
        monkeypatch.setitem(fetch.SHA256, name, hashlib.sha256(content).hexdigest())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", served
    server.shutdown()
    thread.join()
    server.server_close()


def test_four_files_arrive_and_are_kept_the_second_time(
    tmp_path: Path, mirror: tuple[str, Path]
) -> None:
    address, served = mirror
    lines: list[str] = []
    folder = fetch_mnist(str(tmp_path / "a" / "b"), lines.append, [address])
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{n}.gz" for n in FILES)
    assert sum("fetched and checked" in line for line in lines) == 4
    for path in served.iterdir():
        path.unlink()
    lines.clear()
    fetch_mnist(str(folder), lines.append, [address])
    assert [line.endswith("there, and right") for line in lines] == [True] * 4


def test_a_wrong_file_is_replaced(tmp_path: Path, mirror: tuple[str, Path]) -> None:
    (tmp_path / FILES[0]).write_bytes(b"half a file")
    fetch_mnist(str(tmp_path), lambda line: None, [mirror[0]])
    assert not (tmp_path / FILES[0]).exists()
    assert (tmp_path / f"{FILES[0]}.gz").is_file()


def test_the_next_mirror_is_tried(tmp_path: Path, mirror: tuple[str, Path]) -> None:
    address, _ = mirror
    folder = fetch_mnist(str(tmp_path / "x"), lambda line: None, [f"{address}none/", address])
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.write_bytes(gzip.compress(b"another")), "wrong checksum"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "wrong checksum"),
        (lambda path: path.unlink(), "404"),
    ],
)
def test_what_cannot_be_fetched_leaves_no_file(
    tmp_path: Path,
    mirror: tuple[str, Path],
    spoil: Callable[[Path], object],
    message: str,
) -> None:
    address, served = mirror
    spoil(served / f"{FILES[0]}.gz")
    folder = tmp_path / "x"
    with pytest.raises(DataError, match=message):
        fetch_mnist(str(folder), lambda line: None, [address])
    assert list(folder.iterdir()) == []


def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be reached"):
        fetch_mnist(str(tmp_path), lambda line: None, ["http://127.0.0.1:9/"])


def test_the_known_checksums_are_those_of_the_real_files(mnist_folder: Path) -> None:
    for name, known in fetch.SHA256.items():
        path = idx_file(mnist_folder, name)
        assert path is not None
        assert fetch._sha256(path) == known
