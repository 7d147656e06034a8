"""The 30,000 most used passwords, read from the data of the package `zxcvbn`, of which nothing else is loaded."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

LEAST = 4
"""Characters; shorter words are part of too many passwords that are good."""


@cache
def most_used() -> frozenset[str]:
    """Return those with at least `LEAST` characters, in small letters.

    Raises:
        LookupError: the package has no such list.
    """
    package = importlib.util.find_spec("zxcvbn")
    folders = package.submodule_search_locations if package else None
    for folder in folders or ():
        listed: dict[str, Any] = {}
        exec(compile((Path(folder) / "frequency_lists.py").read_bytes(), "frequency_lists.py", "exec"), listed)  # noqa: S102
        return frozenset(word for word in listed["FREQUENCY_LISTS"]["passwords"] if len(word) >= LEAST)
    raise LookupError("The package zxcvbn has no list of passwords.")
