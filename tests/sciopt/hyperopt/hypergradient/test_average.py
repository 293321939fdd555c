"""Means over seeds; processes change nothing, to the last bit."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tiny_problems import tiny_problem

from sciopt.errors import ModelError, WorkerError
from sciopt.hyperopt.hypergradient.average import SeedPool, averaged, mean_of
from sciopt.hyperopt.hypergradient.hypergradient import Hypergradient
from sciopt.hyperopt.hypergradient.methods import method_of
from sciopt.hyperopt.hypergradient.reverse import reverse
from sciopt.hyperopt.problem import Problem

TUNED = {"learning_rate": {"start": 0.1, "per": "step"}, "init_scale": {"start": 0.5}}


def problem_with(seeds: int, compiled: bool = True, **model: str) -> Problem:
    settings = {"seeds": seeds, "compiled": compiled}
    return tiny_problem(TUNED, model=model, hypergradient=settings)


def test_mean_of_losses_gradients_diagnostics_and_notices() -> None:
    a = Hypergradient(1.0, np.array([1.0, 2.0]), {"residual": 0.1}, ("slow", "one"))
    b = Hypergradient(3.0, np.array([3.0, -2.0]), {"residual": 0.4}, ("slow", "two"))
    mean = mean_of([a, b])
    assert mean.loss == 2.0
    np.testing.assert_array_equal(mean.gradient, [2.0, 0.0])
    assert mean.diagnostics == {"residual": 0.4}
    assert mean.notices == ("slow", "one", "two")
    assert mean_of([a]) is a


def test_averaged_is_the_mean_of_single_runs() -> None:
    problem = problem_with(1)
    vector = problem.space.start
    found = averaged(reverse, problem, vector, [3, 4, 9])
    single = [reverse(problem, vector, seed) for seed in (3, 4, 9)]
    assert found.loss == sum(each.loss for each in single) / 3
    np.testing.assert_array_equal(found.gradient, sum(each.gradient for each in single) / 3)


def test_several_processes_give_the_same_bits_and_survive_errors(tmp_path: Path) -> None:
    """One pool for all of it: starting processes takes a second or two."""
    path = tmp_path / "mine.py"
    path.write_text(
        "import os\n"
        "import autodiff.numpy as np\n"
        "class Line:\n"
        "    def init(rng, input_shape, outputs):\n"
        "        return {'w': rng.standard_normal((input_shape[0], outputs))}\n"
        "    def predict(params, inputs):\n"
        f"        if os.path.exists({str(tmp_path / 'raise')!r}):\n"
        "            raise ValueError('not today')\n"
        f"        if os.path.exists({str(tmp_path / 'die')!r}):\n"
        "            os._exit(3)\n"
        "        return np.dot(inputs, params['w'])\n"
        "    def loss(outputs, targets):\n"
        "        return np.sum((outputs - targets) ** 2, axis=1)\n"
    )
    # A recorded model would not look for those files again.
    problem = problem_with(3, compiled=False, name=f"{path}:Line")
    vector = problem.space.start
    alone = averaged(method_of(problem), problem, vector, [3, 4, 9])
    with SeedPool(problem, 2) as pool:
        shared = pool(vector, [3, 4, 9])
        assert shared.loss == alone.loss
        np.testing.assert_array_equal(shared.gradient, alone.gradient)

        (tmp_path / "raise").touch()
        with pytest.raises(ModelError, match=r"mine.py:8: predict.* not today"):
            pool(vector, [3, 4, 9])
        (tmp_path / "raise").unlink()
        np.testing.assert_array_equal(pool(vector, [3, 4, 9]).gradient, alone.gradient)

        (tmp_path / "die").touch()
        with pytest.raises(WorkerError, match=r"hypergradient\.processes"):
            pool(vector, [3, 4, 9])
    assert not multiprocessing.active_children()


def test_compiled_runs_have_the_same_bits_in_every_process() -> None:
    problem = problem_with(3)
    vector = problem.space.start
    alone = averaged(method_of(problem), problem, vector, [3, 4, 9])
    with SeedPool(problem, 2) as pool:
        shared = pool(vector, [3, 4, 9])
    assert shared.loss == alone.loss
    np.testing.assert_array_equal(shared.gradient, alone.gradient)


def test_one_seed_or_one_process_starts_no_other() -> None:
    for seeds, processes in ((1, 4), (3, 1)):
        problem = problem_with(seeds)
        with SeedPool(problem, processes) as pool:
            found = pool(problem.space.start, [3])
            assert not multiprocessing.active_children()
        np.testing.assert_array_equal(
            found.gradient, reverse(problem, problem.space.start, 3).gradient
        )


SCRIPT = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
sys.path.insert(0, {tests!r})
from tiny_problems import tiny_problem
from sciopt.hyperopt.hypergradient.average import SeedPool

if __name__ == "__main__":
    tuned = {{"learning_rate": {{"start": 0.1}}}}
    settings = {{"method": "forward", "seeds": 2}}
    problem = tiny_problem(tuned, {{"steps": 10_000_000}}, hypergradient=settings)
    with SeedPool(problem, 2) as pool:
        runs = [pool._pool.submit(os.getpid) for _ in range(8)]
        print(*sorted({{run.result() for run in runs}}), flush=True)
        pool(problem.space.start, [1, 2])
"""


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_parent(ending: signal.Signals, tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parents[3]
    script = tmp_path / "long_run.py"
    script.write_text(SCRIPT.format(tests=str(tests)))
    environment = {**os.environ, "PYTHONPATH": str(tests.parent)}
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert workers
        time.sleep(0.3)  # into the runs
        parent.send_signal(ending)
        try:
            parent.wait(timeout=30)
        finally:
            parent.kill()
    deadline = time.monotonic() + 30
    while any(map(_is_alive, workers)):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    # One that ended, but whose new parent has not asked for its status yet, is a zombie.
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("method", ["online", "implicit"])
def test_a_pool_that_recalls_goes_on_as_if_it_had_not_been_interrupted(method: str) -> None:
    settings = {"method": method, "update_every": 2, "solver": "neumann", "damping": 0.1}
    problem = tiny_problem({"l2": {"start": 0.1, "per": "layer"}}, hypergradient=settings)
    vectors = problem.space.start + np.array([[0.0], [0.1], [0.2]])
    with (
        SeedPool(problem, 1) as whole,
        SeedPool(problem, 1) as resumed,
        SeedPool(problem, 1) as cold,
    ):
        for vector in vectors[:2]:
            whole(vector, [3])
            resumed.recall(vector, [3], whole.kept())
        expected = whole(vectors[2], [3]).gradient
        np.testing.assert_array_equal(resumed(vectors[2], [3]).gradient, expected)
        assert (cold(vectors[2], [3]).gradient != expected).any()
