"""What every subgraph's schema says alike."""

from typing import Any

import strawberry

QUERIES = (
    "Queries. They return only what the caller may see, and change nothing: reading a document does not mark it as "
    "viewed."
)
MUTATIONS = "Mutations. An expected refusal is returned in `userErrors` of the payload."
SUBSCRIPTIONS = "Subscriptions. They deliver what happens from now on, as the caller may see it; nothing is repeated."

KEY = (
    "A key of your choice for this request (8–255 printable ASCII characters, e.g. a UUID). "
    "Repeating the same key and input returns the original result for 7 days; a new request needs a new key."
)
OPTIONAL_KEY = f"{KEY} Without a key, a request that is sent again counts as another one."
ERRORS = "Why the request was refused; empty when it succeeded."
DONE = "True if it was done, or had been done already."


def given(mutation: str) -> Any:
    """Return the description of the only argument of a mutation, by the mutation's name in the schema."""
    return strawberry.argument(description=f"The input of `{mutation}`.")
