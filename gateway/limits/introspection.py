"""What may be asked about the schema: its types refer to one another in circles."""

from graphql import FieldNode, GraphQLError

from gateway.limits.fold import Fold, Inside
from gateway.limits.subject import Subject, largest, refuse_above

_ENTRIES = frozenset({"__schema", "__type"})
_LISTS = frozenset({"fields", "interfaces", "possibleTypes", "inputFields", "args", "enumValues"})


def introspection(subject: Subject) -> GraphQLError | None:
    """Count the nested lists below `__schema` and `__type` (the tools' own query nests two), or refuse both."""
    if not subject.limits.introspection:
        asked = any(isinstance(node, FieldNode) and node.name.value in _ENTRIES for node in subject.nodes)
        code = {"code": "INTROSPECTION_DISABLED"}
        text = "Introspection is disabled here; use the published schema file."
        return GraphQLError(text, extensions=code) if asked else None
    fold = Fold[bool](subject.document, _field, largest=True)
    amount = largest(subject, lambda operation: fold.measure(operation.selection_set, False))
    return refuse_above(amount, subject.limits.introspection_lists, "TOO_DEEP", "many nested lists of introspection")


def _field(field: FieldNode, below: bool, inside: Inside) -> int:
    if field.name.value in _ENTRIES:
        return inside(True)
    return inside(below) + (below and field.name.value in _LISTS)
