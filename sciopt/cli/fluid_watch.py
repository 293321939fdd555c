"""Showing a search as it goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from sciopt.plotting.paint import smoke_picture, with_obstacle
from sciopt.plotting.watch import View, Watch, open_watch
from sciopt.runs import LIVE_PLOT

if TYPE_CHECKING:
    from sciopt.fluid.problem import Stage
    from sciopt.optimize import Iterate


class Live:
    """Draws the flow of an iterate now and then.

    Attributes:
        stage: the level that the iterates are of.
    """

    stage: Stage

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._losses: list[float] = []

    def show(self, iterate: Iterate) -> None:
        """Draw the iterate, if it is time to."""
        self._losses.append(iterate.loss)
        self._watch.update(lambda: self._view(iterate))

    def _view(self, iterate: Iterate) -> View:
        flow, keyframes = self.stage.flow(iterate.x), self.stage.pictures.keyframes
        step = keyframes[-1].step if keyframes else flow.steps[-1]
        target = keyframes[-1].target if keyframes else flow.values["smoke"]
        occlusion = flow.values.get("occlusion")

        def coloured(densities: Any) -> Any:
            picture = smoke_picture(np.asarray(densities))
            return picture if occlusion is None else with_obstacle(picture, occlusion)

        return View(
            smoke=coloured(flow.smoke[flow.at(step)]),
            target=coloured(target),
            losses=np.array(self._losses),
            title=f"iteration {iterate.index}, loss {iterate.loss:.4g}",
        )


def open_live(folder: Path, silent: bool) -> Live:
    """A window, or live.png in the folder of a run; the user is told which."""
    watch = open_watch(folder / LIVE_PLOT)
    if not silent:
        click.echo(f"watch the search in {watch.where}", err=True)
    return Live(watch)
