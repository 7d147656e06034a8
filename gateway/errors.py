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
        ErrorCode("BAD_REQUEST", "client", 400, "The request does not follow the GraphQL-over-HTTP specification."),
        ErrorCode("METHOD_NOT_ALLOWED", "client", 405, "Use POST; GET can only run queries and subscriptions."),
        ErrorCode("CROSS_ORIGIN", "client", 403, "A page of an origin that is not allowed here sent a GET; use POST."),
        ErrorCode("NOT_ACCEPTABLE", "client", 406, "None of the media types in `Accept` is supported."),
        ErrorCode(
            "UNSUPPORTED_MEDIA_TYPE",
            "client",
            415,
            "The content type of a POST request is not `application/json` in UTF-8.",
        ),
        ErrorCode("PAYLOAD_TOO_LARGE", "client", 413, "The request body is larger than the limit `body_bytes`."),
        ErrorCode(
            "BATCHING_DISABLED", "client", 400, "The batch contains too many operations, or batching is disabled."
        ),
        ErrorCode(
            "NEEDS_STREAM", "client", 400, "A subscription needs a stream: graphql-transport-ws, SSE or multipart."
        ),
        ErrorCode(
            "TOO_MANY_SUBSCRIPTIONS", "client", 200, "The WebSocket has reached its limit of running operations."
        ),
        ErrorCode(
            "QUOTA_EXCEEDED",
            "client",
            429,
            "You, or your address, asked for too much, or have too much open at once; wait as `retry-after` says.",
        ),
        # --- persisted documents
        ErrorCode(
            "PERSISTED_QUERY_NOT_FOUND",
            "client",
            400,
            "A persisted document with this ID is not known here; send the document with it.",
        ),
        ErrorCode(
            "PERSISTED_QUERY_NOT_SUPPORTED",
            "client",
            400,
            "This document is not known here, and would not be remembered; send documents as text.",
        ),
        ErrorCode(
            "PERSISTED_QUERY_MISMATCH", "client", 400, "The ID is not the SHA-256 hash of the document sent with it."
        ),
        ErrorCode("PERSISTED_QUERY_REQUIRED", "client", 400, "Only persisted documents are accepted here."),
        # --- the document
        ErrorCode("GRAPHQL_PARSE_FAILED", "client", 400, "The document is not valid GraphQL syntax."),
        ErrorCode("GRAPHQL_VALIDATION_FAILED", "client", 400, "The document is not valid for the schema."),
        ErrorCode(
            "OPERATION_RESOLUTION_FAILURE", "client", 400, "The document has several operations; set `operationName`."
        ),
        ErrorCode("BAD_USER_INPUT", "client", 400, "The variables are not valid for the operation."),
        # --- limits
        ErrorCode(
            "DOCUMENT_TOO_LARGE", "client", 400, "The document has more characters than the limit `document_chars`."
        ),
        ErrorCode("TOO_DEEP", "client", 400, "Fields are nested too deeply."),
        ErrorCode(
            "TOO_MANY_ALIASES", "client", 400, "The document has too many aliases; a fragment counts at every spread."
        ),
        ErrorCode(
            "TOO_MANY_FIELDS", "client", 400, "The document has too many fields; a fragment counts at every spread."
        ),
        ErrorCode("TOO_MANY_ROOT_FIELDS", "client", 400, "The operation has too many top-level fields."),
        ErrorCode("TOO_MANY_OPERATIONS", "client", 400, "The document has too many operations."),
        ErrorCode("TOO_MANY_FRAGMENTS", "client", 400, "The document has too many fragments or fragment spreads."),
        ErrorCode("TOO_MANY_DIRECTIVES", "client", 400, "The document has too many directives."),
        ErrorCode("TOO_REPETITIVE", "client", 400, "The document repeats one response key too often."),
        ErrorCode(
            "TOO_EXPENSIVE",
            "client",
            400,
            "The response could have too many objects, or take too long to make; ask for shorter lists.",
        ),
        ErrorCode(
            "VALUE_TOO_LARGE", "client", 400, "A list, an input object or a number is too large or too deeply nested."
        ),
        ErrorCode(
            "INTROSPECTION_DISABLED", "client", 400, "Introspection is disabled here; use the published schema file."
        ),
        # --- what the caller may see
        ErrorCode(
            "UNAUTHORIZED_FIELD_OR_TYPE",
            "client",
            200,
            "A field or a type needs a log-in or a scope that the request does not have; the rest is answered.",
        ),
        ErrorCode("UNAUTHENTICATED", "client", 401, "The access token is no longer valid. Refresh it, and repeat."),
        ErrorCode("LOG_INS_UNCHECKED", "server", 503, "Log-ins cannot be checked right now. Try again in a moment."),
        # --- subgraphs
        ErrorCode(
            "SUBGRAPH_UNAVAILABLE",
            "server",
            200,
            "A service is unavailable, so part of the response is missing. Try again later.",
        ),
        ErrorCode(
            "SUBGRAPH_CIRCUIT_OPEN",
            "server",
            200,
            "A service has failed too often and is not asked for a few seconds, so part of the response is missing.",
        ),
        ErrorCode(
            "SUBGRAPH_TIMEOUT",
            "server",
            200,
            "A service took too long to answer, so part of the response is missing. Try again later.",
        ),
        ErrorCode(
            "STREAM_INTERRUPTED",
            "server",
            200,
            "A subscription ended before its time, and events may have been missed."
            " Ask for the list again, then subscribe again.",
        ),
        ErrorCode("SUBGRAPH_ERROR", "server", 200, "A service reported an error without a code."),
        ErrorCode("SUBGRAPH_INVALID_VALUE", "server", 200, "A service sent a value that is not valid for its type."),
        ErrorCode("UNEXPECTED_NULL", "server", 200, "A service sent null where the schema promises a value."),
        # --- us
        ErrorCode(
            "INTERNAL", "server", 500, "The gateway failed; report the request ID, under which the log has the details."
        ),
        ErrorCode("TOO_BUSY", "server", 503, "Too many new documents are being prepared. Try again in a moment."),
        ErrorCode("NOT_READY", "server", 503, "The gateway is starting or stopping. Try again in a moment."),
    )
}


def render_catalogue() -> str:
    """Return the catalogue as a Markdown table."""
    rows = [f"| `{e.code}` | {e.side} | {e.status} | {e.meaning} |" for e in CATALOGUE.values()]
    return "\n".join(["| code | side | status | meaning |", "|---|---|---|---|", *rows])
