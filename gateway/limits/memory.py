"""How much memory an operation fills once it is parsed, planned and compiled: estimated, so that caches stay bounded.

Measured with tracemalloc over our schema: 0.4 kB for a node of the document, 1.1 kB for a field at each of its spreads,
and the text five to six times (key, source, literals). Documents with `@skip`, `@include` or `@defer` are compiled anew
for some of the values that their conditions take.
"""

import sys

from graphql import DirectiveNode, DocumentNode, GraphQLSchema

from gateway.limits.amounts import Limits
from gateway.limits.fold import Fold
from gateway.limits.subject import Subject, largest

_ALWAYS = 25_000
_PER_FIELD, _PER_NODE, _PER_BYTE = 1_300, 450, 6
_COMPILED_AGAIN = 5


def memory_of(schema: GraphQLSchema, document: DocumentNode, text: str) -> int:
    """Return bytes; `text` is what the document was parsed from."""
    subject = Subject(schema, document, Limits())
    fold = Fold[None](document, lambda _field, _state, inside: 1 + inside(None))
    fields = largest(subject, lambda operation: fold.measure(operation.selection_set, None))
    times = _COMPILED_AGAIN if any(isinstance(node, DirectiveNode) for node in subject.nodes) else 1
    return _ALWAYS + _PER_FIELD * fields * times + _PER_NODE * len(subject.nodes) + _PER_BYTE * sys.getsizeof(text)
