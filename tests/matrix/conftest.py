"""The matrix asks an application that strangers may use."""

import pytest

from core.settings import Settings


@pytest.fixture
def settings(open_settings: Settings) -> Settings:
    """Those of an installation with mail and an OPS_TOKEN."""
    return open_settings
