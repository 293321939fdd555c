from __future__ import annotations

import numpy as np
from PIL import Image

from experiments.fluid.photograph import main
from sciopt.cli import main as sciopt


def test_a_photograph_is_written_painted_and_drawn(tmp_path, capsys):
    photo = tmp_path / "photo.png"
    main(["china", str(photo)])
    with Image.open(photo) as picture:
        assert picture.size == (427, 427)
        assert np.asarray(picture.convert("RGB")).std() > 30
    sciopt(
        ["fluid", "--preset", "photo", "--target", str(photo), "--size", "24", "--steps", "6",
         "--iterations", "3", "--memory", "2 MB", "--set", "levels={grids: 1, shares: []}",
         "--set", "frames=3", "--out", str(tmp_path), "--quiet"],
        standalone_mode=False,
    )  # fmt: skip
    (run,) = tmp_path.glob("fluid-*")
    main(["--run", str(run), "--out", str(tmp_path)])
    assert "fluid-photo.png" in capsys.readouterr().out
    assert 10_000 < (tmp_path / "fluid-photo.png").stat().st_size < 400_000
