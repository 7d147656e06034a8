"""How many operations a document may define: only one is run, but all are validated."""

from graphql import GraphQLError

from gateway.limits.subject import Subject, refuse_above


def operations(subject: Subject) -> GraphQLError | None:
    """Count operations."""
    amount = len(subject.operations)
    return refuse_above(amount, subject.limits.operations, "TOO_MANY_OPERATIONS", "many operations")
