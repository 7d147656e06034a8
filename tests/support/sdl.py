"""Schemas that are described in full."""

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

_STANDARD = {"_entities", "_service"}


def undescribed(schema: GraphQLSchema) -> list[str]:
    """Return every type, field, argument and enum value of ours without a description."""
    missing: list[str] = []
    for name, kind in schema.type_map.items():
        if name.startswith(("_", "link__", "federation__")):
            continue
        if not kind.description and name not in {"ID", "String", "Int", "Boolean", "Float"}:
            missing.append(name)
        if isinstance(kind, GraphQLEnumType):
            missing += [f"{name}.{key}" for key, value in kind.values.items() if not value.description]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for key, field in kind.fields.items():
                if key in _STANDARD:
                    continue
                missing += [] if field.description else [f"{name}.{key}"]
                arguments = getattr(field, "args", {})
                missing += [f"{name}.{key}({arg})" for arg, value in arguments.items() if not value.description]
    return missing
