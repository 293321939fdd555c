"""Fixtures for all tests: seeded randomness, and the pictures of the lecture where they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20260101)


@pytest.fixture(autouse=True)
def _seed_global_generator() -> None:
    """`check_grads` draws its directions from NumPy's global generator."""
    np.random.seed(0)  # noqa: NPY002


@pytest.fixture(scope="session", autouse=True)
def _cache_of_compiled_programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The session's own: tests compile what they run, and leave nothing behind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path_factory.mktemp("programs")))
        yield


@pytest.fixture
def lecture_images() -> Path:
    """The folder with skull.png and init_smoke.png: data that is not ours to distribute."""
    folder = SHARED_DATA / "fluid"
    if not (folder / "skull.png").is_file():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have the lecture's pictures in {folder}")
        pytest.skip(f"the lecture's pictures are not in {folder}")
    return folder
