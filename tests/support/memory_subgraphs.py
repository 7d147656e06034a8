"""Subgraphs in memory: federation SDL over plain dicts, run by graphql-core behind the executor's transport port."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    build_ast_schema,
    execute_sync,
    parse,
)
from graphql.language import ast as nodes

from gateway.executor.ports import Forwarded, SubgraphError

Json = Any
Resolver = Callable[..., Any]
_MACHINERY = "scalar _Any type _Service { sdl: String! } extend type Query { _service: _Service! }"
_SPECS = ("link__", "federation__")


class MemorySubgraph:
    """One subgraph: its schema, its rows by type, and functions for fields that are more than a look-up.

    A field's value is, in this order: `resolvers["Type.field"](source, **arguments)` or the value that stands there,
    the source's key of that name, null. An entity is the row whose key fields equal the representation's, with the
    representation's other fields on top; `resolvers["Type.__resolve"](representation)` replaces that. A value that is
    an exception is raised.
    """

    def __init__(
        self,
        name: str,
        sdl: str,
        rows: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
        resolvers: Mapping[str, Any] | None = None,
    ) -> None:
        """Build the executable schema."""
        self.name = name
        self.sdl = sdl
        self.rows = {type_: [dict(row) for row in each] for type_, each in (rows or {}).items()}
        self.resolvers = dict(resolvers or {})
        self.schema = executable_schema(sdl)
        self._documents: dict[str, DocumentNode] = {}

    def execute(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the GraphQL response to a request."""
        query = payload["query"]
        document = self._documents.get(query) or self._documents.setdefault(query, parse(query))
        result = execute_sync(
            self.schema,
            document,
            root_value={},
            variable_values=payload.get("variables"),
            field_resolver=self._resolve,
            type_resolver=_type_of,
        )
        return dict(result.formatted)

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if info.field_name == "_entities" and info.parent_type.name == "Query":
            return [self._entity(one) for one in arguments["representations"]]
        if info.field_name == "_service":
            return {"sdl": self.sdl}
        resolver = self.resolvers.get(f"{info.parent_type.name}.{info.field_name}")
        value = resolver(source, **arguments) if callable(resolver) else resolver or source.get(info.field_name)
        if isinstance(value, Exception):
            raise value
        return value

    def _entity(self, representation: Mapping[str, Any]) -> Any:
        typename = representation["__typename"]
        resolver = self.resolvers.get(f"{typename}.__resolve")
        if resolver:
            return resolver(representation)
        given = {name: value for name, value in representation.items() if name != "__typename"}
        for row in self.rows.get(typename, ()):
            if any(_matches(row, given, name) for name in given) and _agrees(row, given):
                return {"__typename": typename, **row, **given, **_typename(row)}
        return None


def _typename(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"__typename": row["__typename"]} if "__typename" in row else {}


