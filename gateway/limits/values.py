"""How large the values written into a document may be."""

from graphql import FloatValueNode, GraphQLError, IntValueNode, ListValueNode, Node, ObjectValueNode

from gateway.limits.subject import Subject, refuse_above


def values(subject: Subject) -> GraphQLError | None:
    """Count items and fields of lists and objects, levels of nesting, and the characters of numbers."""
    limits, code = subject.limits, "VALUE_TOO_LARGE"
    containers = [node for node in subject.nodes if isinstance(node, ListValueNode | ObjectValueNode)]
    numbers = [len(node.value) for node in subject.nodes if isinstance(node, IntValueNode | FloatValueNode)]
    return (
        refuse_above(max(numbers, default=0), limits.number_chars, code, "many characters in a number")
        or refuse_above(
            sum(len(_items(node)) for node in containers), limits.value_items, code, "many list items and input fields"
        )
        or refuse_above(
            _levels(containers, limits.value_depth), limits.value_depth, code, "many levels of nested values"
        )
    )


def _levels(containers: list[ListValueNode | ObjectValueNode], limit: int) -> int:
    """Take the outermost away until none is left, or the limit is passed."""
    levels = 0
    level: list[Node] = list(containers)
    while level and levels <= limit:
        levels += 1
        inner = (item for node in level for item in _items(node))
        level = [item for item in inner if isinstance(item, ListValueNode | ObjectValueNode)]
    return levels


def _items(node: Node) -> list[Node]:
    if isinstance(node, ListValueNode):
        return list(node.values or ())
    if isinstance(node, ObjectValueNode):
        return [field.value for field in node.fields or ()]
    return []
