"""Another version of this program: its tree out of git, and a process of it that obeys `either.py`'s commands."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from portal_cli.paths import ROOT
from tests.support.waiting import LIMIT

EITHER = Path(__file__).with_name("either.py")
RELEASES = sorted(file.parent for file in Path(__file__).parent.glob("*/release.json"))
"""The folders of all released versions, the oldest first."""


class NotThere(Exception):
    """The history here does not reach back to that version."""


def commit_of(release: Path) -> str:
    """Return the commit from which a version was released."""
    return json.loads((release / "release.json").read_text())["commit"]


def export(commit: str, folder: Path) -> Path:
    """Put the tree of a commit into a folder and return it.

    Raises:
        NotThere: when git, or the commit, is not to be had.
    """
    folder.mkdir(parents=True)
    archived = folder.with_suffix(".tar")
    command = ["git", "-C", str(ROOT), "archive", "--output", str(archived), commit]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotThere("git is not installed") from None
    except subprocess.CalledProcessError as failed:
        raise NotThere(f"git has no {commit} here: {failed.stderr.strip()[:200]}") from None
    subprocess.run(["tar", "-xf", archived, "-C", folder], check=True)
    return folder


def _program_for(tree: Path) -> Path:
    """Return `either.py` as that version can run it: until 2026-11 the chassis was a package of `services`."""
    if not (tree / "services" / "chassis").is_dir():
        return EITHER
    program = tree / EITHER.name
    program.write_text(EITHER.read_text("utf-8").replace("from chassis.", "from services.chassis."), "utf-8")
    return program


class OtherVersion:
    """A running process of another version, on databases at `url` whose names begin with `prefix`."""

    def __init__(self, tree: Path, url: str, prefix: str, log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(_program_for(tree)), url, prefix],
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"},
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def send(self, *command: Any) -> None:
        """Give a command; `answer` waits for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Return the answer to the oldest command that has none.

        Raises:
            AssertionError: when the process ended, with the end of its log.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the other version ended:\n{Path(self._log.name).read_text()[-3000:]}"
        return json.loads(line)

    def ask(self, *command: Any) -> Any:
        """Give a command and return its answer."""
        self.send(*command)
        return self.answer()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(LIMIT)
        self._process.stdout.close()
        self._log.close()
