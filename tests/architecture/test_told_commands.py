"""Each command that a page, a manifest or a sentence of ours tells somebody to type can be typed, and finds its target.

A runbook is read at night, by somebody who has not seen the command line before.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml
from typer._click.exceptions import ClickException
from typer.core import TyperCommand, TyperGroup

from portal_cli.command_line import app
from portal_cli.paths import ROOT

K8S = ROOT / "deploy" / "k8s"
CHART = ROOT / "deploy" / "chart" / "templates"
"""Made from the others, with braces of its own."""
_PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(
        file
        for ending in ("md", "yaml")
        for file in (ROOT / "deploy").rglob(f"*.{ending}")
        if CHART not in file.parents
    ),
]
_SOURCES = sorted(
    file for name in ("chassis", "gateway", "portal_cli", "services") for file in (ROOT / name).rglob("*.py")
)
_QUOTED = re.compile(r"`(?:\./)?portal ([a-z][^`\n]*)`")
_LINE = re.compile(r"^\s*(?:\$ )?(?:\./)?portal ([a-z-]+(?: .*)?)$", re.MULTILINE)
_IN_A_POD = re.compile(r"\b(?:exec|run)\b[^`\n]*?-- portal ([a-z][^`\n]*)")
_BLOCK = re.compile(r"^```(?:sh|bash|console|)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_STANDS_FOR = [
    (re.compile(r"\{\{.*?\}\}|<service>|\bSERVICE\b|\{\w[^}]*\}"), "billing"),
    (re.compile(r"[\[\]]"), ""),
    (re.compile(r"\s(?:#|<|>|\||;|&&).*$"), ""),
    (re.compile(r"\s+…$"), ""),
]


def told(text: str) -> set[str]:
    """Return what a text says after `portal`: in backticks, in a pod, or as a line of a block of commands."""
    blocks = "\n".join(_BLOCK.findall(text))
    return {*_QUOTED.findall(text), *_LINE.findall(blocks), *_IN_A_POD.findall(text)}


def wrong(command: str) -> str:
    """Return what the command line has against a command, or nothing; none of it runs.

    One word alone is the name of a command, and may leave out what the command needs.
    """
    for pattern, stands in _STANDS_FOR:
        command = pattern.sub(stands, command)
    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    words = shlex.split(command)
    try:
        if words[0] not in whole.commands or len(words) > 1:
            _parse(whole, words)
    except typer.Exit:
        return ""  # --help
    except ClickException as error:
        return f"portal {command}: {error.message}"
    return ""


def _parse(command: TyperCommand | TyperGroup, arguments: list[str]) -> None:
    context = command.make_context(command.name or "portal", arguments)
    if isinstance(command, TyperGroup) and (rest := [*context._protected_args, *context.args]):  # pyright: ignore[reportPrivateUsage]
        _, found, after = command.resolve_command(context, rest)
        assert isinstance(found, TyperCommand | TyperGroup)
        _parse(found, after)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_can_be_typed(page: Path) -> None:
    """Commands, their parts, options and the number of arguments."""
    assert [said for said in map(wrong, sorted(told(page.read_text("utf-8")))) if said] == []


def test_every_command_of_a_sentence_can_be_typed() -> None:
    """What `/readyz`, the log, `portal doctor` and docstrings advise."""
    found = {command for file in _SOURCES for command in _QUOTED.findall(file.read_text("utf-8"))}

    assert len(found) > 20
    assert [said for said in map(wrong, sorted(found)) if said] == []


@pytest.mark.parametrize(
    "command", ["aside billing --retri x", "mail list", "mails shew ID", "replays", "backup SERVICE", "aside a b"]
)
def test_a_command_that_cannot_be_typed_is_noticed(command: str) -> None:
    """A misspelt option, command or part, an option too few, one too many."""
    assert wrong(command) != ""


# --- what a command is about -----------------------------------------------------------------------------------------

_KUBECTL = re.compile(r"\bkubectl [^`\n]*")
_OVERLAY = re.compile(r"(?:-k |`)((?:deploy/k8s/)?overlays/[\w/-]+)")
_DEPLOYMENT = re.compile(r"(?<!-k )\b(?:deploy|deployment|svc|service)/([a-z][\w-]*)")
_LABEL = re.compile(r"-l ([\w./-]+=[\w-]+)")


def _manifests() -> Iterator[dict[str, object]]:
    for file in K8S.rglob("*.yaml"):
        yield from (one for one in yaml.safe_load_all(file.read_text()) if isinstance(one, dict) and "kind" in one)


def test_every_target_of_kubectl_is_there() -> None:
    """Overlays that are applied, deployments and services that are asked, labels that are chosen by."""
    text = "\n".join(page.read_text("utf-8") for page in _PAGES)
    commands = "\n".join(_KUBECTL.findall(text))
    names = {str(one["metadata"]["name"]) for one in _manifests() if isinstance(one.get("metadata"), dict)}  # pyright: ignore
    labels = {f"{key}={value}" for file in K8S.rglob("*.yaml") for key, value in _pairs(file.read_text())}
    overlays = {name.removeprefix("deploy/k8s/") for name in _OVERLAY.findall(text)}

    assert [name for name in overlays if not (K8S / name / "kustomization.yaml").is_file()] == []
    assert {*_DEPLOYMENT.findall(commands)} - names == set()
    assert {*_LABEL.findall(commands)} - labels == set()
    assert overlays
    assert "-l portal/job" in commands


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"(portal/\w+): (\w+)", text)
