"""Where stored states lie: in memory, and in a temporary folder as .npy files."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import numpy as onp

from ..tracer import isbox
from .actions import Place

State = list[Any]


class Snapshots:
    """Stored states, by the step that they come before.

    `put` copies arrays, so that later changes do them no harm; but the initial state, which is
    the user's argument, is kept as it is.

    Args:
        folder: where the temporary folder for states on disk is made; None for the system's place.
            It is made when it is first needed, and removed by `close` or with this object.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._parent = folder
        self._folder: Path | None = None
        self._in_memory: dict[int, State] = {}
        self._on_disk: dict[int, State] = {}

    def put(self, n: int, state: State, place: Place) -> None:
        """Store the state before step `n`.

        Raises:
            NotImplementedError: a state that forward mode follows is to go to disk.
        """
        if place == "memory":
            self._in_memory[n] = state if n == 0 else copied(state)
        else:
            self._on_disk[n] = [self._written(leaf, n, k) for k, leaf in enumerate(state)]

    def get(self, n: int, place: Place, last: bool) -> State:
        """The state before step `n`; `last` forgets it."""
        if place == "memory":
            return self._in_memory.pop(n) if last else self._in_memory[n]
        entries = self._on_disk.pop(n) if last else self._on_disk[n]
        state = [
            onp.load(leaf, allow_pickle=False) if isinstance(leaf, Path) else leaf
            for leaf in entries
        ]
        if last:
            for leaf in entries:
                if isinstance(leaf, Path):
                    leaf.unlink()
        return state

    def count(self, place: Place) -> int:
        """How many states lie in a place."""
        return len(self._in_memory if place == "memory" else self._on_disk)

    def close(self) -> None:
        """Forget everything, and remove the temporary folder."""
        self._in_memory.clear()
        self._on_disk.clear()
        if self._folder is not None:
            self._remove()
            self._folder = None

    def _written(self, leaf: Any, n: int, k: int) -> Any:
        if isbox(leaf):
            raise NotImplementedError(
                "states that forward mode follows can't go to disk: leave out disk="
            )
        if not isinstance(leaf, onp.ndarray):
            return leaf
        if self._folder is None:
            import shutil  # both are slow to import, and most states stay in memory
            import tempfile

            self._folder = Path(tempfile.mkdtemp(prefix="states-", dir=self._parent))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = self._folder / f"{n}-{k}.npy"
        onp.save(path, leaf, allow_pickle=False)
        return path


def copied(state: State) -> State:
    """Copies of arrays, of the same memory layout, so that sums over them keep their order.

    The step may hand out views of something larger, or one buffer again and again.
    """
    return [leaf.copy(order="K") if type(leaf) is onp.ndarray else leaf for leaf in state]
