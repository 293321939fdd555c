"""The installed command, as a user runs it: from a built wheel, in an empty directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALL = ("--size", "24", "--steps", "10", "--iterations", "5", "--set", "frames=6")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs, and nothing of the checkout."""
    dist = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", dist]
    subprocess.run(list(map(str, build)), cwd=ROOT, check=True, capture_output=True)
    (wheel,) = dist.glob("*.whl")
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(
    site: Path, cwd: Path, *arguments: str, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run the wheel's `sciopt` in `cwd`; dependencies come from this interpreter."""
    environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-c", "import sys; from sciopt.cli import main; sys.exit(main())"]
    done = subprocess.run(
        [*command, *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_the_wheel_is_what_runs(site: Path, tmp_path: Path) -> None:
    script = "import sciopt, autodiff; print(sciopt.__file__, autodiff.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(Path(path).is_relative_to(site) for path in done.stdout.split())


def test_a_run_leaves_a_whole_folder_and_its_config_runs_again_to_the_same_bits(
    site: Path, tmp_path: Path
) -> None:
    first = json.loads(
        run(site, tmp_path, "fluid", "--target", "smile.png", *SMALL, "--json").stdout
    )
    assert set(first) == {
        "run_dir", "loss_initial", "loss_final", "parts", "picture_mismatch", "trial_losses",
        "start_chosen", "evaluations", "seconds", "message",
    }  # fmt: skip
    assert first["loss_final"] < first["loss_initial"]
    folder = tmp_path / first["run_dir"]
    names = {path.name for path in folder.iterdir()} - {"animation.mp4"}
    assert names == {
        "config.yaml", "metrics.csv", "result.npz", "provenance.json",
        "loss.png", "result.png", "animation.gif",
    }  # fmt: skip

    config = str(folder / "config.yaml")
    second = json.loads(run(site, tmp_path, "fluid", "--config", config, "--json").stdout)
    assert second["run_dir"] != first["run_dir"]
    with (
        np.load(folder / "result.npz") as a,
        np.load(tmp_path / second["run_dir"] / "result.npz") as b,
    ):
        assert a.files == b.files
        for name in a.files:
            np.testing.assert_array_equal(a[name], b[name])


def test_shipped_configs_run_by_name(site: Path, tmp_path: Path) -> None:
    listed = run(site, tmp_path, "config", "list").stdout
    assert "smile" in listed
    done = run(site, tmp_path, "fluid", "--config", "smile", *SMALL, "--quiet")
    assert (tmp_path / done.stdout.strip() / "result.npz").is_file()


def test_the_demos_come_with_the_wheel(site: Path, tmp_path: Path) -> None:
    assert (site / "sciopt" / "lecture" / "primitives.py").is_file()
    assert "primitives" in run(site, tmp_path, "demo", "list").stdout
    said = run(site, tmp_path, "demo", "primitives", "--out", "pictures").stdout
    assert "t4 = exp(t3)" in said
    assert (tmp_path / "pictures" / "primitives.png").is_file()


def test_help_and_version_answer_without_the_heavy_libraries(site: Path, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from sciopt.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'numba', 'matplotlib', 'pydantic', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
    )


def test_bad_input_leaves_nothing_behind(site: Path, tmp_path: Path) -> None:
    done = run(site, tmp_path, "fluid", "--target", "smiel", expect=2)
    assert "smile" in done.stderr
    assert list(tmp_path.iterdir()) == []
