"""`extensions.cost` of an answer, for who asks for it: what an operation was predicted to cost, and what is left."""

from typing import Any

import orjson

from gateway.quotas.visits import Visit


def shown_cost(microseconds: int, limit_ms: int, visit: Visit | None) -> dict[str, Any]:
    """Return it in milliseconds; `quota` is the caller's own, and not there for strangers, who share one."""
    cost: dict[str, Any] = {"predictedMs": -(-microseconds // 1_000), "limitMs": limit_ms}
    left = visit.remaining_ms() if visit is not None else None
    if left is not None:
        cost["quota"] = {"limitMs": left[0], "remainingMs": left[1], "seconds": 60}
    return cost


def with_cost(body: bytes, cost: dict[str, Any]) -> bytes:
    """Return an answer's body, an object with members and without `extensions`, with the cost at its end."""
    return body[:-1] + b',"extensions":' + orjson.dumps({"cost": cost}) + b"}"
