"""Run with python-stdnum's own Python: print the valid numbers of its tests by kind, as JSON.

The tests are doctests with long lists in triple quotes; a number counts where the module that the test imports says
that it is valid.
"""

import importlib
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

_IMPORTED = re.compile(r"from (stdnum[\w.]*) import (\w+)")
_LIST = re.compile(r"'''(.*?)'''", re.DOTALL)
_PROMPT = re.compile(r"^\s*(?:\.\.\.|>>>)?\s?")


def valid_of(test: str, module: object) -> set[str]:
    found: set[str] = set()
    for block in _LIST.findall(test):
        for line in block.splitlines():
            number = _PROMPT.sub("", line).strip()
            if number and module.is_valid(number):
                found.add(number)
    return found


def main(folder: Path) -> None:
    by_kind: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.glob("test_*.doctest")):
        test = path.read_text("utf-8")
        for package, name in set(_IMPORTED.findall(test)):
            try:
                module = importlib.import_module(f"{package}.{name}")
            except ImportError:
                continue
            if hasattr(module, "is_valid"):
                by_kind[f"{package}.{name}".removeprefix("stdnum.")] |= valid_of(test, module)
    json.dump({kind: sorted(numbers) for kind, numbers in by_kind.items() if numbers}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
