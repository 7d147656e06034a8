"""The request that is common, read in one pass: a POST of JSON with one sound query or mutation.

Whatever is not (another form or type, a document with mistakes, a stream, a body that breaks off) is read again by
Strawberry's view, from the same messages, and answered as it answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, get_operation_ast
from starlette.types import Message, Receive, Scope

from chassis.graphql.known_documents import known_document

_JSON = frozenset({b"application/json", b"application/json; charset=utf-8", b"application/json;charset=utf-8"})
_ACCEPTED = frozenset({b"", b"*/*", b"application/json"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for; the document has no mistakes."""

    document: DocumentNode
    operation: OperationDefinitionNode
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any] | None


def may_be_common(scope: Scope) -> bool:
    """Tell by its head whether a request is a POST of JSON whose answer is no stream."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    return headers.get(b"content-type", b"").lower() in _JSON and headers.get(b"accept", b"") in _ACCEPTED


async def received(receive: Receive) -> list[Message]:
    """Return the messages of a request: its body, or what ended it."""
    messages = [await receive()]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body", False):
        messages.append(await receive())
    return messages


def again(messages: Sequence[Message], receive: Receive) -> Receive:
    """Return what gives these messages once more, and goes on after them."""
    left = list(reversed(messages))

    async def replayed() -> Message:
        return left.pop() if left else await receive()

    return replayed


def asked_by(messages: Sequence[Message], schema: GraphQLSchema) -> Asked | None:
    """Return what a request asks for, None where it is not common."""
    if messages[-1]["type"] != "http.request":
        return None
    try:
        return _asked(orjson.loads(b"".join(message.get("body", b"") for message in messages)), schema)
    except (ValueError, GraphQLError, RecursionError):
        return None


def _asked(given: Any, schema: GraphQLSchema) -> Asked | None:
    if not isinstance(given, dict):
        return None
    data = cast(dict[str, Any], given)
    query, name = data.get("query"), data.get("operationName")
    parts = [data.get("variables"), data.get("extensions")]
    if not isinstance(query, str) or not query or not isinstance(name, str | None):
        return None
    if not all(isinstance(part, dict | None) for part in parts):
        return None
    document, mistakes = known_document(schema, query)
    operation = None if mistakes else get_operation_ast(document, name or None)
    if operation is None or operation.operation is OperationType.SUBSCRIPTION:
        return None
    return Asked(document, operation, name or None, *parts)
