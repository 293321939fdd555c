import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from sciopt.plotting import style


def lightness(colours):
    """CIE L* of sRGB colours, shape (N, 3 or 4) in [0, 1]."""
    rgb = np.asarray(colours)[:, :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    root = np.where(luminance > (6 / 29) ** 3, np.cbrt(luminance), luminance * 841 / 108 + 4 / 29)
    return 116 * root - 16


def test_smoke_grows_evenly_lighter():
    light = lightness(style.SMOKE(np.linspace(0, 1, 101)))
    rises = np.diff(light)
    assert light[0] < 6
    assert light[-1] > 95
    assert rises.min() > 0.4
    assert rises.max() < 1.6


def test_signs_are_dark_at_zero_and_equally_light_on_both_sides():
    light = lightness(style.SIGNED(np.linspace(-1, 1, 201) / 2 + 0.5))
    assert light[100] < 10
    assert (np.diff(light[100:]) > 0).all()
    assert (np.diff(light[:101]) < 0).all()
    np.testing.assert_allclose(light, light[::-1], atol=7)


def test_signs_differ_in_blue_against_red_which_the_colour_blind_tell_apart():
    red, _, blue, _ = np.asarray(style.SIGNED([0.1, 0.25, 0.4, 0.6, 0.75, 0.9])).T
    assert (blue[:3] > red[:3] + 0.15).all()
    assert (red[3:] > blue[3:] + 0.15).all()


def test_figures_are_drawn_by_agg_without_pyplot_or_the_users_backend(tmp_path):
    backend = mpl.rcParams._get("backend")
    figure = style.new_figure(2, 1)
    assert isinstance(figure.canvas, FigureCanvasAgg)
    style.save(figure, tmp_path / "a.png")
    assert mpl.rcParams._get("backend") == backend


def test_the_users_settings_neither_matter_nor_change():
    with mpl.rc_context({"font.size": 31, "lines.linewidth": 9}):
        with style.themed():
            assert mpl.rcParams["font.size"] == 12
            assert mpl.rcParams["lines.linewidth"] == mpl.rcParamsDefault["lines.linewidth"]
        assert mpl.rcParams["font.size"] == 31
        assert mpl.rcParams["lines.linewidth"] == 9


def test_a_figure_is_saved_at_its_size_in_place_of_the_old_one(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    assert style.save(style.new_figure(3, 2), path) == path
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.size == (3 * style.DOTS_PER_INCH, 2 * style.DOTS_PER_INCH)
    assert list(tmp_path.iterdir()) == [path]


def test_a_figure_that_cannot_be_drawn_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    figure = style.new_figure(3, 2)
    monkeypatch.setattr(figure, "savefig", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        style.save(figure, path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_plotting_never_imports_pyplot():
    import subprocess

    code = "import sys, sciopt.plotting.fluid; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
