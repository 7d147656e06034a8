"""How deeply fields may be nested."""

from graphql import GraphQLError

from gateway.limits.fold import Fold
from gateway.limits.subject import Subject, largest, refuse_above


def depth(subject: Subject) -> GraphQLError | None:
    """Count the fields on the longest path; fragments add no depth of their own."""
    fold = Fold[None](subject.document, lambda _field, _state, inside: 1 + inside(None), largest=True)
    amount = largest(subject, lambda operation: fold.measure(operation.selection_set, None))
    return refuse_above(amount, subject.limits.depth, "TOO_DEEP", "many levels of fields")
