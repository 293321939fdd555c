"""What several tests of the demos need, and takes seconds."""

from __future__ import annotations

import pytest

from experiments.lecture import hyperopt, wing


@pytest.fixture(scope="session")
def whole_hyperopt() -> hyperopt.Hyperopt:
    """What `sciopt demo hyperopt` finds."""
    return hyperopt.compute()


@pytest.fixture(scope="session")
def whole_wing() -> wing.Wing:
    """What `sciopt demo wing` finds."""
    return wing.compute()
