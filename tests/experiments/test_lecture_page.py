"""The pictures of the lecture's page are small, and made by the demos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments import lecture_page


@pytest.mark.parametrize("name", ["define-primitive", "graph"])
def test_a_picture_is_the_demo_s_made_small(name: str, tmp_path: Path) -> None:
    target = lecture_page.make(name, tmp_path)
    assert target == tmp_path / f"lecture-{name}.png"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.stat().st_size < 150_000
    with Image.open(target) as image:
        assert image.mode == "P"
        assert image.width == {"define-primitive": 1100, "graph": 620}[name]
        assert len(np.unique(np.asarray(image))) > 20
