"""What contributors are told is there: files, tests, commands and tools that the guides name."""

import re
import sys
from pathlib import Path

import pytest
import typer
import yaml

from portal_cli.command_line import app
from portal_cli.paths import ROOT

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
GUIDES = [ROOT / "README.md", CONTRIBUTING, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(#[^)]*)?\)")
_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|graphql|md|toml|yml|yaml))`")
_TEST = re.compile(r"\btest_\w+\.py\b")
_COMMAND = re.compile(r"`\./portal (\w+)((?: --[a-z-]+)*)")


def dead_links(text: str, folder: Path) -> list[str]:
    """Return the targets of links into the tree that lead nowhere."""
    targets = [
        target for _, target, _ in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:")
    ]
    return [target for target in targets if not (folder / target).exists()]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_link_leads_somewhere(guide: Path) -> None:
    """A file that is moved takes the links to it along."""
    assert dead_links(guide.read_text("utf-8"), guide.parent) == []


def test_the_architecture_names_files_that_exist() -> None:
    """The one page follows a request and an event by files; the names in its links are where the files are."""
    text = ARCHITECTURE.read_text("utf-8")
    links = [(shown.replace("\\", ""), target) for shown, target, _ in _LINK.findall(text)]
    named = [shown for shown, _ in links if shown.endswith((".py", ".graphql"))]

    assert len(named) > 35
    assert [name for name in [*named, *_FILE.findall(text)] if not (ROOT / name).exists()] == []
    assert [shown for shown, target in links if shown in named and target != f"../{shown}"] == []


def test_contributors_are_told_of_tests_and_commands_that_exist() -> None:
    """Each test file that a step names is there, and each `./portal …` with its options is a command."""
    text = CONTRIBUTING.read_text("utf-8")
    files = {file.name for file in (ROOT / "tests").rglob("test_*.py")}
    commands = typer.main.get_group(app).commands
    unknown = [
        f"{command}{options}"
        for command, options in _COMMAND.findall(text)
        if command not in commands
        or set(options.split()) - {one for parameter in commands[command].params for one in parameter.opts}
    ]

    assert {name for name in _TEST.findall(text) if "NAME" not in name} - files == set()
    assert (unknown, len(_COMMAND.findall(text)) > 10) == ([], True)


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    """Web addresses and places within a page are left alone."""
    (tmp_path / "here.md").write_text("")
    text = "[a](here.md) [b](here.md#part) [c](https://x.example/y) [d](gone/there.md) [e](#part)"
    assert dead_links(text, tmp_path) == ["gone/there.md"]


def test_hooks_call_tools_of_the_environment() -> None:
    """pre-commit fetches nothing: each hook is a program of `.venv`, at the version of the lock file."""
    configured = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repository in configured["repos"] for hook in repository["hooks"]]

    assert {repository["repo"] for repository in configured["repos"]} == {"local"}
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        program = Path(hook["entry"].split()[0])
        assert program.parent == Path(".venv/bin"), hook["id"]
        assert (Path(sys.executable).parent / program.name).exists(), hook["id"]
