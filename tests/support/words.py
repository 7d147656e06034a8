"""The form of texts that people read, and where to find them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from graphql import parse
from graphql.language import ast as nodes

_WRONG = {
    "says nothing": (
        r"\bWhat to do\b|^(?:Whether to|Why|Who|How|How much|Where|When|Until when)\.$"
        r"|^(?:Who|Until when|How old|Call one|What (?:is|was) asked|What has to)\b(?!.*\?$)"
    ),
    "“none” or “no” for “not a”": (
        r"\b(?:is|are) none\b|(?<![Tt]here )\b(?:is|are|was|be|as) no (?!longer\b|more\b)[a-z]"
    ),
    "“it” without a noun": r"^(?:It|Its|They|Their)\b",
    "“for” people, where a role is required": (
        r"(?:^|[,;.] )[Ff]or (?:staff|owners|accountants|contacts|clients|anybody|everybody)\b(?! only)"
    ),
    "not the field's verb": (
        r"^(?:Begin|Enter) an?\b|\b(?:ask|asked|let|shut) \w* ?(?:in|out)\b|\b(?:take|takes|taken) (?:\w+ ){0,5}back\b"
        r"|\btook (?:\w+ )?back\b"
        r"|\b(?:be |is |are )?asked (?:by|for) here\b|\bsend(?:s|t)? (?:\w+ )?on\b|\bcarr(?:y|ied) on\b"
    ),
    "not how people say it": (
        r"\bfor ever\b|\bin crumbs\b|\bmailing list\b|\bsmall letters\b|\bdata base\b|\bweb site\b|\bpresent password\b"
        r"|\btoo many tries\b|\bcomes? to\b|\bbecame of\b|\banew\b|\bany more\b"
        r"|\bmay have (?:at most )?[\d{]"
    ),
    "a wording that readers stumbled over": (
        r"\basked by (?:POST|GET)\b|\bpart of the answer\b|\bWhat can be\b|\binput give\b"
        r"|\bnothing was changed; empty\b"
        r"|\bneed not be\b|\bTrade the\b|\bsaid (?:yes|no)\b|\basks to be\b|\bas it may\b|\bNot so many\b"
        r"|\bis not clear\b"
        r"|\bby a click\b|\bdoes not wait\b|\ballows this\b|\bnever told\b|\bdies\b|\ba letter first\b|\bholds other\b"
        r"|\bwere ended\b|\bhas answered on\b|\bYou get this\b|\bknows no\b|\btakes no such\b|\bnames no\b"
    ),
    "“who” without a noun": r"\b(?:for|of|by|to) who (?!owns\b)",
    "“no more” for “no longer”": r"\bno more(?=[.;,]|$)",
    "spaces": r"^\s|\s$|\n|  ",
}


def faults(text: str, *, sentence: bool = True) -> list[str]:
    """Return what is wrong with the form of a text; a `sentence` ends with a full stop."""
    found = [name for name, pattern in _WRONG.items() if re.search(pattern, text)]
    if sentence and not text.endswith("."):
        found.append("no full stop at its end")
    if sentence and not re.match(r"[A-Z0-9`“{]", text):
        found.append("no capital at its start")
    return found


def descriptions(sdl: str) -> dict[str, str]:
    """Return the descriptions in an SDL by coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`."""
    found: dict[str, str] = {}
    for definition in parse(sdl).definitions:
        if not isinstance(definition, nodes.TypeDefinitionNode | nodes.DirectiveDefinitionNode):
            continue
        name = definition.name.value
        found |= _own(name, definition)
        for member in (*(getattr(definition, "fields", None) or ()), *(getattr(definition, "values", None) or ())):
            found |= _own(f"{name}.{member.name.value}", member)
            for argument in getattr(member, "arguments", None) or ():
                found |= _own(f"{name}.{member.name.value}({argument.name.value}:)", argument)
        if isinstance(definition, nodes.DirectiveDefinitionNode):
            for argument in definition.arguments or ():
                found |= _own(f"@{name}({argument.name.value}:)", argument)
    return found


def sentences(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each sentence that a file's code can say: its string constants without the docstrings.

    What an f-string fills in reads `{}`.
    """
    tree = ast.parse(file.read_text("utf-8"))
    silent = {id(inner) for node in ast.walk(tree) for inner in _not_said(node)}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in silent else None
        if text and re.match(r"[A-Z“`{].* .*[a-z].*[.:!?]$", text.strip()):
            yield node.lineno, text.strip()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]


def _own(coordinate: str, node: nodes.Node) -> dict[str, str]:
    described = getattr(node, "description", None)
    return {coordinate: described.value} if described else {}


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # pyright: ignore
    return None


def _not_said(node: ast.AST) -> list[ast.AST]:
    """Return what is part of a longer text, and what only stands there: docstrings."""
    if isinstance(node, ast.JoinedStr):
        return list(node.values)
    return [node.value] if isinstance(node, ast.Expr) else []
