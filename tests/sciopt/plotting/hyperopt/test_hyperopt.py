"""Figures of hyperopt runs: what they show, and that anything can be drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from sciopt import runs
from sciopt.errors import RunFolderError
from sciopt.hyperopt.result import HyperoptResult, SearchCurves
from sciopt.plotting import style
from sciopt.plotting.hyperopt import draw
from sciopt.plotting.hyperopt.comparison import best_so_far, draw_comparison
from sciopt.plotting.hyperopt.curves import (
    draw_learning_curves,
    draw_outer_steps,
    learning_curves,
    outer_steps,
)
from sciopt.plotting.hyperopt.examples import draw_example_weights, example_weights, headline
from sciopt.plotting.hyperopt.images import draw_pictures, learned_inputs, weight_maps
from sciopt.plotting.hyperopt.probes import (
    checked_gradient,
    draw_checked_gradient,
    draw_rate_scan,
    rate_scan,
)
from sciopt.plotting.hyperopt.schedules import draw_schedules, schedules
from sciopt.plotting.hyperopt.summary import draw_summary, summary
from sciopt.plotting.hyperopt.values import draw_values, family_values

Make = Callable[..., HyperoptResult]


def drawn(figure: Figure) -> list[str]:
    """The texts of a figure, drawn with every warning an error; no ink is outside of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.draw_without_rendering()
    inked = figure.get_tightbbox(figure.canvas.get_renderer())  # inches
    width, height = figure.get_size_inches()
    assert inked.x0 >= 0
    assert inked.y0 >= 0
    assert inked.x1 <= width
    assert inked.y1 <= height
    return [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]


def everything(made_up: Make) -> HyperoptResult:
    """A result for which every figure makes sense."""
    rng = np.random.default_rng(0)
    images = rng.standard_normal((10, 8, 8))
    weights = rng.uniform(0, 1, 30)
    penalties = rng.uniform(1e-4, 1, 650)
    return made_up(
        {
            "learning_rate": ("step", "log", 5, np.full(4, 0.1), np.geomspace(1, 0.1, 4)),
            "l2": ("weight", "log", 1, np.full(650, 0.1), penalties),
            "example_weights": ("example", "logit", 1, np.full(30, 0.5), weights),
            "training_inputs": ("input", "linear", 1, 0 * images, images),
        },
        layer_names=np.array(["0"]),
        array_names=np.array(["0.weights", "0.bias"]),
        array_shapes=np.array(["64x10", "10"]),
        array_layers=np.array([0, 0]),
        learned_classes=np.arange(10),
        corrupted=np.arange(30) % 2 == 0,
        precision=0.5,
        recall=0.5,
        f1=0.5,
        scan_factors=np.geomspace(0.1, 10, 9),
        scan_losses=np.array([1, 0.5, 0.3, 0.2, 0.1, 0.1, 0.3, np.nan, np.inf]),
        scan_slopes=np.array([1, 0.5, 0.3, 0.2, 0.1, 1e4, 1e9, np.nan, np.nan]),
        checked_labels=np.array(["learning_rate[step 0]", "l2[weight 3]"]),
        checked_gradient=np.array([0.1, -3.0]),
        checked_differences=np.array([0.1, -3.0]) * (1 + 1e-9),
    )


def test_only_figures_that_make_sense_are_drawn(tmp_path: Path, made_up: Make) -> None:
    runs.save_result(tmp_path, made_up())
    written = draw(tmp_path)
    assert [path.name for path in written] == [
        "result.png",
        "loss.png",
        "learning-curves.png",
        "hyperparameters.png",
        "schedules.png",
    ]


def test_drawing_again_gives_the_same_picture(tmp_path: Path, made_up: Make) -> None:
    one, two = (
        style.save(draw_values(family_values(made_up())), tmp_path / name).read_bytes()
        for name in ("one.png", "two.png")
    )
    assert one == two


def test_every_figure_is_a_whole_picture(
    tmp_path: Path, made_up: Make, curves: Callable[..., SearchCurves]
) -> None:
    runs.save_result(tmp_path, everything(made_up))
    runs.save_result(tmp_path, curves(), runs.COMPARISON)
    written = draw(tmp_path)
    assert {path.name for path in written} == {
        "result.png", "loss.png", "learning-curves.png", "hyperparameters.png", "schedules.png",
        "learned-inputs.png", "weight-maps.png", "example-weights.png", "learning-rate-scan.png",
        "checked-gradient.png", "comparison.png",
    }  # fmt: skip
    for path in written:
        assert path.parent == tmp_path
        with Image.open(path) as image:
            assert min(image.size) > 300
            image.load()


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="did not finish"):
        draw(tmp_path)


