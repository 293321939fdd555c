import numpy as np
import pytest
from PIL import Image

from sciopt.errors import TargetError
from sciopt.fluid.drawings import draw
from sciopt.fluid.smoke import PATTERNS, initial_smoke, sorted_smoke


def lecture_smoke():
    """The picture of the lecture's example: 110 rows, smoke in rows 10-19, 50-59 and 90-99."""
    smoke = np.zeros((110, 110))
    for first in (10, 50, 90):
        smoke[first : first + 10] = 1.0
    return smoke


def test_bands_on_110_cells_are_the_lectures_smoke():
    assert (initial_smoke("bands", (110, 110)) == lecture_smoke()).all()


SHARES = {"bands": 3 / 11, "columns": 3 / 11, "streaks": 1 / 2, "top": 1 / 2, "bottom": 1 / 2}


@pytest.mark.parametrize("spec", PATTERNS)
@pytest.mark.parametrize("shape", [(8, 8), (97, 41), (110, 110), (256, 300)])
def test_the_same_share_of_every_grid_is_smoke(spec, shape):
    smoke = initial_smoke(spec, shape)
    assert smoke.shape == shape
    assert smoke.dtype == np.float64
    assert smoke.flags.c_contiguous
    if spec != "streaks" or shape[0] >= 40:  # 8 rows do not hold ten streaks: all cells mix
        assert smoke.min() == 0
    assert smoke.max() <= 1
    assert smoke.mean() == pytest.approx(SHARES[spec], abs=1e-12)


def test_streaks_are_ten_and_halves_lie_where_they_are_named():
    assert (initial_smoke("streaks", (40, 5))[:, 0] == np.tile([1, 1, 0, 0], 10)).all()
    assert (initial_smoke("top", (5, 2))[:, 0] == [1, 1, 0.5, 0, 0]).all()
    assert (initial_smoke("bottom", (5, 2))[:, 0] == [0, 0, 0.5, 1, 1]).all()


@pytest.mark.parametrize("spec", PATTERNS)
@pytest.mark.parametrize("most", [0.0, 0.1, 0.25])
def test_patterns_become_narrower_not_thinner(spec, most):
    smoke = initial_smoke(spec, (120, 120), most=most)
    assert smoke.mean() == pytest.approx(most, abs=1e-12)
    grey = (smoke > 0) & (smoke < 1)  # edges alone
    assert np.mean(grey) <= 20 / 120
    wide = initial_smoke(spec, (120, 120))
    assert (smoke <= wide + 1e-12).all()
    assert (initial_smoke(spec, (120, 120), most=0.9) == wide).all()


def test_columns_are_bands_turned_by_a_quarter():
    assert (initial_smoke("columns", (50, 80)) == initial_smoke("bands", (80, 50)).T).all()


@pytest.mark.parametrize("resample", ["area", "stride", "nearest", "bilinear", "lanczos"])
def test_a_grey_rgba_picture_of_the_grids_size_gives_its_first_channel(tmp_path, resample):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30), dtype=np.uint8)
    opaque = np.full_like(pixels, 255)
    path = tmp_path / "smoke.png"
    Image.fromarray(np.dstack([pixels, pixels, pixels, opaque])).save(path)
    smoke = initial_smoke(str(path), (20, 30), resample=resample)
    # Only lanczos has weights, of round-off size, for the neighbours.
    levels = np.float32(pixels / 255)
    np.testing.assert_allclose(smoke, levels, rtol=0, atol=1e-15 * (resample == "lanczos"))


def test_smoke_can_be_anything_that_can_be_a_target(tmp_path):
    assert (initial_smoke("heart", (40, 40)) == draw("heart", (40, 40))).all()
    assert initial_smoke("text:GO", (40, 40)).max() == 1


@pytest.mark.parametrize("spec", ["uniform", "smoke.png", "bnads", "", "text:"])
def test_smoke_that_does_not_exist_is_refused(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError, match=r"\w+"):
        initial_smoke(spec, (40, 40))


def test_uniform_smoke_is_refused_with_the_reason():
    with pytest.raises(TargetError, match="leaves uniform smoke uniform"):
        initial_smoke("uniform", (40, 40))


def test_a_missing_smoke_picture_is_not_replaced_by_a_drawing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError, match=r"heart\.png"):
        initial_smoke("heart.png", (40, 40))


def test_sorted_smoke_is_the_targets_cells_from_bright_to_dark(rng):
    target = rng.random((3, 9, 7))
    smoke = sorted_smoke(target)
    cells = [sorted(map(tuple, field.reshape(3, -1).T)) for field in (smoke, target)]
    assert cells[0] == cells[1]  # moved as a whole, none lost
    brightness = smoke.mean(axis=0)
    assert (brightness[:-1].min(axis=1) >= brightness[1:].max(axis=1)).all()
    assert (np.diff(smoke[0] - smoke[2], axis=1) >= 0).all()


def test_sorted_smoke_of_one_dye_keeps_the_order_of_equal_cells():
    target = np.array([[[0.0, 0.5, 1.0], [1.0, 0.0, 0.5]]])
    assert sorted_smoke(target).tolist() == [[[1.0, 1.0, 0.5], [0.5, 0.0, 0.0]]]
