"""Stage 2: the graph of one supergraph: where a field can be resolved, and by which keys a subgraph is entered.

A node is a type as one subgraph knows it, perhaps with fields that the way to it provides. Edges are computed when
first asked for and kept. One graph serves every operation with the same active override labels.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from gateway.planner.normalize import normalize_field_set
from gateway.planner.selection import TYPENAME, Selection
from gateway.supergraph import FieldJoin, Supergraph

ENTITY = "_Entity"
"""The static type of what an entity fetch returns: any of the types that were represented."""


@dataclass(frozen=True, slots=True)
class Node:
    """A type in a subgraph; `provides` are fields that this way to it resolves though they are external."""

    type: str
    graph: str
    provides: tuple[Selection, ...] = ()

    def __str__(self) -> str:
        provided = " provided " + ",".join(s.name for s in self.provides) if self.provides else ""
        return f"{self.type}@{self.graph}{provided}"


Types = frozenset[str]
Given = frozenset[tuple[str, str]]
"""Fields, as (type, field), whose `@requires` the representation brought along."""


@dataclass(frozen=True, slots=True)
class Doorway:
    """A way to enter a subgraph at objects of `types` as `type`: concrete types by their own name if None."""

    graph: str
    type: str | None


class Graph:
    """Everything that planning asks about one supergraph; `labels` are the active override labels."""

    def __init__(self, supergraph: Supergraph, labels: frozenset[str] = frozenset()) -> None:
        self.supergraph = supergraph
        self.labels = labels
        self.members = cache(self._members)
        self.join = cache(self._join)
        self.field_set = cache(self._field_set)
        self.resolving_graphs = cache(self._resolving_graphs)
        self.has_requirements = cache(self._has_requirements)
        self.doorways = cache(self._doorways)
        self._extension_keys = cache(self._keys_of_extensions)
        self._provided_by = cache(self._provided)

    # --- what is where

    def is_composite(self, type_name: str) -> bool:
        """Tell whether fields of this type need a selection."""
        known = self.supergraph.types.get(type_name)
        return known is not None and known.is_composite

    def is_abstract(self, type_name: str) -> bool:
        """Tell whether objects of this type have another one at run time."""
        known = self.supergraph.types.get(type_name)
        return known is not None and known.is_abstract

    def has_no_objects(self, types: Types) -> bool:
        """Tell whether no object type is known for any of these: what they really are, nobody can tell."""
        return all(map(self.is_abstract, types))

    def is_entity(self, type_name: str) -> bool:
        """Tell whether any subgraph has a key for the type."""
        return any(join.keys for join in self.supergraph.types[type_name].joins.values())

    def is_interface_object(self, type_name: str, graph: str) -> bool:
        """Tell whether the subgraph knows this interface as one object type."""
        known = self.supergraph.types.get(type_name)
        join = known.joins.get(graph) if known else None
        return join is not None and join.interface_object

    def knows(self, type_name: str, graph: str) -> bool:
        """Tell whether the subgraph has this type."""
        known = self.supergraph.types.get(type_name)
        return known is not None and graph in known.joins

    def _members(self, type_name: str, graph: str) -> Mapping[str, Types]:
        """Map the object types that the subgraph may answer for a static type to their run-time types."""
        type_ = self.supergraph.types[type_name]
        if type_.kind == "object":
            return {type_name: frozenset({type_name})}
        if self.is_interface_object(type_name, graph):
            return {type_name: self.supergraph.runtime_types(type_name)}
        if type_.kind == "union":
            return {name: frozenset({name}) for name in sorted(type_.members.get(graph, ()))}
        found: dict[str, Types] = {}
        for name, other in self.supergraph.types.items():
            if type_name in other.interfaces.get(graph, ()):
                if other.kind == "object":
                    found[name] = frozenset({name})
                elif self.is_interface_object(name, graph):
                    found[name] = self.supergraph.runtime_types(name)
        return found

    def members_of(self, node: Node, types: Types) -> Mapping[str, Types]:
        """Map the object types that objects of `types` have at a node to their run-time types."""
        if node.type == ENTITY:
            return {name: frozenset({name}) for name in sorted(types)}
        return {
            name: found for name, runtime in self.members(node.type, node.graph).items() if (found := runtime & types)
        }

    def runtime_types(self, node: Node) -> Types:
        """Return the run-time types of objects at a node."""
        return frozenset[str]().union(*self.members(node.type, node.graph).values())

    def hides_types(self, node: Node) -> bool:
        """Tell whether interface objects are among the members: the type names of those are not the real ones."""
        hidden = (self.is_interface_object(member, node.graph) for member in self.members(node.type, node.graph))
        return any(hidden) and not self.is_interface_object(node.type, node.graph)

    def _join(self, type_name: str, field: str, graph: str) -> FieldJoin | None:
        """Return how the subgraph joins a field, with overrides applied."""
        known = self.supergraph.types[type_name].fields.get(field)
        join = known.joins.get(graph) if known else None
        if known is None or join is None or (join.overrides and not self._active(join)):
            return None
        if any(other.overrides == graph and self._active(other) for other in known.joins.values()):
            return replace(join, external=True)
        return join

    def _active(self, join: FieldJoin) -> bool:
        return join.override_label is None or join.override_label in self.labels

    # --- resolving a field

    def resolves(self, node: Node, member: str, name: str) -> FieldJoin | None:
        """Return the join of a field that the node resolves for an object type, if it does; look at `requires` too."""
        join = self.join(member, name, node.graph)
        if join is None or not join.external or self._is_key_of_extension(member, name, node.graph):
            return join
        provided = any(s.name == name and self._applies(s, member) for s in node.provides)
        return join if provided else None

    def _applies(self, selection: Selection, member: str) -> bool:
        return not selection.on.isdisjoint(self.supergraph.runtime_types(member))

    def _is_key_of_extension(self, type_name: str, field: str, graph: str) -> bool:
        """Tell whether an external field is one only by Federation 1's custom of marking the keys of extensions."""
        return (type_name, field) in self._extension_keys(graph)

    def _keys_of_extensions(self, graph: str) -> frozenset[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for name, type_ in self.supergraph.types.items():
            join = type_.joins.get(graph)
            for key in join.keys if join and join.extension else ():
                found.update(_fields(self.field_set(key.fields, frozenset({name}))))
        return frozenset(found)

    def targets(
        self, node: Node, types: Types, given: Given, selection: Selection, need: Types
    ) -> dict[Node | None, Types]:
        """Map the nodes to which a field leads directly (None for a leaf) to the run-time types for which it does."""
        found: dict[Node | None, Types] = {}
        for member, runtime in self.members_of(node, types).items():
            wanted = runtime & need
            if not wanted or (wanted != runtime and self.is_interface_object(member, node.graph)):
                continue
            if selection.name == TYPENAME:
                if not self.is_interface_object(member, node.graph):
                    found[None] = found.get(None, frozenset()) | wanted
                continue
            join = self.resolves(node, member, selection.name)
            if join and (not join.needs_more or (member, selection.name) in given):
                target = self.target(node, member, selection.name, join)
                found[target] = found.get(target, frozenset()) | wanted
        return self._through_interface(node, types, selection, need, found)

    def target(self, node: Node, member: str, name: str, join: FieldJoin) -> Node | None:
        """Return the node to which a resolved field leads."""
        if not self.is_composite(join.type.name):
            return None
        return Node(join.type.name, node.graph, self._provided_by(node.provides, member, name, node.graph))

    def _provided(self, provides: tuple[Selection, ...], member: str, name: str, graph: str) -> tuple[Selection, ...]:
        join = self.join(member, name, graph)
        own = self.field_set(join.provides, frozenset({join.type.name})) if join and join.provides else ()
        handed = (c for s in provides if s.name == name and self._applies(s, member) for c in s.selections)
        return (*own, *handed)

    def _through_interface(
        self, node: Node, types: Types, selection: Selection, need: Types, found: dict[Node | None, Types]
    ) -> dict[Node | None, Types]:
        """Where the static interface has the field for all objects, take its own type instead of each object's."""
        declared = self.supergraph.types.get(node.type)
        if len(found) < 2 or declared is None or declared.kind != "interface" or not types <= need:
            return found
        join = self.join(node.type, selection.name, node.graph)
        covered = frozenset[str]().union(*found.values())
        if join is None or covered != types & self.runtime_types(node) or any(t and t.provides for t in found):
            return found
        return {Node(join.type.name, node.graph): covered}

    def _resolving_graphs(self, name: str, on: Types) -> int:
        """Count the subgraphs that resolve a field by themselves: what has few ways is planned first."""
        if name == TYPENAME:
            return len(self.supergraph.subgraphs)
        found: set[str] = set()
        for type_name in on:
            field = self.supergraph.types[type_name].fields.get(name)
            found |= {graph for graph, join in (field.joins.items() if field else ()) if not join.external}
        return len(found)

    def _has_requirements(self, name: str, on: Types) -> bool:
        """Tell whether a subgraph resolves the field only with the help of others."""
        fields = (self.supergraph.types[type_name].fields.get(name) for type_name in on)
        return any(join.needs_more for field in fields if field for join in field.joins.values())

    # --- entering a subgraph

    def keys(self, type_name: str, graph: str) -> tuple[str, ...]:
        """Return the keys by which the subgraph answers entities of a type."""
        join = self.supergraph.types[type_name].joins.get(graph)
        return tuple(key.fields for key in join.keys if key.resolvable) if join else ()

    def interfaces(self, type_name: str) -> tuple[str, ...]:
        """Return the interfaces of an object type, in any subgraph."""
        by_graph = self.supergraph.types[type_name].interfaces.values()
        return tuple(sorted(frozenset[str]().union(*by_graph)))

    def _doorways(self, types: Types) -> tuple[Doorway, ...]:
        """Return the ways to enter other subgraphs with objects of known types."""
        subgraphs = self.supergraph.subgraphs
        found = [Doorway(graph, None) for graph in subgraphs if all(self.keys(name, graph) for name in types)]
        shared = frozenset[str].intersection(*(frozenset(self.interfaces(name)) for name in types))
        for interface in sorted(shared):
            found += self._as_interface_object(interface)
        return tuple(found)

    def _as_interface_object(self, interface: str) -> Iterator[Doorway]:
        for graph in self.supergraph.subgraphs:
            if self.is_interface_object(interface, graph) and self.keys(interface, graph):
                yield Doorway(graph, interface)

    def doorways_of_interface_object(self, interface: str) -> Iterator[Doorway]:
        """Yield the ways to leave a subgraph that knows objects only as an interface: others know it as either."""
        for graph in self.supergraph.subgraphs:
            if self.keys(interface, graph):
                yield Doorway(graph, interface)

    def _field_set(self, text: str, types: Types) -> tuple[Selection, ...]:
        """Return a field set in normal form for objects of `types`, shared where all of them mean the same by it."""
        per_type = [normalize_field_set(self.supergraph, text, name) for name in sorted(types)]
        first = per_type[0]
        if len(per_type) > 1 and all(not s.selections and not s.arguments for one in per_type for s in one):
            on = frozenset[str]().union(*(s.on for one in per_type for s in one))
            return tuple(replace(s, on=on) for s in first)
        return tuple(s for one in per_type for s in one)


def _fields(selections: tuple[Selection, ...]) -> Iterator[tuple[str, str]]:
    """Yield every field of a field set, as (type, field)."""
    for selection in selections:
        yield from ((name, selection.name) for name in selection.on)
        yield from _fields(selection.selections)