def test_the_summary_says_what_was_tuned_and_what_it_brought(made_up: Make) -> None:
    final = np.zeros((2, 3, 2))
    final[:, 2] = (0.25, 0.034)
    page = summary(made_up(metrics_final=final))
    assert page.headline == (
        "11 hyperparameters tuned by gradient in 7 outer steps: learning rate, momentum, L2 penalty"
    )
    assert page.subline == (
        "validation loss 1.00 → 0.100;  on test data, never tuned on: loss 0.900 → 0.250,"
        " wrong answers 90.0 → 3.40 %"
    )
    assert {"train", "validation", "test"} <= set(drawn(draw_summary(page)))


def test_the_summary_of_a_cut_run_of_regression_says_so(made_up: Make) -> None:
    page = summary(made_up(status="interrupted", class_names=np.array([], dtype=np.str_)))
    assert "(interrupted)" in page.headline
    assert "unexplained variance" in page.subline
    drawn(draw_summary(page))


@pytest.mark.parametrize("kept", ["training_inputs", "example_weights", "l2", "learning_rate"])
def test_the_summary_shows_whatever_was_learned(made_up: Make, kept: str) -> None:
    whole = everything(made_up)
    k = whole.names.tolist().index(kept)
    ends = np.cumsum([0, 4, 650, 30, 640])
    place = slice(ends[k], ends[k + 1])
    one = slice(k, k + 1)
    family = (
        str(whole.per[k]), str(whole.scales[k]), 5,
        *(np.reshape(v[place], [int(n) for n in str(whole.shapes[k]).split("x")])
          for v in (whole.values_start, whole.values_final)),
    )  # fmt: skip
    assert whole.names[one].tolist() == [kept]
    changes = {
        name: getattr(whole, name)
        for name in ("layer_names", "array_names", "array_shapes", "learned_classes", "corrupted")
    }
    drawn(draw_summary(summary(made_up({kept: family}, **changes))))


def test_rejected_steps_are_crosses_and_diverged_ones_arrows_at_the_top(made_up: Make) -> None:
    losses = np.array([1.0, 0.5, 0.6, np.nan, 1e30, 0.4, 0.3, 0.2])
    accepted = np.array([1, 1, 0, 0, 0, 1, 1, 1], bool)
    figure = draw_outer_steps(outer_steps(made_up(loss_history=losses, accepted=accepted)))
    axes = figure.axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert lines["taken back"].get_xdata().tolist() == [2]
    assert lines["taken back, off the scale"].get_xdata().tolist() == [3, 4]
    assert axes.get_ylim()[1] < 2, "a diverged run must not squeeze the others"
    drawn(figure)


@pytest.mark.parametrize("losses", [[1.0], [0.5, 0.5], [0.0, -1.0], [1.0, np.inf, np.nan]])
def test_any_history_can_be_drawn(made_up: Make, losses: list[float]) -> None:
    history = np.array(losses)
    accepted = np.isfinite(history)
    result = made_up(loss_history=history, grad_norm_history=history, accepted=accepted)
    drawn(draw_outer_steps(outer_steps(result)))


def test_learning_curves_that_diverge_say_so(made_up: Make) -> None:
    bad = np.geomspace(2.3, 1, 20)
    bad[7:] = np.nan
    figure = draw_learning_curves(learning_curves(made_up(train_curve_start=bad)))
    assert "before, diverges" in drawn(figure)


def test_a_spike_does_not_squeeze_the_rest_of_a_learning_curve(made_up: Make) -> None:
    spiky = np.geomspace(2.3, 0.1, 20)
    spiky[3] = 1e9
    figure = draw_learning_curves(learning_curves(made_up(train_curve_final=spiky)))
    assert figure.axes[0].get_ylim()[1] < 100
    drawn(figure)


