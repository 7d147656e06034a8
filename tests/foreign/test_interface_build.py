"""The interface built anew, by the real tools: what is checked in is what they make of the sources, byte by byte."""

import shutil
import subprocess
from pathlib import Path

import pytest

from portal_cli import node
from portal_cli.paths import GATEWAY_SCHEMA, ROOT
from tests.support.soak import LONG

_UI = ROOT / "portal_ui"
_MADE = ("built.json", "persisted-documents.json")
_IS_AT_HAND = (_UI / "node_modules").is_dir()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.skipif(
        not (_IS_AT_HAND or LONG), reason="`npm ci` in portal_ui, or ./portal test --soak, which does it: half a minute"
    ),
]


def test_the_build_is_that_of_the_sources(tmp_path: Path) -> None:
    """Types fit the schema of today, and a build in another folder writes the same files."""
    node.install(_UI)
    there = tmp_path / "portal_ui"
    shutil.copytree(_UI, there, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (there / "node_modules").symlink_to(_UI / "node_modules")
    schema = tmp_path / GATEWAY_SCHEMA.relative_to(ROOT)
    schema.parent.mkdir(parents=True)
    shutil.copy(GATEWAY_SCHEMA, schema)

    for script in ("build", "check"):
        command = ["npm", "run", "--silent", script]
        done = subprocess.run(command, cwd=there, env=node.environment(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    assert [name for name in _MADE if (there / name).read_text() != (_UI / name).read_text()] == []
    assert _contents(there / "dist") == _contents(_UI / "dist")


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
