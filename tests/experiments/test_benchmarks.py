"""The benchmarks' programs run under autodiff alone: the peers are not installed for the tests."""

from __future__ import annotations

import numpy as onp
import pytest

import autodiff
import autodiff.extend
import autodiff.numpy as np
from experiments.benchmarks.large_arrays import differentiated, library
from experiments.benchmarks.large_cases import CASES
from experiments.benchmarks.small_functions import (
    Library,
    Task,
    derivatives,
    leaves,
    own_primitives,
    tasks,
)


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task.name)
def test_small_programs_have_derivatives(task: Task) -> None:
    call = derivatives(task, {"autodiff": Library(autodiff, np, own_primitives(autodiff))})
    found = leaves(call["autodiff"]())
    assert all(onp.all(onp.isfinite(leaf)) for leaf in found)
    assert any(onp.any(leaf) for leaf in found)


def test_large_cases_have_derivatives_at_every_size() -> None:
    lib = library("autodiff")
    for expression, arguments in CASES:
        args = arguments(400)
        for name in {"x", "y"} & set(args):
            g = onp.asarray(differentiated(expression, name, args, lib)())
            assert g.shape == onp.shape(args[name]), expression
