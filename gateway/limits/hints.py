"""What error messages may say about a schema that cannot be asked for."""

import re

from graphql import GraphQLError

_SUGGESTION = re.compile(r"\s*Did you mean .*", re.DOTALL)
_REQUIRED = re.compile(r"\brequired\b")


def without_hint(error: GraphQLError) -> GraphQLError:
    """Return the error without names that its sender did not write: no suggestions, no names of what is missing."""
    if _REQUIRED.search(error.message):
        error.message = "A required argument or input field is missing."
    else:
        error.message = _SUGGESTION.sub("", error.message)
    return error
