"""How large the variables of a request may be."""

from typing import Any, cast

from graphql import GraphQLError


def oversized(variables: object, items: int, depth: int) -> GraphQLError | None:
    """Return why a decoded JSON value is too large, None when it may be used: `items` counts every list together."""
    seen, level = 0, [variables]
    for _ in range(depth + 1):
        level = [inner for value in level for inner in _inner(value)]
        if not level:
            return None
        seen += len(level)
        if seen > items:
            return _refusal(f"The variables have too many items; the limit is {items:,}.")
    return _refusal(f"The variables are nested too deeply; the limit is {depth:,} levels.")


def _refusal(text: str) -> GraphQLError:
    return GraphQLError(text, extensions={"code": "VALUE_TOO_LARGE"})


def _inner(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(cast(dict[str, Any], value).values())
    return cast(list[Any], value) if isinstance(value, list) else []
