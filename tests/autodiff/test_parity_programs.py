"""Programs written for Autograd give the same numbers with its name replaced by ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as onp
import pytest
from autograd_programs import PROGRAMS


def assert_same(ours: Any, theirs: Any, where: str = "result") -> None:
    """Equal nesting, shapes and text; numbers to 1e-10."""
    if isinstance(theirs, (tuple, list)):
        assert len(ours) == len(theirs), where
        for k, (a, b) in enumerate(zip(ours, theirs)):
            assert_same(a, b, f"{where}[{k}]")
    elif isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for key in theirs:
            assert_same(ours[key], theirs[key], f"{where}[{key!r}]")
    elif isinstance(theirs, (str, type(None))):
        assert ours == theirs, where
    elif not callable(theirs):
        assert onp.shape(ours) == onp.shape(theirs), where
        onp.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=where)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_program_gives_the_same_under_both_names(program: Callable[[str], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Autograd's own use of deprecated NumPy
        theirs = program("autograd")
    assert_same(program("autodiff"), theirs)


def test_there_are_at_least_25_programs() -> None:
    assert len(PROGRAMS) >= 25
