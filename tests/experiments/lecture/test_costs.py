"""What the demos say about cost: counted, never timed."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.lecture import finite_differences, forward_reverse, symbolic, vjp


@pytest.fixture(scope="module")
def differences() -> finite_differences.Differences:
    return finite_differences.compute(sizes=(1, 3, 10), timed=False)


def test_differences_run_the_program_for_each_parameter_and_autodiff_once(
    differences: finite_differences.Differences,
) -> None:
    assert differences.runs == {
        "forward difference": [2, 4, 11],
        "central difference": [2, 6, 20],
        "complex step": [1, 3, 10],
        "autodiff": [1, 1, 1],
    }


def test_all_methods_find_one_gradient(differences: finite_differences.Differences) -> None:
    assert differences.agreement < 1e-6  # forward differences with h = 1e-8 are the least exact


def test_differences_have_a_floor_and_autodiff_none(
    differences: finite_differences.Differences,
) -> None:
    errors, h = differences.errors, differences.steps
    assert errors["autodiff"].max() < 1e-15
    assert errors["complex step"][h < 1e-8].max() < 1e-14
    for method, order, best in (("forward difference", 1, 1e-8), ("central difference", 2, 6e-6)):
        curve = errors[method]
        assert curve.min() > 1e-13
        assert curve[h < 1e-15].min() > 1e-3  # the difference has no digits left
        assert 1e-2 * best < h[np.argmin(curve)] < 1e2 * best
        large = (h > 1e-4) & (h < 1e-2)
        slope = np.polyfit(np.log(h[large]), np.log(curve[large]), 1)[0]
        assert slope == pytest.approx(order, abs=0.05)  # of the next term of the Taylor series


def test_the_report_of_differences_can_do_without_times(
    differences: finite_differences.Differences,
) -> None:
    assert any("autodiff" in line for line in finite_differences.report(differences))


def test_forward_mode_pays_for_inputs_and_reverse_mode_for_outputs() -> None:
    found = forward_reverse.compute(counts=(1, 2, 5), timed=False)
    assert found.passes == {
        ("forward", "inputs"): [1, 2, 5],
        ("reverse", "inputs"): [1, 1, 1],
        ("forward", "outputs"): [1, 1, 1],
        ("reverse", "outputs"): [1, 2, 5],
    }
    assert found.agreement < 1e-14
    forward, reverse, difference = found.directional
    assert forward == pytest.approx(reverse, rel=1e-14)
    assert forward == pytest.approx(difference, rel=1e-8)


def test_the_jacobian_takes_the_square_of_the_memory_and_gives_the_same() -> None:
    found = vjp.compute(sizes=(64, 256))
    for cost in found.costs.values():
        assert cost.difference < 1e-13  # sums of 256 products, in different order
        for n, explicit in zip(found.sizes, cost.bytes_jacobian):
            assert explicit >= 8 * n * n
        assert cost.bytes_vjp[1] < 8 * 8 * 256  # a few vectors, and the tape
        assert cost.bytes_jacobian[1] / cost.bytes_jacobian[0] > 8


def test_formulas_grow_with_the_cube_of_depth_and_the_tape_evenly() -> None:
    pytest.importorskip("sympy")
    found = symbolic.compute(depth=4)
    assert found.tape_sizes == [7, 14, 21, 28]
    assert np.diff(found.program_sizes).tolist() == [8, 8, 8]
    assert found.formula_sizes == [35, 176, 487, 1032]
    assert np.diff(found.formula_sizes, n=2).min() > 0
    assert found.agreement < 1e-13
    assert len(found.formulas) == 2
