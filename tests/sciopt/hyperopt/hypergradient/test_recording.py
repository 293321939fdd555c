"""What reverse mode records at once, and that it makes no difference to the gradient."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.hyperopt.hypergradient import recording, reverse


def test_recording_operations_or_states_gives_the_same_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1, "per": "step"}})
    whole = reverse(problem, problem.space.start, 0)
    monkeypatch.setattr(recording, "_MOST_RECORDED", 0)
    assert recording.whole_run_or_states(problem, 5) is None
    states = reverse(problem, problem.space.start, 0)
    assert whole.loss == states.loss
    assert np.array_equal(whole.gradient, states.gradient)


def test_a_short_run_is_recorded_whole_and_an_endless_one_is_not() -> None:
    problem = tiny_problem({"learning_rate": {"start": 0.1, "per": "step"}})
    size = recording.bytes_of_step(problem)
    weights = 8 * problem.layout.size
    assert size > weights  # at least the gradient and the new weights
    assert recording.whole_run_or_states(problem, 5) == "operations"
    assert recording.whole_run_or_states(problem, 10**9 // size + 1) is None


def test_the_collector_is_paused_and_comes_back() -> None:
    assert gc.isenabled()
    with recording.collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), recording.collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()
