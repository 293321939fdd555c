import warnings

import numpy as np
import pytest
from PIL import Image

from sciopt import runs
from sciopt.errors import RunFolderError
from sciopt.plotting import style
from sciopt.plotting.fluid import draw
from sciopt.plotting.fluid.loss import draw_loss, loss_curve
from sciopt.plotting.fluid.panels import draw_panels, panels


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


def titled(result, title):
    """The panel with that title."""
    return next(panel for panel in panels(result).panels if panel.title == title)


def test_the_difference_is_smoke_minus_target_with_symmetric_limits(result):
    target, smoke = np.zeros((1, 1, 20, 20)), np.zeros((1, 1, 20, 20))
    target[..., 3, 4], smoke[..., 5, 6] = 0.25, 0.75
    made = result(shape=(20, 20), targets=target, keyframe_smoke=smoke)
    difference = titled(made, "smoke minus target")
    assert difference.values[3, 4] == -0.25
    assert difference.values[5, 6] == 0.75
    assert difference.limit == 0.75
    image = draw_panels(panels(made)).axes[2].images[0]
    assert image.get_clim() == (-0.75, 0.75)
    assert image.get_cmap() == style.SIGNED


def test_a_perfect_result_has_a_difference_to_draw(result):
    perfect = result()
    made = result(keyframe_smoke=perfect.targets)
    assert titled(made, "smoke minus target").limit == 1.0
    drawn(draw_panels(panels(made)))


def test_density_is_always_shown_from_zero_to_one(result):
    figure = draw_panels(panels(result(keyframe_smoke=np.full((1, 1, 24, 30), 0.5))))
    assert [axes.images[0].get_clim() for axes in figure.axes[:2]] == [(0, 1), (0, 1)]


def test_a_velocity_of_zero_can_be_drawn(result):
    still = np.zeros((2, 24, 30))
    drawn(draw_panels(panels(result(velocity=still, velocity_final=still))))


def test_speed_is_the_length_of_the_velocity_and_arrows_point_along_it(result):
    velocity = np.zeros((2, 52, 52))
    velocity[0], velocity[1] = 3.0, -4.0  # down and to the left
    made = result(shape=(52, 52), velocity=velocity, velocity_final=velocity)
    panel = titled(made, "velocity at the end")  # it is the same everywhere at the start
    assert (panel.values == 5).all()
    row, column, down, right = panel.arrows
    assert row.shape == (26, 26)
    assert (row[0, 0], column[0, 0], row[-1, -1]) == (0.5, 0.5, 50.5)
    assert (down == 3).all()
    assert (right == -4).all()


def test_arrows_on_the_picture_point_down_where_the_flow_goes_down(result):
    velocity = np.zeros((2, 26, 26))
    velocity[0] = 1.0
    velocity[0, 0, 0] = 1.5
    figure = draw_panels(panels(result(shape=(26, 26), velocity=velocity)))
    axes = figure.axes[3]
    lower, upper = axes.get_ylim()
    assert lower > upper, "row numbers grow downwards"
    (quiver,) = (artist for artist in axes.collections if hasattr(artist, "U"))
    assert (quiver.U == 0).all()
    assert (quiver.V[1:] == 1).all()
    assert quiver.angles == "xy", "so that V follows the axis"


@pytest.mark.parametrize("dyes", [2, 3])
def test_several_dyes_and_an_obstacle_are_shown_in_colours(result, run_folder, dyes, rng):
    fields = rng.random((2, dyes, 24, 30))
    made = result(
        smoke_initial=fields[0],
        smoke_final=fields[1],
        targets=fields,
        keyframe_smoke=fields,
        keyframe_steps=np.array([10, 40]),
        frames=np.rint(255 * fields).astype(np.uint8),
        frame_steps=np.array([0, 40]),
        occlusion=np.eye(24, 30),
    )
    assert [panel.colours for panel in panels(made).panels[:2]] == ["picture", "picture"]
    names = [path.name for path in draw(run_folder(made))]
    assert names == ["loss.png", "result.png", "keyframes.png", "animation.gif"]


def test_without_a_target_the_start_and_the_vorticity_are_shown(result):
    made = result(targets=np.empty((0, 1, 24, 30)), keyframe_smoke=np.empty((0, 1, 24, 30)))
    titles = [panel.title for panel in panels(made).panels[:3]]
    assert titles == ["smoke at the start", "smoke after 40 steps", "vorticity at the end"]
    drawn(draw_panels(panels(made)))


def test_levels_are_told_apart_and_counted_through(result):
    history, levels = np.array([0.5, 0.3, 0.4, 0.2]), np.array([0, 0, 1, 1])
    curve = loss_curve(result(loss_history=history, level_history=levels))
    assert curve.iterations.tolist() == [0, 1, 1, 2]  # a level begins where the last one ended
    title = draw_loss(curve).axes[0].get_title(loc="left")
    assert "2 levels" in title


def test_the_trials_of_starts_are_told_apart(result):
    history, searches = np.array([0.5, 0.3, 0.6, 0.2, 0.2, 0.1]), np.array([0, 0, 1, 1, 2, 2])
    trials = np.array([0.3, 0.2])
    made = result(
        loss_history=history, level_history=0 * searches, search_history=searches,
        trial_losses=trials, start_chosen=1,
    )  # fmt: skip
    assert loss_curve(made).iterations.tolist() == [0, 1, 1, 2, 2, 3]
    axes = draw_loss(loss_curve(made)).axes[0]
    assert "2 starts (dashed); the best" in axes.get_title(loc="left")
    curves = [list(line.get_ydata()) for line in axes.lines]
    assert [0.5, 0.3] in curves
    assert [0.2, 0.1] in curves


def test_negative_losses_fall_by_a_difference(result):
    title = draw_loss(loss_curve(result(loss_history=np.array([-0.1, -0.7])))).axes[0]
    assert title.get_title(loc="left") == "the loss fell by 0.6 in 1 iterations"


@pytest.mark.parametrize(("export", "name"), [("png", "frame-00004.png"), ("npz", "frames.npz")])
def test_frames_are_exported_on_request(result, run_folder, export, name, rng):
    numbers = rng.random((5, 1, 24, 30)).astype(np.float32)
    velocity = rng.random((5, 2, 24, 30)).astype(np.float32)
    made = result(frame_smoke=numbers, frame_velocity=velocity)
    written = draw(run_folder(made), export=export)
    assert written[-1].name == name
    if export == "npz":
        with np.load(written[-1]) as file:
            np.testing.assert_array_equal(file["smoke"], numbers)
            np.testing.assert_array_equal(file["velocity"], velocity)


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