def test_weights_and_biases_have_panels_of_their_own(made_up: Make) -> None:
    values = steps_of(4, 4)
    result = made_up({"learning_rate": ("step array", "log", 5, values, values)})
    weights, biases = schedules(result)
    assert (weights.title, biases.title) == ("learning rate of weights", "learning rate of biases")
    assert weights.labels == biases.labels == ("layer 1", "layer 2")
    np.testing.assert_array_equal(biases.final, values[:, [1, 3]])
    assert weights.edges.tolist() == [0, 5, 10, 15, 20]
    figure = draw_schedules([weights, biases])
    drawn(figure)
    assert [axes.get_legend() is not None for axes in figure.axes] == [True, False]


def steps_of(count: int, columns: int) -> np.ndarray:
    return np.geomspace(2, 0.2, count)[:, None] / (1 + np.arange(columns))


def test_the_last_value_of_a_schedule_may_be_for_fewer_steps(made_up: Make) -> None:
    values = np.ones(7)
    (shown,) = schedules(made_up({"momentum": ("step", "logit", 3, values, values / 2)}))
    assert shown.edges.tolist() == [0, 3, 6, 9, 12, 15, 18, 20]
    drawn(draw_schedules([shown]))


def test_too_many_lines_become_a_band(made_up: Make) -> None:
    values = steps_of(4, 40)
    names = np.array([f"{k}.weights" for k in range(40)])
    result = made_up({"learning_rate": ("step layer", "log", 5, values, values)}, layer_names=names)
    texts = drawn(draw_schedules(schedules(result)))
    assert "from 10 to 90 % of the values" in texts


def test_few_values_are_dots_on_their_scale(made_up: Make) -> None:
    shown = family_values(made_up())
    assert [each.title for each in shown] == ["momentum", "L2 penalty"]
    assert shown[1].labels == ("layer 1", "layer 2")
    figure = draw_values(shown)
    assert [axes.get_xscale() for axes in figure.axes] == ["linear", "log"]
    assert r"0.00100 → $10^{-5}$" in {text.replace("1.0\\times", "") for text in drawn(figure)}


def test_many_values_are_shown_by_their_spread(made_up: Make) -> None:
    many = np.geomspace(1e-6, 1, 8000)
    shown = family_values(made_up({"l2": ("weight", "log", 1, 0 * many + 0.1, many)}))
    assert "8000 found" in drawn(draw_values(shown))


def test_names_however_long_do_not_leave_the_figure(made_up: Make) -> None:
    name = "model.the_width_of_the_bumps_of_the_model_that_somebody_wrote_on_a_long_day"
    result = made_up(
        {name: ("global", "linear", 1, np.array(1.0), np.array(2.0))},
        checked_labels=np.array([name]),
        checked_gradient=np.ones(1),
        checked_differences=np.ones(1),
    )
    drawn(draw_summary(summary(result)))
    drawn(draw_values(family_values(result)))
    checked = checked_gradient(result)
    assert checked is not None
    drawn(draw_checked_gradient(checked))


@pytest.mark.parametrize("classes", [1, 2, 100])
def test_any_number_of_learned_images_can_be_drawn(made_up: Make, classes: int) -> None:
    images = np.random.default_rng(0).standard_normal((classes, 8, 8))
    result = made_up(
        {"training_inputs": ("input", "linear", 1, 0 * images, images)},
        learned_classes=np.arange(classes)[::-1],
        class_names=np.array([f"class {k}" for k in range(classes)]),
    )
    shown = learned_inputs(result)
    assert shown is not None
    assert shown.scale == "signed"
    np.testing.assert_array_equal(shown.images[0], images[-1])  # in the order of their classes
    assert "class 0" in drawn(draw_pictures(shown))


def test_learned_rows_of_a_table_are_one_image(made_up: Make) -> None:
    rows = np.random.default_rng(0).uniform(1, 2, (3, 4))
    result = made_up(
        {"training_inputs": ("input", "linear", 1, 0 * rows, rows)},
        input_shape=np.array([4]),
        learned_classes=np.arange(3),
    )
    shown = learned_inputs(result)
    assert shown is not None
    assert shown.is_table
    assert "number of the input" in drawn(draw_pictures(shown))


def test_penalties_of_a_classifier_are_one_map_for_each_class(made_up: Make) -> None:
    result = everything(made_up)
    (shown,) = weight_maps(result)
    assert shown.images.shape == (10, 8, 8)
    assert shown.scale == "log"
    # The values of class 3 stand in column 3 of the weights.
    table = result.values_final[4 : 4 + 640].reshape(64, 10)
    np.testing.assert_array_equal(shown.images[3].ravel(), table[:, 3])
    drawn(draw_pictures(shown))


