"""Which specifications a supergraph links, and by which names it uses them (`@link` and its ancestor `@core`)."""

from dataclasses import dataclass

from graphql import DocumentNode, SchemaDefinitionNode, SchemaExtensionNode

from gateway.supergraph.applied import applied
from gateway.supergraph.errors import NotASupergraph, UnsupportedFeature

_IMPLEMENTED = {"link", "core", "join", "inaccessible", "tag", "federation"}


@dataclass(frozen=True, slots=True)
class Link:
    """One linked specification: `prefix` is what its names start with, `imported` its names that have no prefix."""

    feature: str
    version: str
    prefix: str
    imported: dict[str, str]

    def directive(self, name: str) -> str:
        """Return the name in this file of one of the specification's directives."""
        if f"@{name}" in self.imported:
            return self.imported[f"@{name}"].removeprefix("@")
        return self.prefix if name == self.feature else f"{self.prefix}__{name}"

    def owns(self, name: str, *, directive: bool) -> bool:
        """Tell whether a directive's or a type's name in this file belongs to the specification."""
        if name.startswith(f"{self.prefix}__"):
            return True
        own = f"@{name}" if directive else name
        return own in self.imported.values() or (directive and name == self.prefix)


def read_links(document: DocumentNode) -> dict[str, Link]:
    """Return the linked specifications by feature name.

    Raises:
        NotASupergraph: without the join specification.
        UnsupportedFeature: when one is needed for security or execution that we do not implement.
    """
    links: dict[str, Link] = {}
    for definition in document.definitions:
        if not isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        for arguments in (*applied(definition, "link"), *applied(definition, "core")):
            link = _link(arguments)
            if arguments.get("for") in ("SECURITY", "EXECUTION") and link.feature not in _IMPLEMENTED:
                raise UnsupportedFeature(arguments.get("url") or arguments["feature"])
            links[link.feature] = link
    if "join" not in links:
        raise NotASupergraph("the file links no join specification: it is no supergraph")
    if links["join"].version not in {"v0.1", "v0.2", "v0.3", "v0.4", "v0.5"}:
        raise UnsupportedFeature(f"join/{links['join'].version}")
    return links


def _link(arguments: dict[str, object]) -> Link:
    url = str(arguments.get("url") or arguments.get("feature") or "")
    *_, feature, version = ("", "", *url.rstrip("/").split("/"))
    imported: dict[str, str] = {}
    raw = arguments.get("import")
    for item in raw if isinstance(raw, list) else []:  # pyright: ignore[reportUnknownVariableType]
        if isinstance(item, dict):
            imported[str(item["name"])] = str(item.get("as") or item["name"])  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        else:
            imported[str(item)] = str(item)  # pyright: ignore[reportUnknownArgumentType]
    return Link(feature, version, str(arguments.get("as") or feature), imported)
