"""The numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a request may be; every number is the largest that is accepted."""

    body_bytes: int = 1_000_000
    """Bytes of a request body, or of a message on a WebSocket."""
    document_chars: int = 60_000
    """Characters of a document."""
    tokens: int = 2_000
    """Tokens of a document."""
    depth: int = 20
    """Levels of fields in fields."""
    aliases: int = 100
    """Aliases, fragments counted at every spread."""
    fields: int = 2_000
    """Fields, fragments counted at every spread."""
    root_fields: int = 30
    """Fields at the top of a query or a subscription."""
    root_mutations: int = 10
    """Fields at the top of a mutation."""
    operations: int = 20
    """Operations in one document."""
    fragments: int = 100
    """Fragments in one document."""
    spreads: int = 300
    """Fragment spreads in one document."""
    repetition: int = 100
    """How often one response key may come up."""
    directives: int = 50
    """Directives in one document."""
    cost: int = 100_000
    """Objects that an answer could have: a list counts `first` or `last` times."""
    work_ms: int = 250
    """Milliseconds of CPU that an operation may cost gateway and services, as weights that were measured predict."""
    list_size: int = 10
    """What a list without `first` and `last` counts in `cost`."""
    page_size: int = 100
    """What a list counts whose `first` or `last` is a variable that is null or not there; else it has its value."""
    value_items: int = 1_000
    """Items of lists and objects in the document."""
    variable_items: int = 20_000
    """Items of lists and objects in the variables; a line of an invoice, of which it may have 1,000, has about ten."""
    value_depth: int = 12
    """Levels of lists and objects in a value."""
    number_chars: int = 40
    """Characters of a number in the document."""
    introspection_lists: int = 3
    """Nested lists of the schema that introspection may ask for; the tools' own query nests two."""
    introspection: bool = True
    """Whether introspection is allowed at all: `PORTAL_INTROSPECTION`."""
    batch: int = 0
    """Operations in one request, as a list; 0 disables batching."""
