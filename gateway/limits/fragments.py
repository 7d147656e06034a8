"""How many fragments and spreads a document may have: comparing them costs the square of their number."""

from graphql import FragmentDefinitionNode, FragmentSpreadNode, GraphQLError, InlineFragmentNode

from gateway.limits.subject import Subject, refuse_above


def fragments(subject: Subject) -> GraphQLError | None:
    """Count fragments and spreads (inline ones included), as written."""
    limits = subject.limits
    defined = sum(isinstance(node, FragmentDefinitionNode) for node in subject.nodes)
    spread = sum(isinstance(node, FragmentSpreadNode | InlineFragmentNode) for node in subject.nodes)
    return refuse_above(defined, limits.fragments, "TOO_MANY_FRAGMENTS", "many fragments") or refuse_above(
        spread, limits.spreads, "TOO_MANY_FRAGMENTS", "many fragment spreads"
    )
