"""A request that is not run."""

import orjson
from graphql import GraphQLError

from gateway.errors import CATALOGUE


class Refused(Exception):
    """Answered with errors and without data; the text is for the client."""

    def __init__(self, code: str, message: str, **extensions: object) -> None:
        """`code` is one of the catalogue, which gives the status."""
        super().__init__(message)
        self.code = code
        self.status = CATALOGUE[code].status
        self.error = GraphQLError(message, extensions={"code": code, **extensions})

    @property
    def retry_after(self) -> int:
        """After how many seconds it is worth trying again; 0 where that is not known."""
        return int((self.error.extensions or {}).get("retryAfterSeconds", 0))

    def body(self) -> bytes:
        """Return the JSON body."""
        return error_body([self.error])


class Unreadable(Refused):
    """What was sent is not even JSON, or no query string."""


def error_body(errors: list[GraphQLError]) -> bytes:
    """Return the body of an answer that has errors only."""
    return orjson.dumps({"errors": [error.formatted for error in errors]}, default=str)