def _agrees(row: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return all(name not in row or _matches(row, given, name) for name in given)


def _matches(row: Mapping[str, Any], given: Mapping[str, Any], name: str) -> bool:
    return name in row and _equal(row[name], given[name])


def _equal(stored: Any, sent: Any) -> bool:
    if isinstance(sent, Mapping) and isinstance(stored, Mapping):
        return all(_equal(stored.get(name), value) for name, value in sent.items() if name != "__typename")
    if isinstance(sent, list) and isinstance(stored, list):
        return len(sent) == len(stored) and all(_equal(*pair) for pair in zip(stored, sent, strict=True))
    return str(stored) == str(sent)


def _type_of(value: Any, _info: Any, _type: Any) -> str | None:
    return value.get("__typename")


def executable_schema(sdl: str) -> GraphQLSchema:
    """Build a subgraph's schema with `_entities` and `_service`; directives of the federation are read past."""
    merged: dict[str, Any] = {}
    for definition in [*parse(sdl).definitions, *parse(_MACHINERY).definitions]:
        if isinstance(definition, TypeDefinitionNode | TypeExtensionNode):
            _add(merged, definition)
    if "Query" not in merged:
        _add(merged, parse("type Query { _empty: Boolean }").definitions[0])
    if entities := _entity_names(merged.values()):
        union = f"union _Entity = {' | '.join(entities)}"
        field_ = "extend type Query { _entities(representations: [_Any!]!): [_Entity]! }"
        for definition in parse(f"{union} {field_}").definitions:
            _add(merged, definition)
    directives = (one for one in parse(sdl).definitions if isinstance(one, DirectiveDefinitionNode))
    return build_ast_schema(DocumentNode(definitions=(*merged.values(), *directives)), assume_valid=True)


def _add(merged: dict[str, Any], node: Any) -> None:
    """Add a definition or an extension: with an earlier one of its name they become one definition."""
    kind = getattr(nodes, type(node).__name__.replace("Extension", "Definition"))
    old = merged.get(node.name.value)
    parts = {name: getattr(node, name, None) for name in kind.keys if name != "loc"}
    if old is not None:
        for name in ("fields", "values", "types", "interfaces", "directives"):
            if name in parts:
                parts[name] = (*(getattr(old, name) or ()), *(parts[name] or ()))
    merged[node.name.value] = kind(**parts)


def _entity_names(definitions: Iterable[Any]) -> list[str]:
    found = list(definitions)
    keyed = {one.name.value for one in found if any(d.name.value == "key" for d in one.directives or ())}
    interfaces = keyed & {one.name.value for one in found if isinstance(one, InterfaceTypeDefinitionNode)}
    objects = [one for one in found if isinstance(one, ObjectTypeDefinitionNode)]
    return [
        one.name.value
        for one in objects
        if one.name.value in keyed or interfaces & {i.name.value for i in one.interfaces or ()}
    ]


@dataclass
class Sent:
    """One request that a subgraph got."""

    subgraph: str
    query: str
    variables: dict[str, Any]
    kind: str

    @property
    def representations(self) -> list[dict[str, Any]]:
        """The representations of an entity fetch."""
        return self.variables["representations"]


@dataclass
class MemoryTransport:
    """The executor's port over subgraphs in memory; it keeps what was sent and can be told to fail.

    `instead` holds by subgraph what happens in place of an answer: a `SubgraphError` to raise, bytes or a response to
    give; or a function from the true response to one of these.
    """

    subgraphs: Mapping[str, MemorySubgraph]
    instead: dict[str, Any] = field(default_factory=dict[str, Any])
    sent: list[Sent] = field(default_factory=list[Sent])
    events: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    @classmethod
    def of(cls, *subgraphs: MemorySubgraph) -> "MemoryTransport":
        """Carry requests to these subgraphs."""
        return cls({one.name: one for one in subgraphs})

    def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> "asyncio.Future[bytes]":
        """Answer at once; the future is done when it is returned."""
        payload = orjson.loads(body)
        self.sent.append(Sent(subgraph, payload["query"], payload.get("variables", {}), kind))
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        outcome = self._outcome(subgraph, payload)
        if isinstance(outcome, SubgraphError):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome if isinstance(outcome, bytes) else orjson.dumps(outcome))
        return answer

    async def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncIterator[dict[str, Any]]:
        """Run the operation once for each of `events`, each the root value of one event."""
        self.sent.append(Sent(subgraph, payload["query"], payload.get("variables", {}), "subscription"))
        query = payload["query"].replace("subscription", "query", 1)
        for event in self.events:
            if isinstance(event, SubgraphError):
                raise event
            yield _event(self.subgraphs[subgraph], query, payload, event)

    def _outcome(self, subgraph: str, payload: Any) -> Any:
        instead = self.instead.get(subgraph)
        if callable(instead):
            return instead(self.subgraphs[subgraph].execute(payload))
        return self.subgraphs[subgraph].execute(payload) if instead is None else instead


def _event(subgraph: MemorySubgraph, query: str, payload: Any, event: Mapping[str, Any]) -> dict[str, Any]:
    root = subgraph.schema.subscription_type
    assert root is not None
    query_type = GraphQLObjectType("Subscription", dict(root.fields))
    schema = GraphQLSchema(
        query=query_type, types=[one for one in subgraph.schema.type_map.values() if one is not root]
    )
    result = execute_sync(
        schema, parse(query), root_value=dict(event), variable_values=payload.get("variables"), type_resolver=_type_of
    )
    return dict(result.formatted)


def refuse(message: str, **extensions: Any) -> GraphQLError:
    """Return an error for a row's field, with extensions."""
    return GraphQLError(message, extensions=extensions)
