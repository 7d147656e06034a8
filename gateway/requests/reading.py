"""From a decoded body or a query string to a request that is worth running."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson

from gateway.limits import Limits
from gateway.limits.variables import oversized
from gateway.requests.persisted import PersistedDocuments
from gateway.requests.refused import Refused, Unreadable


@dataclass(slots=True)  # one is made for every request, and frozen would triple what that costs
class GraphQLRequest:
    """One operation to run."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    shows_cost: bool = False
    """Whether `extensions.cost` is asked for, by `"extensions": {"cost": true}`."""


def read_json(body: bytes) -> Any:
    """Decode a body.

    Raises:
        Refused: it is no JSON in UTF-8, nested beyond reason, or has a number beyond reason.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable("BAD_REQUEST", "The request body is not valid JSON in UTF-8.") from None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads requests under the limits and with the persisted documents of one gateway."""

    limits: Limits
    persisted: PersistedDocuments

    def read(self, asked: object) -> GraphQLRequest:
        """Return the request of a decoded JSON body.

        Raises:
            Refused: a member has the wrong type, the document is refused, or the variables are too large.
        """
        if not isinstance(asked, dict):
            raise Refused("BAD_REQUEST", "The request body must be a JSON object.")
        members = cast(dict[str, Any], asked)
        variables = members.get("variables")
        name = members.get("operationName")
        extensions = members.get("extensions")
        if variables is not None and not isinstance(variables, dict):
            raise Refused("BAD_REQUEST", "`variables` must be an object.")
        if name is not None and not isinstance(name, str):
            raise Refused("BAD_REQUEST", "`operationName` must be a string.")
        if extensions is not None and not isinstance(extensions, dict):
            raise Refused("BAD_REQUEST", "`extensions` must be an object.")
        sent = cast(dict[str, Any] | None, variables)
        if sent and (error := oversized(sent, self.limits.variable_items, self.limits.value_depth)):
            raise Refused("VALUE_TOO_LARGE", error.message)
        shows_cost = extensions is not None and cast(dict[str, Any], extensions).get("cost") is True
        return GraphQLRequest(self.persisted.document(members), sent, name or None, shows_cost)

    def read_query_string(self, query_string: bytes) -> GraphQLRequest:
        """Return the request of a GET.

        Raises:
            Refused: see `read`.
        """
        return self.read(_members(query_string))


def _members(query_string: bytes) -> Mapping[str, Any]:
    try:
        text = query_string.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        text = "The query string is not valid: use URL-encoded UTF-8 and at most 20 parameters."
        raise Unreadable("BAD_REQUEST", text) from None
    members: dict[str, Any] = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("BAD_REQUEST", "The query string has a parameter twice; send each one once.")
    for name in ("variables", "extensions"):
        if text := members.pop(name, ""):
            members[name] = _json_of(name, text)
    return members


def _json_of(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Unreadable("BAD_REQUEST", f"`{name}` in the query string is not valid JSON.") from None
