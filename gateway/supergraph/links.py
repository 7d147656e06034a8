"""Which specifications a supergraph links, and by which names it uses them (`@link` and its ancestor `@core`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import DocumentNode, Node, SchemaDefinitionNode, SchemaExtensionNode

from gateway.supergraph.applied import applied, directives
from gateway.supergraph.errors import NotASupergraph, UnsupportedFeature
from gateway.supergraph.specifications import HOME, serves


@dataclass(frozen=True, slots=True)
class Link:
    """One linked specification: `prefix` is what its names start with, `imported` its names that have no prefix."""

    url: str
    feature: str
    version: str
    prefix: str
    imported: dict[str, str]

    @property
    def is_known(self) -> bool:
        """Whether it comes from where federation's specifications do; another's of the same name is another."""
        return self.url.startswith(f"{HOME}/{self.feature}/")

    @property
    def is_implemented(self) -> bool:
        """Whether we do what this version of the specification asks."""
        return serves(self.url)

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
        UnsupportedFeature: when one is needed for security or execution that we do not implement; what is linked
            for no purpose may be ignored (https://specs.apollo.dev/link/v1.0/#@link.for).
    """
    links: dict[str, Link] = {}
    for definition in document.definitions:
        if not isinstance(definition, SchemaDefinitionNode | SchemaExtensionNode):
            continue
        names = ("link", "core", *_renamed(definition))
        for arguments in (one for name in dict.fromkeys(names) for one in applied(definition, name)):
            link = _link(arguments)
            if (purpose := arguments.get("for")) is not None and not link.is_implemented:
                raise UnsupportedFeature(link.url, str(purpose))
            links[link.feature if link.is_known else link.url] = link
    if "join" not in links:
        raise NotASupergraph("the file does not link the join specification, so it is not a supergraph")
    if not links["join"].is_implemented:
        raise UnsupportedFeature(links["join"].url, "EXECUTION")
    return links


def _renamed(definition: Node) -> Iterator[str]:
    """Yield the name by which a schema links the link specification itself, where that is another (its "Bootstrap")."""
    for name in {directive.name.value for directive in directives(definition)}:
        for one in applied(definition, name):
            if one.get("as") == name and str(one.get("url")).startswith(f"{HOME}/link/"):
                yield name


def _link(arguments: dict[str, object]) -> Link:
    url = str(arguments.get("url") or arguments.get("feature") or "").rstrip("/")
    *_, feature, version = ("", "", *url.split("/"))
    imported: dict[str, str] = {}
    raw = arguments.get("import")
    for item in raw if isinstance(raw, list) else []:  # pyright: ignore[reportUnknownVariableType]
        if isinstance(item, dict):
            imported[str(item["name"])] = str(item.get("as") or item["name"])  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
        else:
            imported[str(item)] = str(item)  # pyright: ignore[reportUnknownArgumentType]
    return Link(url, feature, version, str(arguments.get("as") or feature), imported)
