"""Every public function of NumPy is accounted for: excluded with a reason, or differentiated."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import autodiff
from experiments.coverage import __main__ as coverage
from experiments.coverage.calls import CALLS
from experiments.coverage.exclusions import NEWEST_NUMPY, NOT_DIFFERENTIABLE
from experiments.coverage.numpy_functions import differentiable_names, unknown_names
from experiments.coverage.registry import families, registered
from experiments.coverage.report import Row, markdown, shares, summary
from experiments.coverage.support import Library, Support, expected_slope, support

OURS = Library("autodiff", autodiff.grad, autodiff.make_jvp)


def test_every_public_name_of_numpy_is_sorted() -> None:
    unknown = unknown_names()
    if unknown and tuple(map(int, np.__version__.split(".")[:2])) > NEWEST_NUMPY:
        pytest.skip(f"new in NumPy {np.__version__}, and not sorted yet: {', '.join(unknown)}")
    assert unknown == []
    assert set(CALLS).isdisjoint(NOT_DIFFERENTIABLE)


def test_calls_depend_on_their_argument() -> None:
    """A call with slope 0 would prove nothing."""
    for name in differentiable_names():
        slope = expected_slope(f"numpy.{name}", CALLS[name])
        assert np.isfinite(slope), name
        assert abs(slope) > 1e-6, name


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_at_least_97_percent_of_numpys_differentiable_functions_are_differentiated() -> None:
    names = differentiable_names()
    missing = [n for n in names if not all(support(OURS, f"numpy.{n}", CALLS[n]))]
    assert len(missing) <= 0.03 * len(names), missing
    assert len(names) > 250


def test_a_wrong_or_missing_derivative_is_not_taken_for_support() -> None:
    call = lambda xp, f, v: f(v)  # noqa: E731
    assert support(OURS, "numpy.sin", call) == Support(True, True)
    slightly_wrong = Library("autodiff", lambda f: lambda x: 1.001 * autodiff.grad(f)(x), _raises)
    assert support(slightly_wrong, "numpy.sin", call) == Support(False, False)


def _raises(fun: object) -> None:
    raise NotImplementedError


def names_in_the_document() -> set[str]:
    document = Path(__file__).parents[2] / "docs" / "coverage.md"
    return set(re.findall(r"^\| `([\w.]+)` \|", document.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_committed_document_names_what_the_registry_and_the_calls_name() -> None:
    """Written by ``python -m experiments.coverage --write docs/coverage.md``."""
    listed = names_in_the_document()
    calls = {f"numpy.{name}" for name in differentiable_names()}
    named = calls | set(registered()) | set(families())
    assert named <= listed
    if tuple(map(int, np.__version__.split(".")[:2])) == NEWEST_NUMPY:
        assert {name for name in listed if name.startswith("numpy.")} <= named


def test_the_registry_has_both_modes_of_every_function_in_it() -> None:
    assert [name for name, modes in registered().items() if not all(modes)] == []
    assert len(registered()) > 240
    assert families()["poisson"] == ["pmf", "logpmf", "cdf", "logcdf", "sf", "logsf"]
    assert "ppf" in families()["norm"]


def test_report_counts_and_lists() -> None:
    rows = [
        Row("numpy.sin", Support(True, True), Support(True, False), True),
        Row("numpy.cos", Support(True, False), Support(False, False), False),
    ]
    assert shares(rows) == (50.0, 50.0, 50.0)
    assert shares([rows[0]._replace(autograd=None, jax=None)]) == (100.0, None, None)
    text = markdown({"NumPy": rows}, ["brand_new"], {"numpy.tan": Support(False, True)}, {})
    assert "| `numpy.tan` | forward |" in text
    assert "| `numpy.cos` | reverse | - | - |" in text
    assert "brand_new" in text
    assert "| NumPy | 2 | 50.0 % |" in summary({"NumPy": rows})
    measured = coverage.measured([("numpy.exp", CALLS["exp"]), ("numpy.absent", CALLS["exp"])])
    assert [row.path for row in measured] == ["numpy.exp"]
