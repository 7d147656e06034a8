"""What an operation comes to: its data and its errors, as a dict or as the bytes of a response body."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of an operation that was executed; `data` is None where a null bubbled to the top."""

    data: dict[str, Any] | None
    errors: list[GraphQLError] = field(default_factory=list[GraphQLError])

    def body(self) -> bytes:
        """Return the complete GraphQL response body as JSON."""
        if not self.errors:
            return b'{"data":%b}' % orjson.dumps(self.data)
        return orjson.dumps({"data": self.data, "errors": [error.formatted for error in self.errors]})


class InvalidVariables(Exception):
    """The variables do not fit the operation: a request error, answered without `data` and before any fetch."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        """Take the errors to answer with, each with `extensions.code` BAD_USER_INPUT."""
        super().__init__(errors[0].message)
        self.errors = errors
