"""The programs of the compiler's benchmark, at tiny sizes; JAX is not installed for the tests."""

from __future__ import annotations

import numpy as onp
import pytest

from experiments.benchmarks import compiled_programs
from experiments.benchmarks.compiled_programs_tasks import Task, tasks
from experiments.benchmarks.small_functions import leaves


@pytest.mark.parametrize("task", tasks(tiny=True), ids=lambda task: task.name)
def test_programs_give_compiled_what_they_give_eagerly(task: Task) -> None:
    expected = leaves(compiled_programs.eager(task)(*task.args))
    compiled = compiled_programs.compiled(task)
    for _ in range(2):  # the second time by the program that the first one made
        for got, wanted in zip(leaves(compiled(*task.args)), expected, strict=True):
            # Cotangents of what was used several times may be added in another order.
            onp.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-11)
    assert any(onp.any(leaf) for leaf in expected)
    assert not compiled.explain(*task.args).startswith("not compiled")


def test_the_table_shows_times_of_eager_and_compiled_runs() -> None:
    peers = {"eager": compiled_programs.eager, "compiled": compiled_programs.compiled}
    table = compiled_programs.measure(tasks(tiny=True)[:1], peers, rounds=1, seconds=0.0)
    assert table.row_count == 4  # the program, the mean, the worst, the bars
