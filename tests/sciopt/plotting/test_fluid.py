import warnings

import numpy as np
import pytest
from PIL import Image

from sciopt import runs
from sciopt.errors import RunFolderError
from sciopt.plotting import style
from sciopt.plotting.fluid import draw, draw_loss, draw_panels, loss_curve, panels


def drawn(figure):
    """The figure's pixels, drawn with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())


def texts(figure):
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def test_a_run_gets_its_pictures(run_folder, result):
    folder = run_folder(result())
    written = draw(folder)
    assert [path.name for path in written] == ["loss.png", "result.png", "animation.gif"]
    for path in written:
        assert path.parent == folder
        with Image.open(path) as image:
            assert min(image.size) > 300
            image.load()
    extra = {path.name for path in folder.iterdir()} - {path.name for path in written}
    assert extra == {runs.RESULT}


def test_a_run_gets_a_video_where_it_can(run_folder, result, monkeypatch):
    monkeypatch.setattr("sciopt.plotting.fluid.write_mp4", lambda frames, path, fps: path)
    assert draw(run_folder(result()))[-1].name == "animation.mp4"


def test_frames_per_second_reach_the_animation(run_folder, result):
    draw(run_folder(result()), fps=10)
    with Image.open(run_folder(result()) / "animation.gif") as gif:
        gif.seek(1)
        assert gif.info["duration"] == 100


def test_a_folder_without_a_result_is_refused(tmp_path):
    with pytest.raises(RunFolderError, match="did not finish"):
        draw(tmp_path)


def test_drawing_again_gives_the_same_pictures(run_folder, result):
    folder = run_folder(result())
    first = [path.read_bytes() for path in draw(folder)]
    assert [path.read_bytes() for path in draw(folder)] == first


def test_the_loss_curve_is_the_history_of_accepted_iterates(result):
    curve = loss_curve(result(loss_history=np.array([3.0, 2.0, 1.0])))
    assert curve.iterations.tolist() == [0, 1, 2]
    assert curve.losses.tolist() == [3.0, 2.0, 1.0]
    assert curve.gaps.size == 0


@pytest.mark.parametrize(
    ("history", "logarithmic"),
    [([1.0, 0.1], True), ([1.0, 0.9], False), ([1.0, 0.0], False), ([1.0], False), ([], False)],
)
def test_the_scale_is_logarithmic_where_positive_losses_span_enough(result, history, logarithmic):
    curve = loss_curve(result(loss_history=np.array(history)))
    assert curve.logarithmic == logarithmic
    figure = draw_loss(curve)
    assert figure.axes[0].get_yscale() == ("log" if logarithmic else "linear")
    drawn(figure)


def test_losses_that_are_not_finite_are_marked_and_left_out(result):
    history = np.array([1.0, np.nan, 0.5, np.inf, 0.01])
    curve = loss_curve(result(loss_history=history))
    assert curve.iterations.tolist() == [0, 2, 4]
    assert curve.gaps.tolist() == [1, 3]
    figure = draw_loss(curve)
    drawn(figure)
    assert "not finite at 2" in figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize("history", [[np.nan], [np.nan, np.inf]])
def test_a_history_without_any_finite_loss_can_be_drawn(result, history):
    drawn(draw_loss(loss_curve(result(loss_history=np.array(history)))))


def test_the_loss_plot_tells_the_first_and_last_value_and_the_fall(result):
    figure = draw_loss(loss_curve(result(loss_history=np.array([0.5, 0.2, 0.0123456]))))
    shown = texts(figure)
    assert {"0.5", "0.01235", "the loss fell 40.5-fold in 2 iterations"} <= set(shown)
    assert {"accepted iterations", "loss: mean square mismatch"} <= set(shown)


def test_a_loss_that_rose_is_not_called_a_fall(result):
    figure = draw_loss(loss_curve(result(loss_history=np.array([0.5, 0.6]))))
    assert "did not fall" in figure.axes[0].get_title(loc="left")


def test_a_single_loss_is_written_once(result):
    assert texts(draw_loss(loss_curve(result(loss_history=np.array([0.5]))))).count("0.5") == 1


def test_the_difference_is_smoke_minus_target_with_symmetric_limits(result):
    target, smoke = np.zeros((20, 20)), np.zeros((20, 20))
    target[3, 4], smoke[5, 6] = 0.25, 0.75
    shown = panels(result(shape=(20, 20), target=target, smoke_final=smoke))
    assert shown.difference[3, 4] == -0.25
    assert shown.difference[5, 6] == 0.75
    assert shown.difference_limit == 0.75
    figure = draw_panels(shown)
    image = figure.axes[2].images[0]
    assert image.get_clim() == (-0.75, 0.75)
    assert image.get_cmap() is style.SIGNED or image.get_cmap() == style.SIGNED


def test_a_perfect_result_has_a_difference_to_draw(result):
    perfect = result()
    shown = panels(result(smoke_final=perfect.target))
    assert shown.difference_limit == 1.0
    drawn(draw_panels(shown))


def test_density_is_always_shown_from_zero_to_one(result):
    figure = draw_panels(panels(result(smoke_final=np.full((24, 30), 0.5))))
    assert [axes.images[0].get_clim() for axes in figure.axes[:2]] == [(0, 1), (0, 1)]


def test_a_velocity_of_zero_can_be_drawn(result):
    drawn(draw_panels(panels(result(velocity=np.zeros((2, 24, 30))))))


def test_speed_is_the_length_of_the_velocity_and_arrows_point_along_it(result):
    velocity = np.zeros((2, 52, 52))
    velocity[0], velocity[1] = 3.0, -4.0  # down and to the left
    shown = panels(result(shape=(52, 52), velocity=velocity))
    assert (shown.speed == 5).all()
    row, column, down, right = shown.arrows
    assert row.shape == (26, 26)
    assert (row[0, 0], column[0, 0], row[-1, -1]) == (0.5, 0.5, 50.5)
    assert (down == 3).all()
    assert (right == -4).all()


def test_arrows_on_the_picture_point_down_where_the_flow_goes_down(result):
    velocity = np.zeros((2, 26, 26))
    velocity[0] = 1.0
    figure = draw_panels(panels(result(shape=(26, 26), velocity=velocity)))
    axes = figure.axes[3]
    lower, upper = axes.get_ylim()
    assert lower > upper, "row numbers grow downwards"
    (quiver,) = (artist for artist in axes.collections if hasattr(artist, "U"))
    assert (quiver.U == 0).all()
    assert (quiver.V == 1).all()
    assert quiver.angles == "xy", "so that V follows the axis"


@pytest.mark.parametrize("shape", [(8, 8), (8, 40), (40, 8), (27, 61), (128, 16)])
def test_any_grid_can_be_drawn_without_warnings(result, shape):
    pixels = drawn(draw_panels(panels(result(shape=shape))))
    assert min(pixels.shape[:2]) >= 600


def test_no_label_is_clipped_or_hidden(result):
    for figure in (draw_panels(panels(result())), draw_loss(loss_curve(result()))):
        drawn(figure)
        inked = figure.get_tightbbox(figure.canvas.get_renderer())  # inches
        width, height = figure.get_size_inches()
        assert inked.x0 > 0
        assert inked.y0 > 0
        assert inked.x1 < width
        assert inked.y1 < height


def test_the_figure_explains_itself(result):
    shown = set(texts(draw_panels(panels(result()))))
    titles = {"target", "smoke after 40 steps", "smoke minus target", "initial velocity"}
    assert titles | {"density", "speed, cells per step"} <= shown
    assert "mean square mismatch 0.4 → 0.02 in 11 iterations" in shown


def test_a_run_that_was_cut_short_says_so(result):
    assert panels(result(status="interrupted")).headline.endswith("11 iterations, interrupted")
