"""Programs of others in tests: found or built, else skipped with the reason, and failed under CI."""

import os
from pathlib import Path

import pytest

from portal_cli.toolbox import Tool, ToolMissing


def program(tool: Tool) -> Path:
    """Return the folder of a tool; skip the test where it cannot be had, and fail it under CI."""
    try:
        return tool.ready()
    except ToolMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
