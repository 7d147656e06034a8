"""Development tools from npm: installed from their lock file by the first test that needs one, or skipped."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from portal_cli import node
from portal_cli.paths import TOOLS
from tests.support.waiting import LIMIT


def installed(tool: str) -> Path:
    """Return the folder of a tool with its packages installed.

    Skips the test where there is no Node or the packages cannot be had.
    """
    folder = TOOLS / tool
    try:
        node.install(folder)
    except (node.NodeMissing, subprocess.CalledProcessError) as error:
        pytest.skip(f"{tool}: {error}")
    return folder


async def run_node(folder: Path, *arguments: str, seconds: float = 5 * LIMIT) -> tuple[int, str, str]:
    """Run node in a tool's folder; return exit code, output and errors."""
    program, pipe = node.node_folder() / "node", asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        program, *arguments, cwd=folder, env=node.environment(), stdout=pipe, stderr=pipe
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, out.decode(), err.decode()
