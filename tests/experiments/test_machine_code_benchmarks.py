"""The benchmarks of machine code, made small: they run, and what they time is right."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("llvmlite")

from experiments.benchmarks import compilations, vector_math


@pytest.mark.skipif(not hasattr(compilations.os, "sysconf"), reason="asks Linux for its memory")
def test_compilations_are_made_and_forgotten(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", "")  # which it sets, and which is set back
    compilations.main(["--count", "2", "--calls", "10"])
    lines = capsys.readouterr().out.splitlines()
    assert sum("compilations" in line for line in lines) == 3
    assert lines[-1].split()[:2] == ["10", "calls"]


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "logaddexp"])
def test_vector_functions_are_those_of_numpy(name: str) -> None:
    x = np.linspace(-2, 2, 50)
    arrays, out = [x, x[::-1].copy()][: 1 + (name == "logaddexp")], np.empty(50)
    vector_math.compiled(name, np.float64, arrays, out)()
    np.testing.assert_allclose(out, vector_math.with_numpy(name)(*arrays), rtol=1e-14)
