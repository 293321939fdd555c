"""The benchmark of compile times, made small: its results are right, and every stage is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.benchmarks import compile_time
from experiments.benchmarks.unrolled_training import Case

pytest.importorskip("llvmlite")

TINY = Case((4, 3, 2), 3, 2)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path))


def test_code_is_made_once_and_then_found_in_the_cache() -> None:
    cold, warm = compile_time.measure_step(TINY), compile_time.measure_step(TINY)
    for part in ("step", "vjp"):
        for stage in ("recording", "lowering", "passes", "load"):
            assert min(each["stages"][part][stage] for each in (cold, warm)) > 0.0
        for stage in ("loops", "code", "LLVM"):
            assert cold["stages"][part][stage] > 0.0 == warm["stages"][part][stage]
    table = compile_time.step_table([cold], [warm])
    assert table.row_count == len(compile_time.FUNCTIONS) + 6


def test_longer_programs_have_more_operations() -> None:
    reports = {steps: compile_time.measure_growth(TINY, steps) for steps in (1, 2)}
    assert 1.5 < reports[2]["operations"] / reports[1]["operations"] < 2.5
    assert reports[1]["explained"].endswith("operations are compiled")
    assert compile_time.growth_table(reports).row_count == len(compile_time.FUNCTIONS) + 4


def test_what_one_stage_calls_of_another_is_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    clock = compile_time.StageClock(lambda: float(next(ticks)))
    inner = lambda: clock._within("loops", lambda: None)  # noqa: E731
    clock._within("load", inner)
    spent = clock.taken()
    # Between readings of the clock one second passes: two of them within "load", one in "loops".
    assert (spent["load"], spent["loops"], spent["passes"]) == (2000.0, 1000.0, 0.0)
