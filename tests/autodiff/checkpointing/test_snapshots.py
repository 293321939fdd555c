"""Stored states come back as they were, from memory and from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as onp
import pytest

from autodiff.checkpointing.snapshots import Snapshots


def state() -> list[Any]:
    return [onp.arange(6.0).reshape(2, 3).T, onp.float32(2.5), 7, None, onp.zeros((0, 2))]


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_states_come_back_with_dtype_and_layout(place: Any, tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    snapshots.put(3, state(), place)
    for last in (False, True):
        back = snapshots.get(3, place, last)
        assert back[1:4] == [2.5, 7, None]
        assert back[1].dtype == onp.float32
        assert back[0].flags.f_contiguous
        onp.testing.assert_array_equal(back[0], state()[0])
        assert back[4].shape == (0, 2)
    assert snapshots.count(place) == 0
    with pytest.raises(KeyError):
        snapshots.get(3, place, True)
    snapshots.close()


@pytest.mark.parametrize("place", ["memory", "disk"])
def test_what_happens_to_an_array_later_does_not_change_what_was_stored(
    place: Any, tmp_path: Path
) -> None:
    snapshots, x = Snapshots(tmp_path), onp.ones(3)
    snapshots.put(1, [x], place)
    x[:] = 5.0
    assert (snapshots.get(1, place, True)[0] == 1.0).all()
    snapshots.close()


def test_a_stored_view_does_not_keep_its_base() -> None:
    snapshots = Snapshots()
    snapshots.put(1, [onp.zeros(1000)[:2]], "memory")
    assert snapshots.get(1, "memory", True)[0].base is None


def test_the_folder_goes_with_close_and_with_the_object(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    assert not list(tmp_path.iterdir())
    snapshots.put(1, state(), "disk")
    (folder,) = tmp_path.iterdir()
    assert sorted(path.suffix for path in folder.iterdir()) == [".npy", ".npy"]
    snapshots.get(1, "disk", True)
    assert not list(folder.iterdir())
    snapshots.close()
    assert not list(tmp_path.iterdir())

    snapshots.put(1, state(), "disk")
    assert list(tmp_path.iterdir())
    del snapshots
    assert not list(tmp_path.iterdir())


def test_nothing_is_pickled(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path)
    with pytest.raises(ValueError, match="pickle"):
        snapshots.put(1, [onp.array([{}], dtype=object)], "disk")
    snapshots.close()
