"""What is to be found: controls that carry smoke into a picture, level by level."""

from __future__ import annotations

from dataclasses import dataclass

from sciopt.fluid.config import FluidConfig
from sciopt.fluid.levels import Level, coarse_to_fine

from .checks import check_settings, check_trials
from .physics import smooth_noise as smooth_noise
from .pictures import grid_shape as grid_shape
from .stage import Stage, build_stage


@dataclass(frozen=True, eq=False)
class FluidProblem:
    """One optimisation.

    Attributes:
        config: the settings.
        levels: from coarse to fine, at least one.
        last: the last level, laid out; what the result is measured by.
    """

    config: FluidConfig
    levels: tuple[Level, ...]
    last: Stage

    @property
    def name(self) -> str:
        """The target's short name, for the run folder."""
        return self.last.pictures.name or "flow"

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences that the user should read before it begins."""
        return self.last.pictures.notices

    def stage(self, number: int) -> Stage:
        """A level, laid out."""
        level = self.levels[number]
        return self.last if level is self.last.level else build_stage(self.config, level)


def build_problem(config: FluidConfig) -> FluidProblem:
    """Read the pictures that `config` names and lay out the problem.

    Raises: TargetError if a picture cannot be read or used; ConfigError for settings that do not
        go together.
    """
    check_settings(config)
    way = config.levels
    levels = coarse_to_fine(
        grid_shape(config.size),
        config.steps,
        config.iterations,
        grids=way.grids,
        blurs=way.blurs,
        shares=way.shares,
        transport=way.transport,
        scale_steps=way.scale_steps,
        smooth_first=way.smooth_first,
        gaps=way.shooting,
    )
    check_trials(config, levels[0].iterations)
    return FluidProblem(config, levels, build_stage(config, levels[-1]))
