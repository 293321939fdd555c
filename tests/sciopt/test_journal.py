"""Answers that are kept, and given again in their order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sciopt.errors import RunFolderError
from sciopt.journal import Answer, Journal


def asked(path: Path, questions: list[float]) -> tuple[list[float], list[float]]:
    """Twice each question, and the questions that had to be computed."""
    computed = []

    def twice(question: float) -> Answer:
        computed.append(question)
        return {"loss": np.array(2 * question), "words": np.array(["a", "bc"])}

    with Journal(path) as journal:
        found = [journal(np.array([q]), lambda q=q: twice(q))["loss"].item() for q in questions]
    return found, computed


def test_old_answers_are_given_again_and_new_ones_appended(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    assert asked(path, [1, 2]) == ([2, 4], [1, 2])
    assert asked(path, [1, 2, 3]) == ([2, 4, 6], [3])
    assert asked(path, [1, 2, 3]) == ([2, 4, 6], [])


@pytest.mark.parametrize("lost", [1, 30, 200])
def test_a_record_cut_off_by_a_crash_is_computed_again(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "journal.bin"
    asked(path, [1, 2])
    whole = path.read_bytes()
    path.write_bytes(whole[:-lost])
    assert asked(path, [1, 2, 3]) == ([2, 4, 6], [2, 3])
    assert path.read_bytes().startswith(whole)


def test_another_question_than_before_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    asked(path, [1, 2])
    with pytest.raises(RunFolderError, match="went another way"):
        asked(path, [1, 5])


def test_what_comes_after_the_most_bytes_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.bin"
    asked(path, [1, 2])
    most = path.stat().st_size + 10  # no room for a third
    with Journal(path, most) as journal:
        found = [
            journal(np.array([q]), lambda q=q: {"loss": np.array(2 * q)})["loss"].item()
            for q in [1, 2, 3, 4]
        ]
    assert found == [2, 4, 6, 8]
    assert path.stat().st_size <= most
    assert asked(path, [1, 2, 3]) == ([2, 4, 6], [3])
