"""A sandbox for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A sandbox in this event loop, with a folder of its own."""
    async with running_sandbox(tmp_path / "sandbox") as running:
        yield running
