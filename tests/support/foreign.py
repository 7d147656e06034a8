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
        if os.environ.get("CI") and tool.pinned:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def built(tool: Tool) -> Path:
    """Return the folder of a tool that was built before; skip the test where it was not, and build it under CI.

    For suites that run on a tool beside others: whoever calls them alone should not wait minutes for a build.
    """
    if tool.folder.is_dir() or os.environ.get("CI"):
        return program(tool)
    pytest.skip(f"{tool.name} {tool.version} is not built yet: `./portal test` builds it")
