"""A small file system of a test's own, which can be filled up and given room again.

Fixture `small_disk`: a folder on it, of `SIZE` bytes. It takes a mount, so it is skipped where nobody may mount.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SIZE = 4 * 1024 * 1024
_BALLAST = ".ballast"


@dataclass(frozen=True)
class SmallDisk:
    """The folder, and what fills the rest of its disk."""

    folder: Path

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / _BALLAST).open("ab", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(4096))
            except OSError:
                return

    def free(self) -> None:
        """Give the room back."""
        (self.folder / _BALLAST).unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a disk of its own is mounted, which takes root")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], capture_output=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
