"""`docs/dependencies.md` has a row for every direct dependency, and every row is one."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal_cli.paths import ROOT, TOOLS

_PAGE = ROOT / "docs" / "dependencies.md"
_ROW = re.compile(r"^\| `(?P<name>[^`]+)`(?P<note>[^|]*)\|(?P<cells>.*)\|$", re.MULTILINE)
_DAY = re.compile(r"\b20\d\d-[01]\d-[0-3]\d\b")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_GO = re.compile(r"^(?:require)?\s+(\S+/\S+) v\S+(?P<indirect>\s*// indirect)?$", re.MULTILINE)
_MAVEN = re.compile(r"<dependency>\s*<groupId>(.+?)</groupId>\s*<artifactId>(.+?)</artifactId>")


def _python() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["project"]["optional-dependencies"].values()]
    for one in (requirement for group in [*groups, *project["dependency-groups"].values()] for requirement in group):
        name = _NAME.match(one)
        assert name, one
        yield name[0]


def _interface() -> Iterator[str]:
    """Yield what the interface is made of."""
    project = json.loads((ROOT / "portal_ui" / "package.json").read_text())
    yield from (*project["dependencies"], *project["devDependencies"])


def _tools(folder: Path) -> Iterator[str]:
    """Yield what the programs below a folder name themselves: npm's, Go's and Maven's packages."""
    for file in folder.glob("*/package.json"):
        yield from json.loads(file.read_text())["devDependencies"]
    for file in folder.glob("*/go.mod"):
        yield from (found[1] for found in _GO.finditer(file.read_text()) if not found["indirect"])
    for file in folder.glob("*/pom.xml"):
        yield from (f"{group}:{artifact}" for group, artifact in _MAVEN.findall(file.read_text()))


def _means(row: str, name: str) -> bool:
    """Say whether a row is about a package: by its name, or by the beginning of it before `…`."""
    return name.startswith(row.removesuffix("…")) if row.endswith("…") else name == row


def differences(page: str, names: set[str]) -> list[str]:
    """Return what to do about each dependency without a row, and each row without a dependency."""
    rows = {row["name"] for row in _ROW.finditer(page)}
    where = "docs/dependencies.md"
    missing = sorted(name for name in names if not any(_means(row, name) for row in rows))
    idle = sorted(row for row in rows if not any(_means(row, name) for name in names))
    return [f"`{name}` has no row: say in {where} why it is here" for name in missing] + [
        f"`{row}` is no dependency: take its row out of {where}" for row in idle
    ]


def test_every_dependency_has_a_row_and_every_row_a_dependency() -> None:
    """Who adds a package says why; who takes it away takes its row along."""
    if told := differences(_PAGE.read_text("utf-8"), {*_python(), *_interface(), *_tools(TOOLS)}):
        pytest.fail("\n".join(told), pytrace=False)


def test_a_row_is_whole() -> None:
    """Why, licence, the day of the release and the cost of another are all told."""
    rows = list(_ROW.finditer(_PAGE.read_text("utf-8")))
    assert len(rows) > 80
    for row in rows:
        cells = [cell.strip() for cell in row["cells"].split("|")]
        assert all(cells), row["name"]
        assert _DAY.search(cells[-2]), row["name"]


def test_what_differs_is_named() -> None:
    """A package without a row and a row without a package are told apart."""
    page = "| `pears` | fruit |\n| `example.org/plums/…` (all) | fruit |\n| `figs` | fruit |\n"
    assert differences(page, {"pears", "example.org/plums/blue", "apples"}) == [
        "`apples` has no row: say in docs/dependencies.md why it is here",
        "`figs` is no dependency: take its row out of docs/dependencies.md",
    ]
