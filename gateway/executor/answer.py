"""What an operation comes to: its data and its errors, as a dict or as the bytes of a response body."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError

_TOO_DEEP = orjson.dumps(
    {
        "data": None,
        "errors": [
            {
                "message": "A value in the response is nested too deeply to be sent.",
                "extensions": {"code": "SUBGRAPH_INVALID_VALUE"},
            }
        ],
    }
)


def _no_errors() -> list[GraphQLError]:
    return []  # `list[GraphQLError]()` takes ten times as long


@dataclass(slots=True)
class Answer:
    """The result of an operation that was executed; `data` is None where a null bubbled to the top.

    `ends_stream` marks what no event is: why a subscription that has not come to its end goes no further.
    """

    data: dict[str, Any] | None
    errors: list[GraphQLError] = field(default_factory=_no_errors)
    ends_stream: bool = False

    def body(self) -> bytes:
        """Return the complete GraphQL response body as JSON."""
        try:
            if not self.errors:
                return b'{"data":%b}' % orjson.dumps(self.data)
            return orjson.dumps({"data": self.data, "errors": [error.formatted for error in self.errors]})
        except TypeError:
            # A custom scalar's value is nested deeper than JSON is written.
            return _TOO_DEEP


class InvalidVariables(Exception):
    """The variables do not fit the operation: a request error, answered without `data` and before any fetch."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        """Take the errors to answer with, each with an `extensions.code`."""
        super().__init__(errors[0].message)
        self.errors = errors
