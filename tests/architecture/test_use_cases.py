"""Use cases have one form in all services, and the table of contents lists them (docs/adr/0067)."""

import ast
from pathlib import Path

import pytest

from portal_cli.paths import ROOT, SERVICES

ELSEWHERE = {"BookBounceHandler": "`portal mails bounced` makes it, without a service around it"}
"""Handlers that no service's table lists, and why."""


def modules(kind: str) -> list[Path]:
    """Return the modules of one kind of all services, but the door signs of the folders."""
    found = [file for name in SERVICES for file in (ROOT / "services" / name / "application" / kind).glob("*.py")]
    return sorted(file for file in found if file.stem != "__init__")


def classes(text: str) -> dict[str, ast.ClassDef]:
    """Return the public classes of a module by their names."""
    found = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {node.name: node for node in found if not node.name.startswith("_")}


def arguments(method: ast.AsyncFunctionDef | ast.FunctionDef) -> list[str]:
    """Return a method's arguments as they are written, but `self`."""
    return [ast.unparse(one) for one in [*method.args.args, *method.args.kwonlyargs]][1:]


def forms(file: Path, text: str) -> list[str]:
    """Return what is wrong with the form of a module in `commands/`, one sentence for each."""
    found, where = classes(text), file.relative_to(ROOT)
    command = "".join(part.capitalize() for part in file.stem.split("_"))
    wrong = [f"{where} has no class {name}." for name in (command, f"{command}Handler") if name not in found]
    for name, node in found.items():
        calls = [one for one in node.body if isinstance(one, ast.AsyncFunctionDef) and one.name == "__call__"]
        if name.endswith("Handler") and not (calls and _is_form(arguments(calls[0]), command)):
            wrong.append(
                f"{where}: {name} is not called by (command: {command}, by: Principal), or by the command alone."
            )
    return wrong


def _is_form(given: list[str], command: str) -> bool:
    return given[:1] == [f"command: {command}"] and given[1:] in ([], ["by: Principal"], ["by: Principal | None"])


def listed(service: str) -> set[str]:
    """Return the names of what a service's table of contents holds."""
    text = (ROOT / "services" / service / "application" / "__init__.py").read_text()
    return {
        ast.unparse(one.annotation)
        for table in classes(text).values()
        for one in table.body
        if isinstance(one, ast.AnnAssign)
    }


@pytest.mark.parametrize("file", modules("commands"), ids=lambda file: f"{file.parts[-4]}-{file.stem}")
def test_a_file_of_commands_holds_the_command_of_its_name(file: Path) -> None:
    """It defines the command, and handlers that are called by it and the principal."""
    assert forms(file, file.read_text()) == []


@pytest.mark.parametrize(("kind", "ending"), [("commands", "Handler"), ("reactions", ""), ("jobs", "")])
def test_the_table_of_contents_lists_it(kind: str, ending: str) -> None:
    """Whatever can be called is an attribute of `Commands`, `Reactions` or `Jobs`."""
    for file in modules(kind):
        called = [
            name
            for name, node in classes(file.read_text()).items()
            if name.endswith(ending) and any(isinstance(one, ast.AsyncFunctionDef) for one in node.body)
        ]
        missing = set(called) - listed(file.parts[-4]) - set(ELSEWHERE)
        assert called, f"{file.relative_to(ROOT)} defines nothing that can be called."
        assert not missing, f"services/{file.parts[-4]}/application/__init__.py does not list {', '.join(missing)}."


@pytest.mark.parametrize("file", modules("queries"), ids=lambda file: f"{file.parts[-4]}-{file.stem}")
def test_queries_are_asked_by_somebody_first(file: Path) -> None:
    """Where a question depends on who asks, the principal is its first argument."""
    asked = {
        f"{name}.{one.name}": arguments(one)
        for name, node in classes(file.read_text()).items()
        for one in node.body
        if isinstance(one, ast.AsyncFunctionDef) and not (one.name.startswith("_") and one.name != "__call__")
    }
    late = [name for name, given in asked.items() if any(one.startswith("by: ") for one in given[1:])]

    assert late == [], f"{file.relative_to(ROOT)}: `by` comes first."


def test_a_wrong_form_is_named() -> None:
    """Another name, and a handler that is called in another way, are each a sentence."""
    file = ROOT / "services" / "billing" / "application" / "commands" / "void_invoice.py"
    text = file.read_text()

    late = forms(file, text.replace("by: Principal) -> Invoice", "who: Principal) -> Invoice"))
    assert late == [
        "services/billing/application/commands/void_invoice.py: VoidInvoiceHandler is not called by "
        "(command: VoidInvoice, by: Principal), or by the command alone."
    ]
    unnamed = forms(file, text.replace("class VoidInvoice:", "class Void:"))
    assert unnamed == ["services/billing/application/commands/void_invoice.py has no class VoidInvoice."]
