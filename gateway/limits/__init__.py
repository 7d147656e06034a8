"""What a document may cost: one rule per file, each linear in the document. Never executes anything.

Doors: `first_refusal` for documents, run before every other rule of validation (those are not linear), and for the
values that come with a request `variables.oversized` and `variable_cost`.
"""

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from gateway.limits.aliases import aliases
from gateway.limits.amounts import Limits
from gateway.limits.cost import VariableCost, cost
from gateway.limits.depth import depth
from gateway.limits.directives import directives
from gateway.limits.fields import fields
from gateway.limits.fragments import fragments
from gateway.limits.introspection import introspection
from gateway.limits.operations import operations
from gateway.limits.repetition import repetition
from gateway.limits.root_fields import root_fields
from gateway.limits.subject import Rule, Subject
from gateway.limits.type_names import type_names
from gateway.limits.values import values
from gateway.limits.work import predicted_work, work, work_of

__all__ = ["RULES", "Limits", "VariableCost", "first_refusal", "predicted_work", "variable_cost", "work_of"]

RULES: tuple[Rule, ...] = (
    operations,
    fragments,
    values,
    directives,
    repetition,
    depth,
    root_fields,
    aliases,
    fields,
    introspection,
    type_names,
    cost,
    work,
)


def first_refusal(schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> GraphQLError | None:
    """Return why a document is refused, with a stable `extensions.code`, None when it passes every rule.

    The document need not be valid: whatever is unknown counts as little as possible, and validation refuses it after.
    """
    subject = Subject(schema, document, limits)
    return next((refusal for rule in RULES if (refusal := rule(subject)) is not None), None)


def variable_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, limits: Limits
) -> VariableCost | None:
    """Return what judges the variables of an operation's requests, None where no size of a list comes in one."""
    judge = VariableCost(Subject(schema, document, limits), operation)
    return judge if judge.defaults else None
