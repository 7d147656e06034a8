"""The two sides that must agree: the merged schema run by graphql-core, and subgraphs behind the gateway."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLString,
    ListValueNode,
    VariableNode,
    build_schema,
    execute_sync,
    get_named_type,
    value_from_ast_untyped,
)
from graphql.execution import experimental_execute_incrementally

from tests.gateway.differential.rows import Rows, answered, computed, required_source
from tests.gateway.differential.sdl import merged_sdl, subgraph_sdl
from tests.gateway.differential.world import EntityInterface, Field, Type, World
from tests.support.memory_subgraphs import MemorySubgraph

Row = Mapping[str, Any]


class Reference:
    """The merged schema over all rows."""

    def __init__(self, world: World, rows: Rows) -> None:
        """Build it."""
        self._world = world
        self._rows = rows
        self.schema = build_schema(merged_sdl(world))

    def execute(self, document: DocumentNode, variables: dict[str, Any]) -> ExecutionResult:
        """Run an operation."""
        return execute_sync(
            self.schema,
            document,
            root_value=self._rows.root,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
        )

    def execute_incrementally(self, document: DocumentNode, variables: dict[str, Any]) -> Any:
        """Run an operation as graphql-core delivers it in parts."""
        return experimental_execute_incrementally(
            self.schema,
            document,
            root_value=self._rows.root,
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda value, *_: value["__typename"],
        )

    def _resolve(self, source: Row, info: Any, **arguments: Any) -> Any:
        type_ = self._world.types[info.parent_type.name]
        one = type_.fields[info.field_name]
        value = (
            computed(type_, one, required_source(type_, one, source))
            if one.required_in
            else answered(one, source[one.name], arguments)
        )
        return marked(_raised(value), info)


class SplitSubgraph(MemorySubgraph):
    """One subgraph of a world. It knows what the world says it knows; anything else is an error that shows."""

    def __init__(self, name: str, world: World, rows: Rows) -> None:
        """Build it over the same rows as the reference's."""
        super().__init__(name, subgraph_sdl(world, name), rows.of)
        self._world = world
        self._root = rows.root
        self.labels: frozenset[str] = frozenset()

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if info.field_name.startswith("_"):
            return super()._resolve(source, info, **arguments)
        type_ = self._type(info.parent_type.name)
        one = type_.fields[info.field_name]
        row = source or self._root
        if not self._answers(one) and one.name != "id":
            return marked(_raised(self._foreign(row, one)), info)
        if one.required_in:
            return marked(self._computed(type_, one, row), info)
        value = marked(_raised(answered(one, row[one.name], arguments)), info)
        return _provided(value, one.provides) if one.provides else value

    def _answers(self, one: Field) -> bool:
        if one.label and one.label not in self.labels:
            return self.name == one.overrides
        return self.name in one.owners

    def _type(self, name: str) -> Type:
        entity = self._world.entity_interfaces.get(name)
        return entity.objects[self.name] if entity else self._world.types[name]

    def _foreign(self, row: Row, one: Field) -> Any:
        """Return the value of a field that belongs to others: only what `@provides` promised."""
        if one.name in row.get("__provided", ()):
            return row[one.name]
        return GraphQLError(f"subgraph {self.name} was asked for {one.name}, which is not its own")

    def _computed(self, type_: Type, one: Field, row: Row) -> Any:
        given = row.get("__given")
        if given is None or any(name not in given for name in one.needs):
            raise GraphQLError(f"subgraph {self.name} was asked for {one.name} without what it requires")
        return computed(type_, one, given)

    def _entity(self, representation: Mapping[str, Any]) -> Any:
        typename = representation["__typename"]
        if entity := self._world.entity_interfaces.get(typename):
            return self._member(entity, representation)
        type_ = self._world.types[typename]
        keys = [key.replace("{ code }", "").split() for key in type_.keys[self.name]]
        key = next((one for one in keys if all(name in representation for name in one)), None)
        if key is None or self.name in type_.unresolvable:
            raise GraphQLError(f"subgraph {self.name} cannot resolve {representation}")
        for row in self.rows[typename]:
            if all(_same(row[name], representation[name]) for name in key):
                return {**row, "__given": representation}
        raise GraphQLError(f"subgraph {self.name} has no {representation}")

    def _member(self, entity: EntityInterface, representation: Mapping[str, Any]) -> Any:
        name = {"__typename": entity.name} if self.name in entity.objects else {}
        for row in [row for member in entity.members for row in self.rows[member]]:
            if row["id"] == representation["id"]:
                return {**row, **name, "__given": representation}
        raise GraphQLError(f"subgraph {self.name} has no {representation}")


def _same(stored: Any, sent: Any) -> bool:
    if isinstance(stored, list):
        return isinstance(sent, list) and all(_same(*pair) for pair in zip(stored, sent, strict=True))
    return stored["code"] == sent["code"] if isinstance(stored, dict) else stored == sent


def _provided(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_provided(item, names) for item in value]
    return {**value, "__provided": names} if isinstance(value, dict) else value


def marked(value: Any, info: Any) -> Any:
    """Return a text with what the directives on its field say, in their order."""
    if not isinstance(value, str) or get_named_type(info.return_type) is not GraphQLString:
        return value
    for one in info.field_nodes[0].directives or ():
        if one.name.value == "mark":
            given = {a.name.value: _constant(a.value, info.variable_values) for a in one.arguments or ()}
            value += f" {sorted(given.items())}"
    return value


def _constant(node: Any, variables: Any) -> Any:
    values = getattr(variables, "coerced", variables)
    if isinstance(node, VariableNode):
        return values.get(node.name.value)
    if isinstance(node, ListValueNode):
        return [_constant(one, variables) for one in node.values]
    return value_from_ast_untyped(node)


def _raised(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value
