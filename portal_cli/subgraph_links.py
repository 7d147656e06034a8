"""What subgraphs link (`@link`), looked at before they are composed: the composer ignores what it cannot read.

A link that nobody follows is worse than none, since the rules that it names are believed to hold. Its address is that
of a specification's version (https://specs.apollo.dev/link/v1.0/#@link.url): http or https, and at its end a name and
`vN.N`. What federation's own place is said to have must be there.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from graphql import DocumentNode, GraphQLSyntaxError, ListValueNode, SchemaDefinitionNode, SchemaExtensionNode
from graphql import parse as parse_sdl
from graphql.utilities import value_from_ast_untyped

HOME = "specs.apollo.dev"
OF_SUBGRAPHS = {"federation": r"v2\.\d+", "link": r"v1\.0", "tag": r"v0\.[1-3]", "inaccessible": r"v0\.[12]"}
"""What can be linked in a subgraph from federation's own place, by name."""
_NAME, _VERSION = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?<![_-])"), re.compile(r"v(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)")


def wrong_links(sdl: str) -> list[str]:
    """Return what is wrong with the links of a subgraph: one sentence for each that would be ignored.

    Text that is no SDL has none: the composer says more of that.
    """
    try:
        document = parse_sdl(sdl)
    except GraphQLSyntaxError:
        return []
    return [f"@link(url: {url!r}) {reason}" for url in _urls(document) if (reason := _reason(url))]


def _urls(document: DocumentNode) -> Iterator[Any]:
    for definition in document.definitions:
        if isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            for directive in definition.directives or ():
                if directive.name.value == "link":
                    given = {one.name.value: one.value for one in directive.arguments or ()}
                    value = given.get("url")
                    yield None if value is None or isinstance(value, ListValueNode) else value_from_ast_untyped(value)


def _reason(url: Any) -> str:
    if not isinstance(url, str) or not url:
        return "has no address."
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "is no address."
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", url):
        return "is no address by http or https."
    *_, name, version = ["", "", *parts.path.strip("/").split("/")]
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version) or parts.query or parts.fragment:
        return "does not end with a specification's name and version, such as /federation/v2.9."
    if host == HOME and (parts.scheme != "https" or parts.path.strip("/").count("/") != 1):
        return f"is not where federation's specifications are: https://{HOME}/NAME/vN.N."
    if host == HOME and not re.fullmatch(OF_SUBGRAPHS.get(name, ""), version):
        known = ", ".join(OF_SUBGRAPHS)
        return f"names nothing that a subgraph can link there; known are {known}, each in versions that there are."
    return f"is federation from elsewhere; it is at https://{HOME}." if name == "federation" and host != HOME else ""
