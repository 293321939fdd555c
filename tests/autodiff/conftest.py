"""Fixtures that run a test over the cases of the rule table."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as onp
import pytest
from rule_cases import CASES, Case


def _one_real_array(case: Case) -> bool:
    return len(case.args) == 1 and onp.ndim(case.args[0]) > 0


def _is_compiled(case: Case) -> bool:
    """Two of each primitive, which takes LLVM half a minute; with $AUTODIFF_EVERY_CASE all."""
    if os.environ.get("AUTODIFF_EVERY_CASE"):
        return True
    same = [other for other in CASES if other.name == case.name]
    return case is same[0] or case is same[-1]


SUBSETS: dict[str, Callable[[Case], bool]] = {
    "case": lambda case: True,
    "autograd_case": lambda case: case.in_autograd,
    "float32_case": lambda case: case.keeps_float32 and not any(map(onp.iscomplexobj, case.args)),
    "one_array_case": _one_real_array,
    "compiled_case": _is_compiled,
}
"""Fixture name -> which cases a test that asks for it runs over."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, chosen in SUBSETS.items():
        if name in metafunc.fixturenames:
            numbered = [(k, case) for k, case in enumerate(CASES) if chosen(case)]
            metafunc.parametrize(
                name, [case for _, case in numbered], ids=[f"{c.name}-{k}" for k, c in numbered]
            )


@pytest.fixture
def all_cases() -> list[Case]:
    return CASES
