"""How often one response key may come up: fields of one key are compared each with each."""

from collections import Counter

from graphql import FieldNode, GraphQLError

from gateway.limits.subject import Subject, refuse_above


def repetition(subject: Subject) -> GraphQLError | None:
    """Count the uses of the most frequent response key, as written."""
    keys = Counter((node.alias or node.name).value for node in subject.nodes if isinstance(node, FieldNode))
    amount = max(keys.values(), default=0)
    return refuse_above(amount, subject.limits.repetition, "TOO_REPETITIVE", "many fields with the same response key")
