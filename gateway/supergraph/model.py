"""The supergraph as immutable data: which subgraph knows which types and fields, and how it is entered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TypeKind = Literal["object", "interface", "union", "scalar", "enum", "input"]
RootKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One subgraph: its name in plans and its address in the file (may be empty)."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A field's type: as written, the name inside, and how many lists are around it."""

    text: str
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Key:
    """One `@key` of a type in a subgraph; the subgraph answers `_entities` for it only if `resolvable`."""

    fields: str
    resolvable: bool


@dataclass(frozen=True, slots=True)
class TypeJoin:
    """What one subgraph says about a type."""

    keys: tuple[Key, ...] = ()
    extension: bool = False
    interface_object: bool = False


@dataclass(frozen=True, slots=True)
class ContextArgument:
    """An argument that is no client's to give: its value is `selection` of the nearest object that carries `context`.

    `type` is the argument's in the subgraph.
    """

    context: str
    name: str
    type: str
    selection: str


@dataclass(frozen=True, slots=True)
class FieldJoin:
    """What one subgraph says about a field. `type` is the subgraph's own type of it."""

    type: TypeRef
    external: bool = False
    requires: str | None = None
    provides: str | None = None
    overrides: str | None = None
    override_label: str | None = None
    contexts: tuple[ContextArgument, ...] = ()

    @property
    def needs_more(self) -> bool:
        """Whether the subgraph resolves it only with what others have to bring along."""
        return self.requires is not None or bool(self.contexts)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object or interface type; `joins` by subgraph, empty where none resolves it directly.

    `defaults` are those of arguments as text, where several subgraphs resolve the field: a composer may publish a
    default that only some of them have, so it is sent.
    """

    name: str
    type: TypeRef
    arguments: frozenset[str]
    joins: Mapping[str, FieldJoin]
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Type:
    """A type of the supergraph.

    `joins` by subgraph; `interfaces` and `members` (of a union) by subgraph too. `fields` only of objects and
    interfaces.
    """

    name: str
    kind: TypeKind
    joins: Mapping[str, TypeJoin]
    fields: Mapping[str, Field]
    interfaces: Mapping[str, frozenset[str]]
    members: Mapping[str, frozenset[str]]

    @property
    def is_abstract(self) -> bool:
        """Whether objects of it have another type at run time."""
        return self.kind in ("interface", "union")

    @property
    def is_composite(self) -> bool:
        """Whether fields of this type need a selection."""
        return self.kind in ("object", "interface", "union")
