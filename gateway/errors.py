"""The catalogue of error codes: what `extensions.code` can be, who has to do something, and what.

`python -m gateway errors` prints it; a test fails when a code is used that is not listed here. Codes that subgraphs
choose (`UNAUTHENTICATED`, `CONFLICT`, …) pass through and are documented by their schema.
"""

from dataclasses import dataclass
from typing import Literal

Side = Literal["client", "server"]


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One code: `side` says who can do something about it, `status` is the HTTP status of the whole request.

    A status of 200 means that the rest of the answer may be there.
    """

    code: str
    side: Side
    status: int
    meaning: str


CATALOGUE: dict[str, ErrorCode] = {
    error.code: error
    for error in (
        # --- the request itself
        ErrorCode("BAD_REQUEST", "client", 400, "The request is not what GraphQL over HTTP asks for."),
        ErrorCode("METHOD_NOT_ALLOWED", "client", 405, "Only POST; GET only for queries by persisted document."),
        ErrorCode("NOT_ACCEPTABLE", "client", 406, "None of the media types in `Accept` can be sent."),
        ErrorCode("UNSUPPORTED_MEDIA_TYPE", "client", 415, "A POST must be `application/json` in UTF-8."),
        ErrorCode("PAYLOAD_TOO_LARGE", "client", 413, "The request body is too large."),
        ErrorCode("BATCHING_DISABLED", "client", 400, "Not so many operations are accepted in one request."),
        ErrorCode("NEEDS_STREAM", "client", 400, "A subscription needs graphql-transport-ws, SSE or multipart."),
        ErrorCode("TOO_MANY_SUBSCRIPTIONS", "client", 200, "This socket runs as many operations as it may."),
        # --- persisted documents
        ErrorCode("PERSISTED_QUERY_NOT_FOUND", "client", 400, "No persisted document has this id."),
        ErrorCode("PERSISTED_QUERY_MISMATCH", "client", 400, "The id is not the sha256 of the document sent with it."),
        ErrorCode("PERSISTED_QUERY_REQUIRED", "client", 400, "Only persisted documents are accepted here."),
        # --- the document
        ErrorCode("GRAPHQL_PARSE_FAILED", "client", 400, "The document is not GraphQL."),
        ErrorCode("GRAPHQL_VALIDATION_FAILED", "client", 400, "The document does not fit the schema."),
        ErrorCode("OPERATION_RESOLUTION_FAILURE", "client", 400, "Which operation to run is not clear."),
        ErrorCode("BAD_USER_INPUT", "client", 400, "The variables do not fit the operation."),
        # --- limits
        ErrorCode("DOCUMENT_TOO_LARGE", "client", 400, "The document is too long."),
        ErrorCode("TOO_DEEP", "client", 400, "Fields are nested too deeply."),
        ErrorCode("TOO_MANY_ALIASES", "client", 400, "Too many aliases, fragments counted at every spread."),
        ErrorCode("TOO_MANY_FIELDS", "client", 400, "Too many fields, fragments counted at every spread."),
        ErrorCode("TOO_MANY_ROOT_FIELDS", "client", 400, "Too many fields of Query, Mutation or Subscription."),
        ErrorCode("TOO_MANY_OPERATIONS", "client", 400, "Too many operations in one document."),
        ErrorCode("TOO_MANY_FRAGMENTS", "client", 400, "Too many fragments or spreads in one document."),
        ErrorCode("TOO_MANY_DIRECTIVES", "client", 400, "Too many directives in one document."),
        ErrorCode("TOO_REPETITIVE", "client", 400, "One field is asked for too often."),
        ErrorCode("TOO_EXPENSIVE", "client", 400, "The answer could have too many objects: ask for shorter lists."),
        ErrorCode("VALUE_TOO_LARGE", "client", 400, "A list, an input or a number is too large."),
        ErrorCode("INTROSPECTION_DISABLED", "client", 400, "The schema cannot be asked for here: read its file."),
        # --- subgraphs
        ErrorCode("SUBGRAPH_UNAVAILABLE", "server", 200, "A part of the answer is missing: try again later."),
        ErrorCode("SUBGRAPH_TIMEOUT", "server", 200, "A part of the answer did not come in time: try again later."),
        ErrorCode("SUBGRAPH_ERROR", "server", 200, "A subgraph reported an error without a code of its own."),
        ErrorCode("SUBGRAPH_INVALID_VALUE", "server", 200, "A subgraph sent a value that its type does not allow."),
        ErrorCode("UNEXPECTED_NULL", "server", 200, "A subgraph sent null where the schema promises a value."),
        # --- us
        ErrorCode("INTERNAL", "server", 500, "A defect of the gateway; the log has it under the request id."),
        ErrorCode("NOT_READY", "server", 503, "The gateway is starting or stopping: try again."),
    )
}


def render_catalogue() -> str:
    """Return the catalogue as a Markdown table."""
    rows = [f"| `{e.code}` | {e.side} | {e.status} | {e.meaning} |" for e in CATALOGUE.values()]
    return "\n".join(["| code | side | status | meaning |", "|---|---|---|---|", *rows])
