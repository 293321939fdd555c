"""What is known about where a result comes from."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from sciopt import provenance as module
from sciopt.provenance import provenance


def test_the_record_tells_versions_machine_command_and_seed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sciopt", "fluid", "--seed", "7"])
    record = json.loads(json.dumps(provenance({"seed": 7})))
    assert record["command"] == ["sciopt", "fluid", "--seed", "7"]
    assert (record["seed"], record["cwd"]) == (7, str(tmp_path))
    assert {"python", "sciopt", "numpy", "scipy", "numba"} <= set(record["versions"])
    assert record["machine"]["cores"] == os.cpu_count()
    assert record["machine"]["threads"] >= 1


def test_threads_are_as_many_as_numba_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    assert provenance({})["machine"]["threads"] == 1


def test_outside_a_checkout_there_is_no_revision(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "sciopt" / "provenance.py"))
    assert provenance({})["source"] is None


def test_without_git_there_is_no_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert provenance({})["source"] is None