def test_penalties_of_a_network_are_means_over_its_first_units(made_up: Make) -> None:
    size = 64 * 3 + 3 + 30 + 10
    values = np.random.default_rng(0).uniform(0.1, 1, size)
    (shown,) = weight_maps(made_up({"l2": ("weight", "log", 1, values, values)}))
    expected = np.exp(np.log(values[: 64 * 3].reshape(64, 3)).mean(axis=1))
    np.testing.assert_allclose(shown.images[0].ravel(), expected, rtol=1e-12)
    drawn(draw_pictures(shown))


def test_example_weights_tell_how_many_wrong_labels_were_found(made_up: Make) -> None:
    weights = np.array([0.1, 0.2, 0.9, 0.8, 0.3, 0.95])
    corrupted = np.array([1, 1, 1, 0, 0, 0], bool)
    family = {"example_weights": ("example", "logit", 1, np.full(6, 0.5), weights)}
    shown = example_weights(made_up(family, corrupted=corrupted, f1=2 / 3))
    assert shown is not None
    assert headline(shown) == "2 of 3 wrong labels found, 1 right ones suspected  (F1 0.667)"
    assert {"label wrong, 3", "label right, 3"} <= set(drawn(draw_example_weights(shown)))
    unknown = example_weights(made_up(family))
    assert unknown is not None
    assert "3 of 6 training examples" in headline(unknown)
    drawn(draw_example_weights(unknown))


def test_the_scan_marks_where_the_slope_explodes(made_up: Make) -> None:
    scan = rate_scan(everything(made_up))
    assert scan is not None
    assert scan.is_factor
    assert scan.edge == pytest.approx(scan.rates[5])
    assert any("noise from" in text for text in drawn(draw_rate_scan(scan)))


def test_a_calm_scan_of_one_rate_is_by_that_rate(made_up: Make) -> None:
    result = made_up(
        {"learning_rate": ("global", "log", 1, np.array(0.1), np.array(2.0))},
        scan_factors=np.geomspace(0.5, 2, 5),
        scan_losses=np.ones(5),
        scan_slopes=np.zeros(5),
    )
    scan = rate_scan(result)
    assert scan is not None
    assert scan.rates[[0, -1]].tolist() == [1.0, 4.0]
    assert np.isnan(scan.edge)
    drawn(draw_rate_scan(scan))


@pytest.mark.parametrize("values", [[0.0], [1.0, -1e-9, np.nan], [2.0] * 40])
def test_any_derivatives_can_be_compared(made_up: Make, values: list[float]) -> None:
    labels = np.array([f"learning_rate[step {k}, array 0.bias]" for k in range(len(values))])
    result = made_up(
        checked_labels=labels,
        checked_gradient=np.array(values),
        checked_differences=np.array(values),
    )
    checked = checked_gradient(result)
    assert checked is not None
    assert checked.labels[0] == "learning rate, step 0, layer 1 bias"
    drawn(draw_checked_gradient(checked))


def test_the_comparison_shows_median_and_range_over_seeds(
    curves: Callable[..., SearchCurves],
) -> None:
    best = np.ones((4, 3, 20))
    best[2] = np.array([0.2, 0.3, 0.9])[:, None]
    best[0, :, :4] = np.nan
    shown = best_so_far(curves(best=best))
    assert (shown.low[2, 0], shown.middle[2, 0], shown.high[2, 0]) == (0.2, 0.3, 0.9)
    assert np.isnan(shown.middle[0, 3])
    assert shown.middle[0, 4] == 1
    texts = drawn(draw_comparison(shown))
    assert "10 hyperparameters, 3 seeds; a hypergradient counts as 4.00 training runs" in texts
    assert "random search: 0.300" in texts


def test_a_comparison_that_found_nothing_can_be_drawn(
    curves: Callable[..., SearchCurves],
) -> None:
    nothing = curves(best=np.full((4, 1, 5), np.nan), metrics=np.full((4, 1, 3, 2), np.nan))
    drawn(draw_comparison(best_so_far(nothing)))


@pytest.fixture(autouse=True)
def _themed():
    with style.themed():
        yield
