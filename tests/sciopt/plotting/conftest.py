import dataclasses

import numpy as np
import pytest

from sciopt import runs
from sciopt.fluid.drawings import draw
from sciopt.fluid.result import FluidResult
from sciopt.fluid.smoke import initial_smoke


def made_up_result(shape=(24, 30), count=5, **changes):
    """A result in which bands fade into a heart; nothing flows, but all fields agree."""
    target, start = draw("heart", shape), initial_smoke("bands", shape)
    shares = np.linspace(0, 0.9, count)
    frames = np.array([(1 - s) * start + s * target for s in shares])
    x, y = np.meshgrid(
        *(np.linspace(0, 2 * np.pi, n, endpoint=False) for n in shape), indexing="ij"
    )
    losses = np.geomspace(0.4, 0.02, 12)
    made_up = FluidResult(
        target=target,
        smoke_initial=start,
        smoke_final=frames[-1],
        velocity=np.array([np.sin(x) * np.cos(y), -np.cos(x) * np.sin(y)]),
        frames=np.rint(255 * frames).astype(np.uint8),
        frame_steps=np.linspace(0, 40, count).astype(int),
        loss_history=losses,
        grad_norm_history=np.sqrt(losses),
        loss_initial=0.4,
        loss_final=0.02,
        evaluations=15,
        iterations=11,
        message="made up",
        status="finished",
    )
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
