"""Plans: budgets in words, the schedule chosen from them, the predicted cost."""

from __future__ import annotations

import pytest

from autodiff.checkpointing.plan import binomial_advances, make_plan, parse_bytes


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("500 MB", 500_000_000),
        ("2GiB", 2 * 1024**3),
        ("1.5 kB", 1500),
        ("12", 12),
        ("7 b", 7),
        (4096, 4096),
        (1e6, 1_000_000),
        (0, 0),
    ],
)
def test_sizes_are_read(size: int | float | str, expected: int) -> None:
    assert parse_bytes(size) == expected


@pytest.mark.parametrize("size", ["lots", "5 XB", "-3 MB", "", -1, True, float("nan"), [3]])
def test_what_is_no_size_is_refused(size: object) -> None:
    with pytest.raises(ValueError, match="a size is a number of bytes or like"):
        parse_bytes(size)  # type: ignore[arg-type]


def test_everything_is_stored_where_it_fits() -> None:
    for memory in (None, 1000, "1 kB"):
        plan = make_plan(10, 100, memory)
        assert (plan.schedule, plan.states_stored, plan.bytes) == ("store all", 10, 1000)
        assert plan.forward_steps == 20
        assert plan.recomputation == 1.0


def test_a_smaller_budget_gives_revolve_within_it() -> None:
    plan = make_plan(10_000, 3 * 128 * 128 * 8, "200 MB")
    assert plan.schedule == "revolve"
    assert plan.bytes <= 200_000_000 < plan.bytes + plan.state_bytes
    assert plan.forward_steps < 3 * plan.length


def test_a_disk_gives_two_levels_which_recompute_once() -> None:
    plan = make_plan(1000, 100, 900, 100_000)
    assert (plan.schedule, plan.period) == ("two-level", 10)
    assert plan.states_on_disk == 100
    assert plan.disk_bytes == 10_000
    assert plan.forward_steps <= 3 * plan.length


def test_a_small_disk_makes_the_period_longer() -> None:
    plan = make_plan(1000, 100, 900, 1000)
    assert plan.states_on_disk == 10
    assert plan.period == 100


def test_less_than_one_state_is_refused_with_the_least_budget() -> None:
    with pytest.raises(ValueError, match=r"memory='1 kB' holds no state: one takes 4096 bytes"):
        make_plan(10, 4096, "1 kB")
    with pytest.raises(ValueError, match=r"disk=100 holds no state: one takes 4096 bytes"):
        make_plan(10, 4096, "10 kB", 100)
    with pytest.raises(ValueError, match="give memory="):
        make_plan(10, 4096, None, 100)


def test_no_steps_and_states_without_bytes_need_no_budget() -> None:
    assert make_plan(0, 4096, 1).forward_steps == 0
    assert make_plan(0, 4096, 1).recomputation == 1.0
    assert make_plan(50, 0, 0).schedule == "store all"


def test_binomial_cost_is_the_optimum() -> None:
    # The recursion that defines it: advance m, store, reverse the rest, then reverse the m.
    best = {(1, s): 0 for s in range(1, 8)}
    for length in range(2, 30):
        for s in range(1, 8):
            if s == 1:
                best[length, s] = length * (length - 1) // 2
            else:
                best[length, s] = min(
                    m + best[length - m, s - 1] + best[m, s] for m in range(1, length)
                )
            assert binomial_advances(length, s) == best[length, s]


def test_a_plan_says_what_it_costs() -> None:
    text = str(make_plan(1000, 100, 900, 1000))
    assert "two-level: 1000 steps, 9 states in memory (900 B), 10 on disk (1 kB)" in text
    assert "evaluations of the step" in text
