"""How many directives a document may have."""

from graphql import DirectiveNode, GraphQLError

from gateway.limits.subject import Subject, refuse_above


def directives(subject: Subject) -> GraphQLError | None:
    """Count directives, as written, known or not."""
    amount = sum(isinstance(node, DirectiveNode) for node in subject.nodes)
    return refuse_above(amount, subject.limits.directives, "TOO_MANY_DIRECTIVES", "many directives")
