"""The windows of tests/ui serve here too."""

import pytest

from tests.ui.conftest import jobs, make_window, theme

__all__ = ["approve", "jobs", "make_window", "theme"]


@pytest.fixture
def approve(request: pytest.FixtureRequest) -> bool:
    """True when somebody has looked at the pages and wants them kept as they are."""
    return bool(request.config.getoption("--approve"))
