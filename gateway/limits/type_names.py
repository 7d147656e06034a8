"""The key by which clients and services tell types apart is that of the type's name alone."""

from graphql import FieldNode, GraphQLError

from gateway.limits.subject import Subject

_KEY = "__typename"


def type_names(subject: Subject) -> GraphQLError | None:
    """Refuse another field under the key `__typename`: an object would say that it is of a type that is a value.

    The specification forbids no alias; what would be answered here is wrong, so that it is refused by name.
    """
    for node in subject.nodes:
        if isinstance(node, FieldNode) and node.alias and node.alias.value == _KEY != node.name.value:
            text = f"`{_KEY}` cannot be the alias of another field here: types are told apart by it."
            return GraphQLError(text, node, extensions={"code": "GRAPHQL_VALIDATION_FAILED"})
    return None
