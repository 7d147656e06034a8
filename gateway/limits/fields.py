"""How many fields an operation may have."""

from graphql import GraphQLError

from gateway.limits.fold import Fold
from gateway.limits.subject import Subject, largest, refuse_above


def fields(subject: Subject) -> GraphQLError | None:
    """Count fields, fragments at every spread."""
    fold = Fold[None](subject.document, lambda _field, _state, inside: 1 + inside(None))
    amount = largest(subject, lambda operation: fold.measure(operation.selection_set, None))
    return refuse_above(amount, subject.limits.fields, "TOO_MANY_FIELDS", "many fields")
