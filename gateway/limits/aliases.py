"""How many aliases an operation may have."""

from graphql import GraphQLError

from gateway.limits.fold import Fold
from gateway.limits.subject import Subject, largest, refuse_above


def aliases(subject: Subject) -> GraphQLError | None:
    """Count aliased fields, fragments at every spread."""
    fold = Fold[None](subject.document, lambda field, _, inside: (field.alias is not None) + inside(None))
    amount = largest(subject, lambda operation: fold.measure(operation.selection_set, None))
    return refuse_above(amount, subject.limits.aliases, "TOO_MANY_ALIASES", "many aliases")
