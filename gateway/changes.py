"""What changes for clients from one schema to another: graphql-core's finder, as Markdown."""

from graphql import (
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
    find_schema_changes,
    parse,
)

from gateway.supergraph import Supergraph


def list_changes(old: str, new: str) -> tuple[str, bool]:
    """Return the change log between two SDL texts (schemas or supergraphs), and whether something breaks.

    Raises:
        GraphQLError: one of them is no SDL.
        SupergraphError: one of them is a supergraph that cannot be used.
    """
    before, after = _schema(old), _schema(new)
    breaking = [change.description for change in find_breaking_changes(before, after)]
    dangerous = [change.description for change in find_dangerous_changes(before, after)]
    listed = {*breaking, *dangerous}
    safe = [text for change in find_schema_changes(before, after) if (text := change.description) not in listed]
    sections = (("Breaking", breaking), ("Dangerous", dangerous), ("Safe", safe))
    parts = [f"## {title}\n\n" + "\n".join(f"- {item}" for item in sorted(items)) for title, items in sections if items]
    return "\n\n".join(parts) or "No changes.", bool(breaking)


def _schema(sdl: str) -> GraphQLSchema:
    if "join__Graph" in sdl:
        return Supergraph.from_sdl(sdl).api_schema
    parse(sdl)
    return build_schema(sdl)
