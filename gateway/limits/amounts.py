"""The numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a request may be; every number is the largest that is accepted.

    `cost` counts the objects that an answer could have: a list counts `first` or `last` times, `list_size` times when
    neither is given; a size in a variable counts by its value, `page_size` times when that is null or not there.
    `batch` is the number of operations in one request; none means that batches are refused.
    """

    body_bytes: int = 1_000_000
    document_chars: int = 60_000
    tokens: int = 2_000
    depth: int = 20
    aliases: int = 100
    fields: int = 2_000
    root_fields: int = 30
    root_mutations: int = 10
    operations: int = 20
    fragments: int = 100
    spreads: int = 300
    repetition: int = 100
    directives: int = 50
    cost: int = 100_000
    list_size: int = 10
    page_size: int = 100
    value_items: int = 1_000
    value_depth: int = 12
    number_chars: int = 40
    introspection_lists: int = 3
    introspection: bool = True
    batch: int = 0
