"""Figures of a tuned training run: what was tuned, what it brought, what was learned.

Each figure is first a frozen dataclass of plain data, then ink. Only those are drawn that make
sense for a run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from matplotlib.figure import Figure

from sciopt import runs
from sciopt.hyperopt.result import HyperoptResult, SearchCurves
from sciopt.plotting import style

from .comparison import best_so_far, draw_comparison
from .curves import draw_learning_curves, draw_outer_steps, learning_curves, outer_steps
from .examples import draw_example_weights, example_weights
from .images import draw_pictures, learned_inputs, weight_maps
from .probes import checked_gradient, draw_checked_gradient, draw_rate_scan, rate_scan
from .schedules import draw_schedules, schedules
from .summary import draw_summary, summary
from .values import draw_values, family_values


def draw(folder: Path) -> list[Path]:
    """Draw a run into its folder and return the files that were written.

    Raises: RunFolderError if the folder holds no result of hyperopt.
    """
    result = runs.load_result(folder, HyperoptResult)
    curves = None
    if (folder / runs.COMPARISON).exists():
        curves = runs.load_result(folder, SearchCurves, runs.COMPARISON)
    with style.themed():
        return [style.save(figure, folder / name) for name, figure in _figures(result, curves)]


def _figures(result: HyperoptResult, curves: SearchCurves | None) -> Iterator[tuple[str, Figure]]:
    """The figures that make sense for a run, with the names of their files."""
    yield runs.RESULT_PLOT, draw_summary(summary(result))
    yield runs.LOSS_PLOT, draw_outer_steps(outer_steps(result))
    yield runs.CURVES_PLOT, draw_learning_curves(learning_curves(result))
    if values := family_values(result):
        yield runs.VALUES_PLOT, draw_values(values)
    if steps := schedules(result):
        yield runs.SCHEDULES_PLOT, draw_schedules(steps)
    if (inputs := learned_inputs(result)) is not None:
        yield runs.INPUTS_PLOT, draw_pictures(inputs)
    for k, weights in enumerate(weight_maps(result)):
        yield runs.WEIGHTS_PLOT.format("" if k == 0 else f"-{k + 1}"), draw_pictures(weights)
    if (examples := example_weights(result)) is not None:
        yield runs.EXAMPLES_PLOT, draw_example_weights(examples)
    if (scan := rate_scan(result)) is not None:
        yield runs.SCAN_PLOT, draw_rate_scan(scan)
    if (checked := checked_gradient(result)) is not None:
        yield runs.CHECKED_PLOT, draw_checked_gradient(checked)
    if curves is not None:
        yield runs.COMPARISON_PLOT, draw_comparison(best_so_far(curves))
