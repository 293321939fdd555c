from __future__ import annotations

import numpy as np

from experiments.fluid.objectives import landscape, main


def test_transport_alone_sees_how_far_away_a_blob_is():
    shown = landscape(count=5)
    transport, sharp = shown.values["transport"], shown.values["mean square"]
    np.testing.assert_allclose(transport, (shown.distances / shown.distances[-1]) ** 2, atol=0.01)
    assert sharp[2] > 0.999
    assert np.all(np.diff(transport) > 0)


def test_the_page_is_drawn(tmp_path, capsys):
    main(["--out", str(tmp_path)])
    assert "transport              at half the distance" in capsys.readouterr().out
    assert 20_000 < (tmp_path / "fluid-objectives.png").stat().st_size < 300_000
