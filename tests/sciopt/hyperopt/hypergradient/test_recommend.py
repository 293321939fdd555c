from __future__ import annotations

from sciopt.hyperopt.hypergradient.recommend import Counts, recommend

GB = 10**9


def test_few_steps_are_stored() -> None:
    found = recommend(Counts(1608, 44_000, 1, 100), 4 * GB)
    assert (found.method, found.memory) == ("reverse", None)
    assert found.bytes == 44_000 * 2 * 8 * 100
    assert "1608 hyperparameters" in found.why
    assert "70.4 MB" in found.why
    assert "(12.8 kB)" in recommend(Counts(2, 8, 1, 100), 4 * GB).why


def test_even_one_hyperparameter_goes_back() -> None:
    found = recommend(Counts(1, 44_000, 1, 100), 4 * GB)
    assert found.method == "reverse"
    assert found.training_runs == 3


def test_one_hyperparameter_goes_forward_where_states_do_not_fit() -> None:
    found = recommend(Counts(1, 44_000, 1, 10_000), 20 * 10**6)
    assert found.method == "forward"
    assert "1 hyperparameter " in found.why
    assert found.training_runs == 4


def test_states_beyond_the_budget_are_recomputed() -> None:
    found = recommend(Counts(50, 10**6, 0, 100), 30 * 8 * 10**6)
    assert (found.method, found.memory) == ("reverse", 30 * 8 * 10**6)
    assert found.bytes <= 30 * 8 * 10**6
    assert 3 < found.training_runs < 4
    assert "storing all 100 states would take 800 MB, more than the 240 MB" in found.why


def test_many_steps_are_retraced_where_that_can_be() -> None:
    counts = Counts(50, 44_000, 1, 10_000, reversal_bits=0.152)
    found = recommend(counts, 20 * 10**6)
    assert found.method == "reversible"
    # 0.152 bits for each of 44 000 weights and 10 000 steps: 8.4 MB, and some arrays of integers.
    assert 8_360_000 < found.bytes < 12_000_000
    assert recommend(Counts(50, 44_000, 1, 10_000), 20 * 10**6).method == "reverse"


def test_forward_is_left_where_not_even_a_state_fits() -> None:
    assert recommend(Counts(50, 10**6, 0, 100), 10**6).method == "forward"


def test_a_few_hyperparameters_go_forward_where_recomputing_costs_more() -> None:
    found = recommend(Counts(2, 10**6, 0, 10**6), 3 * 8 * 10**6)
    assert found.method == "forward"
