"""The measurement of reversible hypergradients runs, in small."""

from __future__ import annotations

import pytest

from experiments.hypergrad.reversible_memory import nanoseconds, settings


@pytest.mark.parametrize("optimizer", ["heavy-ball", "momentum", "adam"])
def test_settings_are_valid(optimizer: str) -> None:
    assert settings(optimizer, 3, None).training.steps == 3


def test_buffers_are_timed_there_and_back() -> None:
    times = nanoseconds("adam", size=10, steps=3)
    assert list(times) == ["beta1 there", "beta1 back", "beta2 there", "beta2 back"]
    assert min(times.values()) > 0
