"""A world as SDL: each subgraph's, the supergraph's with its join directives, and the reference's merged schema."""

from collections.abc import Iterable

from tests.gateway.differential.world import EntityInterface, Field, Type, World

_SPEC = "https://specs.apollo.dev"
_LINK = f"""extend schema @link(url: "{_SPEC}/federation/v2.3", import: ["@key", "@shareable", "@interfaceObject",
  "@requires", "@external", "@provides", "@override"])"""
_COMMON = "scalar JSON\nenum Color { RED GREEN BLUE }"
_JOIN = f"""schema @link(url: "{_SPEC}/link/v1.0") @link(url: "{_SPEC}/join/v0.4", for: EXECUTION) {{ query: Query }}
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String,
  external: Boolean, override: String, usedOverridden: Boolean,
  overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false,
  resolvable: Boolean! = true, isInterfaceObject: Boolean! = false)
  repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose {{ SECURITY EXECUTION }}"""


def _signature(one: Field) -> str:
    return f"{one.name}{'(n: Int = 1)' if one.argument else ''}: {one.type}"


MARK = """
directive @mark(by: Int, of: [Int]) repeatable on
  QUERY | FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
"""
"""A directive of the client's: texts are answered with what it says."""


def merged_sdl(world: World) -> str:
    """Return the schema that clients see, without any split."""
    parts = [MARK, _COMMON]
    for interface in world.interfaces.values():
        fields = [_interface_field(name) for name, where in interface.fields.items() if where]
        parts.append(f"interface {interface.name} {{ {' '.join(fields)} }}")
    parts += [f"union {one.name} = {' | '.join(_all(one.members.values()))}" for one in world.unions.values()]
    for entity in world.entity_interfaces.values():
        fields = [_signature(one) for one in _entity_fields(entity)]
        parts.append(f"interface {entity.name} {{ id: ID! {' '.join(fields)} }}")
    for type_ in _known(world):
        fields = [_signature(one) for one in type_.fields.values()]
        parts.append(f"type {type_.name}{_implements(world, type_)} {{ {' '.join(fields)} }}")
    return "\n".join(parts)


def subgraph_sdl(world: World, subgraph: str) -> str:
    """Return what one subgraph publishes."""
    parts = [_LINK, MARK, _COMMON]
    for interface in world.interfaces.values():
        if subgraph in interface.subgraphs:
            names = [name for name, where in interface.fields.items() if subgraph in where]
            parts.append(f"interface {interface.name} {{ {' '.join(_interface_field(name) for name in names)} }}")
    for entity in world.entity_interfaces.values():
        if subgraph == entity.owner:
            fields = " ".join(_signature(one) for one in entity.fields)
            parts.append(f'interface {entity.name} @key(fields: "id") {{ id: ID! {fields} }}')
        elif subgraph in entity.objects:
            fields = " ".join(["id: ID!", *_subgraph_fields(entity.objects[subgraph], subgraph)])
            parts.append(f'type {entity.name} @key(fields: "id") @interfaceObject {{ {fields} }}')
    unions = [one for one in world.unions.values() if subgraph in one.members]
    parts += [f"union {one.name} = {' | '.join(one.members[subgraph])}" for one in unions]
    for type_ in _known(world):
        if subgraph in type_.keys and (fields := _subgraph_fields(type_, subgraph)):
            keys = " ".join(_key(type_, subgraph, key) for key in type_.keys[subgraph])
            parts.append(f"type {type_.name}{_implements(world, type_, subgraph)} {keys} {{ {' '.join(fields)} }}")
    return "\n".join(parts)


def supergraph_sdl(world: World) -> str:
    """Return the supergraph as a composition tool writes it, every join spelt out."""
    every = " ".join(f"@join__type(graph: {one.upper()})" for one in world.subgraphs)
    values = " ".join(f"@join__enumValue(graph: {one.upper()})" for one in world.subgraphs)
    graphs = "\n".join(f'{one.upper()} @join__graph(name: "{one}", url: "http://{one}")' for one in world.subgraphs)
    colors = " ".join(f"{one} {values}" for one in ("RED", "GREEN", "BLUE"))
    parts = [
        _JOIN,
        MARK,
        f"enum join__Graph {{\n{graphs}\n}}",
        f"scalar JSON {every}",
        f"enum Color {every} {{ {colors} }}",
    ]
    for interface in world.interfaces.values():
        joins = " ".join(f"@join__type(graph: {one.upper()})" for one in interface.subgraphs)
        fields = [f"{_interface_field(name)} {_graphs(where)}" for name, where in interface.fields.items() if where]
        parts.append(f"interface {interface.name} {joins} {{\n{chr(10).join(fields)}\n}}")
    parts += [_supergraph_entity_interface(entity) for entity in world.entity_interfaces.values()]
    for union in world.unions.values():
        joins = " ".join(f"@join__type(graph: {one.upper()})" for one in union.members)
        members = " ".join(
            f'@join__unionMember(graph: {one.upper()}, member: "{name}")'
            for one, names in union.members.items()
            for name in names
        )
        parts.append(f"union {union.name} {joins} {members} = {' | '.join(_all(union.members.values()))}")
    parts += [_supergraph_type(world, type_) for type_ in _known(world)]
    return "\n".join(parts)


