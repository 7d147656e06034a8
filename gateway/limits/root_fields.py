"""How many fields of Query, Mutation and Subscription an operation may ask for: each may be a whole request."""

from graphql import FieldNode, GraphQLError, OperationType

from gateway.limits.fold import Fold, Inside
from gateway.limits.subject import Subject, refuse_above


def root_fields(subject: Subject) -> GraphQLError | None:
    """Count the fields at the top, aliases and fragments included; mutations have a limit of their own."""
    fold = Fold[None](subject.document, _one)
    for operation in subject.operations:
        mutation = operation.operation is OperationType.MUTATION
        limit = subject.limits.root_mutations if mutation else subject.limits.root_fields
        amount = fold.measure(operation.selection_set, None)
        if refusal := refuse_above(amount, limit, "TOO_MANY_ROOT_FIELDS", "many top-level fields"):
            return refusal
    return None


def _one(_field: FieldNode, _state: None, _inside: Inside) -> int:
    return 1
