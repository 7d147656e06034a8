"""The folder in which `portal up` keeps everything: recognised by a marker, used by one portal at a time.

The lock is inherited by every child: as long as one of them lives, no second portal can touch the databases.
"""

import fcntl
import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from portal_cli.refusals import Refusal

_MARKER = "PORTAL"
_MARKER_TEXT = "This folder belongs to a client portal (`portal up`). Version 1.\n"
_SECRETS = "secrets.json"
_LOCK = "lock"
_RUNNING = "running.json"


@dataclass(frozen=True)
class Running:
    """Where the portal of a data folder listens, and the key to its services."""

    services_port: int
    service_key: str


def read_running(path: Path) -> Running:
    """Return what the portal of this folder said when it started.

    Raises:
        Refusal: when none ever ran there.
    """
    try:
        said = json.loads((path / _RUNNING).read_text())
        key = json.loads((path / _SECRETS).read_text())["service_key"]
    except OSError:
        raise Refusal(f"No running portal uses {path}, and PORTAL_AMQP_URL is not set.") from None
    return Running(said["services_port"], key)


class DataFolder:
    """A data folder that is ours until this process and its children end. Get it with `DataFolder.open`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.lock = lock

    @classmethod
    def open(cls, path: Path, *, fresh: bool = False, patience: float = 45.0) -> "DataFolder":
        """Take the folder, made or emptied as needed; `patience` is for the children of a portal that was killed.

        From then on nobody else of this machine can look into it, whatever its files are.

        Raises:
            Refusal: when it is in use, is no data folder of ours, or cannot be written.
        """
        try:
            _claim(path)
            path.chmod(0o700)
            folder = cls(path, _lock(path, patience))
            if fresh:
                folder._empty()
        except OSError as error:
            raise Refusal(f"The data folder {path} cannot be used: {error.strerror}.") from None
        return folder

    def folder(self, name: str) -> Path:
        """Return a folder inside, made if it is missing; only we may read it."""
        inside = self.path / name
        inside.mkdir(mode=0o700, parents=True, exist_ok=True)
        return inside

    def secret(self, name: str) -> str:
        """Return the secret of this name: random, the same on every start, readable only by us."""
        file = self.path / _SECRETS
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(32)
            _write_private(file, json.dumps(known, indent=2) + "\n")
        return known[name]

    def say_running(self, services_port: int) -> None:
        """Write down for other commands where the services of this portal listen."""
        _write_private(self.path / _RUNNING, json.dumps({"services_port": services_port}) + "\n")

    def close(self) -> None:
        """Let the folder go."""
        os.close(self.lock)

    def _empty(self) -> None:
        for entry in self.path.iterdir():
            if entry.name in {_MARKER, _LOCK}:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def _claim(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise Refusal(f"{path} is not a folder.")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = path / _MARKER
    if not marker.exists():
        if any(path.iterdir()):
            raise Refusal(f"{path} is not empty; choose an empty folder or one created by `portal up`.")
        marker.write_text(_MARKER_TEXT)


def _lock(path: Path, patience: float) -> int:
    descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 20, 0).decode().strip()
            if _is_running(owner) or time.monotonic() > deadline:
                os.close(descriptor)
                raise Refusal(f"The data folder {path} is in use by another portal (process {owner}).") from None
            time.sleep(0.1)
        else:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            return descriptor


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _write_private(file: Path, text: str) -> None:
    draft = file.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writer:
        writer.write(text)
        writer.flush()
        os.fsync(writer.fileno())
    draft.replace(file)
