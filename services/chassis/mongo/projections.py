"""What a service keeps of others' events: one document per subject, moved forward only."""

from typing import Any

from services.chassis.mongo.client import DUPLICATE_KEY, Collection


async def store_newer(collection: Collection, document_id: str, sequence: int, fields: dict[str, Any]) -> bool:
    """Merge `fields` into the projection unless it already knows this or a later event of the subject.

    Returns whether it was stored. `sequence` is the event's place in the order of its subject, so shuffled, repeated
    and stale events end in the same state. `fields` must be the whole of what the event type says.
    """
    try:
        result = await collection.update_one(
            {"_id": document_id, "sequence": {"$lt": sequence}},
            {"$set": {**fields, "sequence": sequence}},
            upsert=True,
        )
    except DUPLICATE_KEY:
        return False
    return bool(result.matched_count or result.upserted_id is not None)
