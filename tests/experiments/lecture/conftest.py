"""What several tests of the demos need, and takes seconds."""

from __future__ import annotations

import pytest

from experiments.lecture import hyperopt


@pytest.fixture(scope="session")
def whole_hyperopt() -> hyperopt.Hyperopt:
    """What `sciopt demo hyperopt` finds."""
    return hyperopt.compute()
