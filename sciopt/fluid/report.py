"""What came of a search, laid out: the flow of the best controls, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sciopt.fluid.objectives import added
from sciopt.optimize import Iterate, Outcome

from .problem import FluidProblem, Stage
from .problem.objectives import picture_mismatch
from .result import FluidResult

_CHOSEN = ("forces", "inflow", "occlusion", "viscosity", "buoyancy")


class History:
    """Iterates of all searches, counted through.

    Attributes:
        iterations, evaluations: of the searches that have ended.
        trial_losses: what the trial of each start came to.
        start_chosen: number of the start that went on.
    """

    def __init__(self) -> None:
        self.iterations, self.evaluations = 0, 0
        self.trial_losses: list[float] = []
        self.start_chosen = 0
        self._seconds = 0.0
        self._iterates: list[Iterate] = []
        self._places: list[tuple[int, int]] = []
        self._level, self._search = -1, 0

    @property
    def is_empty(self) -> bool:
        """Whether not even the start is known."""
        return not self._iterates

    def begin_level(self) -> None:
        """The searches that follow are on the next level."""
        self._level += 1

    def add(self, iterate: Iterate) -> Iterate:
        """Note an iterate of this search; it is returned as it counts in all of them together."""
        iterate = replace(
            iterate,
            index=self.iterations + iterate.index,
            evaluations=self.evaluations + iterate.evaluations,
            seconds=self._seconds + iterate.seconds,
        )
        self._iterates.append(replace(iterate, x=np.empty(0)))
        self._places.append((self._level, self._search))
        return iterate

    def end_search(self, outcome: Outcome) -> None:
        """What is added from now on is of the next search."""
        self.iterations += outcome.iterations
        self.evaluations += outcome.evaluations
        self._seconds += outcome.seconds
        self._search += 1

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The fields of `FluidResult` that tell of the way."""
        return {
            "loss_history": np.array([iterate.loss for iterate in self._iterates]),
            "grad_norm_history": np.array([iterate.grad_norm for iterate in self._iterates]),
            "level_history": np.array([level for level, _ in self._places], np.int64),
            "search_history": np.array([search for _, search in self._places], np.int64),
            "trial_losses": np.array(self.trial_losses, np.float64),
        }


def report(
    problem: FluidProblem, vector: NDArray[np.floating[Any]], outcome: Outcome, history: History
) -> FluidResult:
    """The result of a search that ended at a vector of the last level."""
    stage, config = problem.last, problem.config
    first = stage.start(history.start_chosen)
    start = stage.parts(first, stage.flow(first))
    keyframes, flow = stage.pictures.keyframes, stage.flow(vector)
    end = stage.parts(vector, flow)
    pictured = [np.asarray(flow.smoke[flow.at(frame.step)]) for frame in keyframes]
    shape = stage.pictures.smoke.shape
    targets = [frame.target for frame in keyframes]
    return FluidResult(
        keyframe_steps=np.array([frame.step for frame in keyframes], np.int64),
        targets=np.array(targets, config.dtype).reshape(len(keyframes), *shape),
        keyframe_smoke=np.array(pictured, config.dtype).reshape(len(keyframes), *shape),
        smoke_initial=np.asarray(flow.values["smoke"]),
        smoke_final=np.asarray(flow.smoke[-1]),
        velocity=np.asarray(flow.values["velocity"]),
        velocity_final=np.asarray(flow.velocity[-1]),
        **{name: np.asarray(flow.values.get(name, np.empty(0))) for name in _CHOSEN},
        **_frames(stage, vector),
        **history.arrays(),
        start_chosen=history.start_chosen,
        vector=np.asarray(vector, np.float64),
        controls=np.array(stage.controls.summary(vector)),
        part_names=np.array(list(end)),
        parts_initial=_numbers(start),
        parts_final=_numbers(end),
        loss_initial=float(added(start)),
        loss_final=float(added(end)),
        picture_mismatch=picture_mismatch(flow, keyframes),
        evaluations=history.evaluations,
        iterations=history.iterations,
        message=_message(problem, outcome),
        status=outcome.status,
    )


def _message(problem: FluidProblem, outcome: Outcome) -> str:
    levels = len(problem.levels)
    return outcome.message if levels == 1 else f"{outcome.message} of one of {levels} levels"


def _numbers(parts: Mapping[str, Any]) -> NDArray[np.float64]:
    return np.array([float(part) for part in parts.values()])


def _frames(stage: Stage, vector: NDArray[np.floating[Any]]) -> dict[str, NDArray[Any]]:
    """Smoke through time; as numbers, and velocity, where they will be shown or exported."""
    config, steps = stage.config, stage.level.steps
    count = min(config.frames, steps + 1)
    wanted = [round(k * steps / (count - 1)) for k in range(count)]
    flow = stage.flow(vector, wanted)
    smoke = np.stack([np.asarray(s) for s in flow.smoke])
    numbers = config.export == "npz"
    moving = numbers or config.show != "smoke" or config.overlay != "none"
    velocity = np.array(flow.velocity if moving else [], np.float32)
    return {
        "frames": np.rint(255 * np.clip(smoke, 0, 1)).astype(np.uint8),
        "frame_smoke": np.array(smoke if numbers else [], np.float32),
        "frame_velocity": velocity,
        "frame_steps": np.array(wanted),
    }
