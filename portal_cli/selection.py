"""Which tests `portal test PATH` and `portal test -k NAME` mean, told from the text of the files: nothing is imported.

pytest decides what runs. This only keeps it from more than is needed: from collecting four thousand tests to run one of
them, from doing so once more in every worker process, and from a broker that no chosen test asks for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portal_cli.paths import ROOT

TESTS = ROOT / "tests"
_FEW = 150
"""So many tests, counted without their parameters, run sooner in one process than two processes collect them."""
_TEST = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)
_WORD = re.compile(r"\w+")
_OPERATORS = {"and", "or", "not"}
_ASKS_FOR_A_BROKER = re.compile(r"\bbrokers?\b|amqp_url|rabbitmq_node|mark\.e2e")


@dataclass(frozen=True)
class Selection:
    """What was asked for: `paths` as pytest takes them (files, folders, `file::test`) and an expression of `-k`."""

    paths: tuple[str, ...]
    keyword: str = ""
    tests: Path = TESTS

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The files to collect: those of the paths, and with `-k` by full names only those that have such a test.

        `-k` looks at parameters too, which stand in no file. So only words that begin with `test_`, or are a test's
        name behind that, or three words of it, are looked up; with any other word every file is collected.
        """
        asked = tuple(self._asked())
        if "not" in self._words or not self._names:
            return asked
        having = tuple(file for file in asked if any(_has(file, name) for name in self._names))
        complete = all(_is_a_name(name, having) for name in self._names)
        return having if complete else asked

    @property
    def narrowed(self) -> bool:
        """Whether a keyword alone makes the files fewer."""
        return bool(self.keyword) and self.files != tuple(self._asked())

    @property
    def arguments(self) -> tuple[str, ...]:
        """What to hand over to pytest: the paths as they were given, unless a keyword makes them fewer files."""
        chosen = tuple(str(file) for file in self.files) if self.narrowed else self.paths
        return (*(("-k", self.keyword) if self.keyword else ()), *chosen)

    @cached_property
    def few(self) -> bool:
        """Whether so few tests are chosen that a second process would cost more than it does."""
        return sum(len(self._chosen(file)) for file in self.files) <= _FEW

    @cached_property
    def needs_broker(self) -> bool:
        """Whether a chosen test may ask for a RabbitMQ."""
        return any(self._chosen(file) and _asks_for_a_broker(file) for file in self.files)

    @cached_property
    def needs_browser(self) -> bool:
        """Whether a chosen test drives a browser."""
        return any(self._chosen(file) for file in self.files if "browser" in file.parts)

    @property
    def _words(self) -> set[str]:
        return set(_WORD.findall(self.keyword.casefold()))

    @property
    def _names(self) -> set[str]:
        return self._words - _OPERATORS

    def _asked(self) -> Iterator[Path]:
        for given in self.paths or (str(self.tests),):
            path = (self.tests.parent / given.partition("::")[0]).resolve()
            yield from sorted(path.rglob("test_*.py")) if path.is_dir() else (path,)

    def _chosen(self, file: Path) -> Sequence[str]:
        """Return the tests of a file that the keyword may mean; parameters are not looked at."""
        names = _tests_of(file)
        if not self._names or any(name in str(file).casefold() for name in self._names):
            return names
        return [one for one in names if any(name in one.casefold() for name in self._names)]


def _asks_for_a_broker(file: Path) -> bool:
    return bool(_ASKS_FOR_A_BROKER.search(_text(file))) or "e2e" in file.parts


def _has(file: Path, name: str) -> bool:
    """Say whether a name is part of a file's name or of the name of one of its tests."""
    return name in file.stem.casefold() or any(name in test.casefold() for test in _tests_of(file))


def _is_a_name(word: str, files: Iterable[Path]) -> bool:
    """Say whether a word can only mean tests of these files: it begins as their names do, or is a good part of one."""
    tests = {test.casefold() for file in files for test in _tests_of(file)}
    if word.startswith("test_"):
        return bool(tuple(files))
    return f"test_{word}" in tests or (word.count("_") > 1 and any(word in test for test in tests))


def _tests_of(file: Path) -> Sequence[str]:
    return _TEST.findall(_text(file))


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
