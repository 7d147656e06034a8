"""What is made from code and checked in is what the code makes now; a failure says what differs and what to run."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from portal_cli.checked_in import CheckedIn, lines_that_differ


def assert_up_to_date(files: CheckedIn) -> None:
    """Fail with the command that writes the files and the first lines that differ."""
    if difference := files.difference():
        pytest.fail(difference, pytrace=False)


def assert_made_by(command: str, made: Mapping[Path, str]) -> None:
    """Fail where a file is not what the command writes."""
    assert_up_to_date(CheckedIn(dict(made), command))


def assert_holds(file: Path, made: str, command: str) -> None:
    """Fail where a file does not hold what a command prints; each part is compared with the one that begins alike.

    Such parts are copied by hand, so the failure says from where.
    """
    text = file.read_text("utf-8")
    for part in [part for part in made.strip().split("\n\n") if part not in text]:
        first = re.escape(part.splitlines()[0])
        held = re.search(rf"^{first}\n(?:.+\n?)*", text, re.MULTILINE)
        lines = lines_that_differ(held[0] if held else "", part, file.name)
        told = f"{file.name} is out of date: copy what `{command}` prints into it"
        pytest.fail("\n".join([told, *lines]), pytrace=False)
