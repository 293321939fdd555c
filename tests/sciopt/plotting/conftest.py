import dataclasses

import numpy as np
import pytest

from sciopt import runs
from sciopt.fluid.drawings import draw
from sciopt.fluid.result import FluidResult
from sciopt.fluid.smoke import initial_smoke


def made_up_result(shape=(24, 30), count=5, **changes):
    """A result in which bands fade into a heart; nothing flows, but all fields agree."""
    target, start = draw("heart", shape)[None], initial_smoke("bands", shape)[None]
    shares = np.linspace(0, 0.9, count)
    frames = np.array([(1 - s) * start + s * target for s in shares])
    x, y = np.meshgrid(
        *(np.linspace(0, 2 * np.pi, n, endpoint=False) for n in shape), indexing="ij"
    )
    velocity = np.array([np.sin(x) * np.cos(y), -np.cos(x) * np.sin(y)])
    losses = np.geomspace(0.4, 0.02, 12)
    made_up = FluidResult(
        keyframe_steps=np.array([40]),
        targets=target[None],
        keyframe_smoke=frames[-1][None],
        smoke_initial=start,
        smoke_final=frames[-1],
        velocity=velocity,
        velocity_final=0.5 * velocity,
        **{name: np.empty(0) for name in ("forces", "inflow", "occlusion")},
        **{name: np.empty(0) for name in ("viscosity", "buoyancy")},
        frames=np.rint(255 * frames).astype(np.uint8),
        frame_smoke=np.empty(0, np.float32),
        frame_velocity=np.empty(0, np.float32),
        frame_steps=np.linspace(0, 40, count).astype(int),
        loss_history=losses,
        grad_norm_history=np.sqrt(losses),
        level_history=np.zeros(len(losses), int),
        search_history=np.zeros(len(losses), int),
        trial_losses=np.empty(0),
        start_chosen=0,
        vector=velocity.ravel(),
        controls=np.array(["initial velocity: 2 numbers"]),
        part_names=np.array(["mean square"]),
        parts_initial=np.array([0.4]),
        parts_final=np.array([0.02]),
        loss_initial=0.4,
        loss_final=0.02,
        picture_mismatch=0.02,
        evaluations=15,
        iterations=11,
        message="made up",
        status="finished",
    )
    if "loss_history" in changes:
        changes.setdefault("level_history", np.zeros(len(changes["loss_history"]), int))
        changes.setdefault("search_history", changes["level_history"])
    return dataclasses.replace(made_up, **changes)


@pytest.fixture
def result():
    """Makes a result of a given grid, with any field changed."""
    return made_up_result


@pytest.fixture
def run_folder(tmp_path):
    """Makes a run folder that holds a result."""

    def made(result):
        runs.save_result(tmp_path, result)
        return tmp_path

    return made


@pytest.fixture(autouse=True)
def no_ffmpeg(monkeypatch):
    """Videos only where a test brings its own encoder: the outcome must not hang on the machine."""
    monkeypatch.setattr("sciopt.plotting.animation._ffmpeg", lambda: None)
