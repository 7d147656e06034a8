"""What changes for clients from one schema to another: graphql-core's finder, as Markdown.

Breaking changes are refused unless they are accepted one by one, in the words of the finder, as items of a Markdown
list; whatever else that file says is for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import (
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
    find_schema_changes,
    parse,
)

from gateway.supergraph import Supergraph


@dataclass(frozen=True, slots=True)
class SchemaChanges:
    """Sentences by what they do to clients: operations fail, operations may meet the unexpected, nothing."""

    breaking: Sequence[str]
    dangerous: Sequence[str]
    safe: Sequence[str]

    def render(self) -> str:
        """Return the change log as Markdown."""
        sections = (("Breaking", self.breaking), ("Dangerous", self.dangerous), ("Safe", self.safe))
        parts = [f"## {title}\n\n" + "\n".join(f"- {item}" for item in items) for title, items in sections if items]
        return "\n\n".join(parts) or "No changes."

    def refusals(self, accepted: str = "") -> list[str]:
        """Return why these changes are refused: what breaks and is not accepted, and what is accepted in vain."""
        listed = {line[1:].strip() for line in accepted.splitlines() if line.startswith("-")}
        unlisted = [
            f"breaks clients and is not listed as accepted: {item}" for item in self.breaking if item not in listed
        ]
        return unlisted + [
            f"is listed as accepted but does not occur: {item}" for item in sorted(listed - {*self.breaking})
        ]


def find_changes(old: str, new: str) -> SchemaChanges:
    """Return what changes between two SDL texts (schemas or supergraphs).

    Raises:
        GraphQLError: one of them is no SDL.
        SupergraphError: one of them is a supergraph that cannot be used.
    """
    before, after = _schema(old), _schema(new)
    breaking = sorted(change.description for change in find_breaking_changes(before, after))
    dangerous = sorted(change.description for change in find_dangerous_changes(before, after))
    every = sorted(change.description for change in find_schema_changes(before, after))
    return SchemaChanges(breaking, dangerous, [item for item in every if item not in {*breaking, *dangerous}])


def _schema(sdl: str) -> GraphQLSchema:
    if "join__Graph" in sdl:
        return Supergraph.from_sdl(sdl).api_schema
    parse(sdl)
    return build_schema(sdl)
