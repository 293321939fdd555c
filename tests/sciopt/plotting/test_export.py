from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from sciopt.plotting.export import export_npz, export_png


def test_png_frames_are_numbered_and_exact(tmp_path, rng):
    pictures = rng.integers(0, 256, (3, 6, 9, 3), dtype=np.uint8)
    paths = export_png(pictures, tmp_path / "frames")
    assert [path.name for path in paths] == [f"frame-0000{k}.png" for k in range(3)]
    for path, picture in zip(paths, pictures):
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.asarray(image), picture)


def test_a_shorter_sequence_leaves_nothing_of_a_longer_one_and_nothing_else_is_touched(tmp_path):
    (tmp_path / "frame-notes.png").write_bytes(b"mine")
    export_png(np.zeros((4, 2, 2, 3), np.uint8), tmp_path)
    export_png(np.zeros((2, 2, 2, 3), np.uint8), tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["frame-00000.png", "frame-00001.png", "frame-notes.png"]


def test_npz_holds_the_numbers_unscaled(tmp_path, rng):
    smoke, velocity = rng.random((3, 1, 4, 4)), rng.standard_normal((3, 2, 4, 4))
    path = export_npz(tmp_path / "a.npz", np.array([0, 5, 9]), smoke=smoke, velocity=velocity)
    with np.load(path) as stored:
        assert sorted(stored) == ["smoke", "steps", "velocity"]
        np.testing.assert_array_equal(stored["velocity"], velocity)
        np.testing.assert_array_equal(stored["steps"], [0, 5, 9])


def test_frames_that_do_not_belong_to_the_steps_are_refused(tmp_path):
    with pytest.raises(ValueError, match="smoke: 2 frames for 3 steps"):
        export_npz(tmp_path / "a.npz", np.arange(3), smoke=np.zeros((2, 1, 4, 4)))
    assert list(tmp_path.iterdir()) == []
