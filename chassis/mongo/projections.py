"""What a service keeps of others' events: one document per subject, moved forward only."""

from typing import Any

from chassis.mongo.client import Collection, Document
from chassis.mongo.gathering import keep_newer
from chassis.mongo.histories import ROW, SCHEMA, History, history_of, schema_of


async def store_newer(
    collection: Collection, document_id: str, sequence: int, fields: dict[str, Any], *, schema: int = ROW[SCHEMA]
) -> bool:
    """Merge `fields` into the projection unless it already knows this or a later event of the subject.

    Returns whether it was stored. `sequence` is the event's place in the order of its subject, so shuffled, repeated
    and stale events end in the same state. `fields` must be the whole of what the event type says; what another
    version noted beside them stays. `schema` is the number of the form of the fields.
    """
    return await keep_newer(collection, document_id, sequence, {**fields, SCHEMA: schema})


class Projection:
    """A collection of projections of one kind, to be brought forward like aggregates (`Mendable`)."""

    def __init__(self, collection: Collection, kind: Any) -> None:
        self.collection = collection
        self.history: History = history_of(kind)

    def mending(self, stored: Document) -> Document:
        """Return the fields to be set so that a document has this version's form; none where it has, or a newer one."""
        if schema_of(stored) >= self.history.schema:
            return {}
        forward = self.history.forward(stored)
        fields = {name: value for name, value in forward.items() if name not in stored or stored[name] != value}
        return fields | {SCHEMA: self.history.schema}