def _entity_fields(entity: EntityInterface) -> list[Field]:
    return entity.fields + [f for s, each in entity.objects.items() for f in each.fields.values() if f.owners == [s]]


def _supergraph_entity_interface(entity: EntityInterface) -> str:
    joins = [f'@join__type(graph: {entity.owner.upper()}, key: "id")'] + [
        f'@join__type(graph: {name.upper()}, key: "id", isInterfaceObject: true)' for name in entity.objects
    ]
    fields = [f"id: ID! {_graphs([entity.owner, *entity.objects])}"]
    fields += [f"{_signature(one)} {_joins(one)}" for one in _entity_fields(entity)]
    return f"interface {entity.name} {' '.join(joins)} {{\n{chr(10).join(fields)}\n}}"


def _supergraph_type(world: World, type_: Type) -> str:
    joins: list[str] = []
    for subgraph, keys in type_.keys.items():
        end = ", resolvable: false" if subgraph in type_.unresolvable else ""
        joins += [f'@join__type(graph: {subgraph.upper()}, key: "{key}"{end})' for key in keys] or [
            f"@join__type(graph: {subgraph.upper()})"
        ]
    joins += [
        f'@join__implements(graph: {subgraph.upper()}, interface: "{interface.name}")'
        for interface in world.interfaces.values()
        if type_.name in interface.members
        for subgraph in interface.subgraphs
        if subgraph in type_.keys
    ]
    joins += [
        f'@join__implements(graph: {entity.owner.upper()}, interface: "{entity.name}")'
        for entity in world.entity_interfaces.values()
        if type_.name in entity.members
    ]
    fields = [f"{_signature(one)} {_type_joins(type_, one)}" for one in type_.fields.values()]
    return f"type {type_.name}{_implements(world, type_)} {' '.join(joins)} {{\n{chr(10).join(fields)}\n}}"


def _joins(one: Field) -> str:
    joins: list[str] = []
    for owner in one.owners:
        more = f', requires: "{one.required_in[owner]}"' if owner in one.required_in else ""
        more += f', provides: "{" ".join(one.provides)}"' if one.provides else ""
        more += f', override: "{one.overrides}"' if one.overrides else ""
        more += f', overrideLabel: "{one.label}"' if one.label else ""
        joins.append(f"@join__field(graph: {owner.upper()}{more})")
    if one.overrides and one.label:
        joins.append(f'@join__field(graph: {one.overrides.upper()}, overrideLabel: "{one.label}")')
    joins += [f"@join__field(graph: {name.upper()}, external: true)" for name in sorted(one.external_in)]
    return " ".join(joins)


def _type_joins(type_: Type, one: Field) -> str:
    return "@join__field" if set(one.owners) <= type_.never and type_.never else _joins(one)


def _graphs(subgraphs: Iterable[str]) -> str:
    return " ".join(f"@join__field(graph: {one.upper()})" for one in subgraphs)


def _subgraph_fields(type_: Type, subgraph: str) -> list[str]:
    fields: list[str] = []
    keys = " ".join(type_.keys[subgraph])
    for one in type_.fields.values():
        if subgraph in one.owners:
            shared = len(one.owners) > 1 and one.name not in keys.split()
            more = " @shareable" if shared or type_.kind == "value" else ""
            more += f' @requires(fields: "{one.required_in[subgraph]}")' if subgraph in one.required_in else ""
            more += f' @provides(fields: "{" ".join(one.provides)}")' if one.provides else ""
            more += f' @override(from: "{one.overrides}")' if one.overrides else ""
            fields.append(_signature(one) + more)
        elif subgraph in one.external_in:
            fields.append(f"{_signature(one)} @external")
        elif subgraph == one.overrides:
            fields.append(_signature(one))
    return fields


def _key(type_: Type, subgraph: str, key: str) -> str:
    return f'@key(fields: "{key}"{", resolvable: false" if subgraph in type_.unresolvable else ""})'


def _known(world: World) -> list[Type]:
    return [one for one in world.types.values() if one.keys and any(each.owners for each in one.fields.values())]


def _interface_field(name: str) -> str:
    return f"{name}: {'String' if name == 'label' else 'Int'}"


def _all(groups: Iterable[list[str]]) -> list[str]:
    return sorted({name for group in groups for name in group})


def _implements(world: World, type_: Type, subgraph: str | None = None) -> str:
    names = [
        one.name
        for one in world.interfaces.values()
        if type_.name in one.members and (subgraph is None or subgraph in one.subgraphs)
    ]
    names += [
        one.name
        for one in world.entity_interfaces.values()
        if type_.name in one.members and (subgraph is None or subgraph == one.owner)
    ]
    return f" implements {' & '.join(names)}" if names else ""
