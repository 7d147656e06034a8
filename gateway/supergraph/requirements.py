"""What a supergraph demands of whoever asks: `@authenticated` and `@requiresScopes`, as Federation 2.5 has them.

The outer list of scopes is "or", an inner one "and"; who has scopes is logged in, so scopes demand that too. What an
interface demands is what all its object types demand together (Federation 2.9 writes it into the supergraph, older
composers do not). https://specs.apollo.dev/authenticated/v0.1, https://specs.apollo.dev/requiresScopes/v0.1
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from math import prod
from typing import Any, cast

from graphql import DocumentNode, Node, TypeDefinitionNode

from gateway.supergraph.applied import applied
from gateway.supergraph.errors import InvalidJoin
from gateway.supergraph.links import Link

Clause = frozenset[frozenset[str]]
"""Sets of scopes, of which one is enough."""
Marks = Mapping[str, "Requirement"]
"""Requirements as they are written, by coordinate: `User`, `User.email`."""
_MOST_COMBINATIONS = 4_096


@dataclass(frozen=True, slots=True)
class Granted:
    """What one caller may: whether somebody is logged in, and with which scopes."""

    authenticated: bool = False
    scopes: frozenset[str] = frozenset()


NOBODY = Granted()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a field or a type demands; of every clause one set of scopes must be there."""

    authenticated: bool = False
    clauses: frozenset[Clause] = frozenset()

    def __and__(self, other: "Requirement") -> "Requirement":
        return Requirement(self.authenticated or other.authenticated, self.clauses | other.clauses)

    @property
    def scopes(self) -> frozenset[str]:
        """Every scope that is named."""
        return frozenset(scope for clause in self.clauses for one in clause for scope in one)

    def is_met(self, granted: Granted) -> bool:
        """Tell whether a caller has what is demanded."""
        if self.authenticated and not granted.authenticated:
            return False
        return all(any(one <= granted.scopes for one in clause) for clause in self.clauses)

    def implies(self, other: "Requirement") -> bool:
        """Tell whether whoever meets this meets the other; False where that takes too long to find out."""
        if prod(map(len, self.clauses)) > _MOST_COMBINATIONS:
            return False
        ways = (frozenset[str]().union(*chosen) for chosen in product(*self.clauses))
        return all(other.is_met(Granted(self.authenticated, scopes)) for scopes in ways)


NOTHING = Requirement()


@dataclass(frozen=True, slots=True)
class Rules:
    """The requirements of one supergraph.

    `types` are those of objects, scalars and enums, and of interfaces that demand more than their object types do;
    `together` what the object types of an interface demand; `fields` those of fields, of interfaces' with those of
    every object type.
    """

    types: Marks = field(default_factory=dict[str, Requirement])
    together: Marks = field(default_factory=dict[str, Requirement])
    fields: Marks = field(default_factory=dict[str, Requirement])

    def __bool__(self) -> bool:
        return bool(self.types or self.together or self.fields)

    def of_type(self, name: str) -> Requirement:
        """Return what every value of a type demands."""
        return self.types.get(name, NOTHING)

    def of_objects(self, name: str) -> Requirement:
        """Return what reading a field of an object demands, whose type is known as `name`."""
        return self.types.get(name, NOTHING) & self.together.get(name, NOTHING)

    def of_field(self, parent: str, name: str) -> Requirement:
        """Return what one field demands."""
        return self.fields.get(f"{parent}.{name}", NOTHING)


def read_marks(document: DocumentNode, links: Mapping[str, Link]) -> Marks:
    """Return the requirements that a document writes down.

    Raises:
        InvalidJoin: the scopes of a mark are no lists of texts.
    """
    reader = _MarkReader(links)
    if not reader.names:
        return {}
    return dict(reader.read(document))


class _MarkReader:
    def __init__(self, links: Mapping[str, Link]) -> None:
        known = ("authenticated", "requiresScopes")
        self.names = {name: links[name].directive(name) for name in known if name in links}

    def read(self, document: DocumentNode) -> Iterator[tuple[str, Requirement]]:
        for definition in document.definitions:
            if isinstance(definition, TypeDefinitionNode):
                name = definition.name.value
                nested: Iterable[Any] = getattr(definition, "fields", None) or ()
                for place, node in ((name, definition), *((f"{name}.{one.name.value}", one) for one in nested)):
                    if (found := self._requirement(place, node)) != NOTHING:
                        yield place, found

    def _requirement(self, place: str, node: Node) -> Requirement:
        found = NOTHING
        for _ in applied(node, self.names.get("authenticated", "")):
            found &= Requirement(authenticated=True)
        for arguments in applied(node, self.names.get("requiresScopes", "")):
            clause = _clause(place, arguments.get("scopes"))
            found &= Requirement(authenticated=True, clauses=frozenset({clause} if clause else ()))
        return found


def _clause(place: str, scopes: Any) -> Clause:
    sets = [_list(one) for one in _list(scopes)]
    if not all(isinstance(scope, str) for one in sets for scope in one):
        raise InvalidJoin(f"the scopes that {place} requires are not lists of texts")
    return frozenset(frozenset(one) for one in sets)


def _list(value: Any) -> list[Any]:
    """Return a value as a list, as GraphQL coerces what is none."""
    return cast(list[Any], value) if isinstance(value, list) else [value]


def rules_of(marks: Marks, interfaces: Mapping[str, frozenset[str]]) -> Rules:
    """Return what marks come to; `interfaces` are the object types of every interface by its name."""
    types = {place: one for place, one in marks.items() if "." not in place}
    fields = {place: one for place, one in marks.items() if "." in place}
    together = {name: _all(types.get(one) for one in objects) for name, objects in interfaces.items()}
    for name, all_ in together.items():
        if name in types and all_.implies(types[name]):
            del types[name]
    inherited = {
        f"{interface}.{place.partition('.')[2]}"
        for interface, objects in interfaces.items()
        for place in fields
        if place.partition(".")[0] in objects
    }
    for place in inherited:
        interface, _, name = place.partition(".")
        fields[place] = _all([marks.get(place), *(marks.get(f"{one}.{name}") for one in interfaces[interface])])
    return Rules(types, {name: one for name, one in together.items() if one != NOTHING}, fields)


def _all(requirements: Iterable[Requirement | None]) -> Requirement:
    return reduce(Requirement.__and__, (one for one in requirements if one), NOTHING)
