"""The pictures of docs/fluid.md: cheap ones are drawn, and the page shows them all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from experiments.fluid.gallery.__main__ import FIGURES, main
from experiments.fluid.gallery.controls import _SMALL, _again

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", ["transport", "projection"])
def test_a_picture_is_drawn(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([name, "--out", str(tmp_path)])
    assert f"fluid-{name}.png" in capsys.readouterr().out
    assert 10_000 < (tmp_path / f"fluid-{name}.png").stat().st_size < 150_000


def test_the_page_shows_every_picture() -> None:
    page = (ROOT / "docs" / "fluid.md").read_text(encoding="utf-8")
    for name in FIGURES:
        assert f"](images/fluid-{name}.png)" in page
        assert (ROOT / "docs" / "images" / f"fluid-{name}.png").stat().st_size < 150_000


def test_an_unknown_picture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such-picture"])
    assert "there is no picture no-such-picture" in capsys.readouterr().err


def test_the_buoyancy_that_made_a_picture_is_found_again() -> None:
    settings = {
        **_SMALL, "size": 24, "match_mass": False, "iterations": 15, "smoke": "heart",
        "buoyancy": 0.02, "controls": {"initial_velocity": False, "buoyancy": {}},
    }  # fmt: skip
    found, picture = _again(settings, "buoyancy", math.log(0.05))
    assert picture.shape == (24, 24)
    # Eight bits per cell are what is known of the picture.
    np.testing.assert_allclose(found.buoyancy, 0.05, rtol=0.01)
