"""Documents that were parsed and validated, by their text: the gateway sends the same ones again and again."""

import sys
from typing import cast

from graphql import DocumentNode, GraphQLError, GraphQLSchema, Node, parse, specified_rules
from strawberry.schema.schema import validate_document

from chassis.remembered import Remembered

CACHED_DOCUMENTS = 1_000
CACHED_BYTES = 32_000_000

Checked = tuple[DocumentNode, list[GraphQLError]]
_KNOWN: Remembered[tuple[GraphQLSchema, str], Checked] = Remembered(CACHED_BYTES, CACHED_DOCUMENTS)


def known_document(schema: GraphQLSchema, text: str) -> Checked:
    """Return the document of a text and what is wrong with it.

    Raises:
        GraphQLError: the text is no GraphQL.
    """
    known = _KNOWN.get((schema, text))
    if known is None:
        document = parse(text)
        known = document, validate_document(schema, document, specified_rules)
        _KNOWN.put((schema, text), known, _memory_of(document, text))
    return known


def _memory_of(document: DocumentNode, text: str) -> int:
    """Return about how many bytes a document fills: its nodes, and its text as key, source and literals."""
    nodes, waiting = 0, cast(list[object], [document])
    while waiting:
        value = waiting.pop()
        if isinstance(value, Node):
            nodes += 1
            waiting += [getattr(value, key, None) for key in value.keys]
        elif isinstance(value, list | tuple):
            waiting += value  # pyright: ignore[reportUnknownArgumentType]
    return 2_000 + 450 * nodes + 5 * sys.getsizeof(text)
