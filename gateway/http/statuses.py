"""The status codes of answers in `application/graphql-response+json`, by the version of GraphQL over HTTP.

By default they are those that the audits of npm's `graphql-http` 1.23.1 demand: 400 for every request error, 200 for
every answer. The draft of August 2026 says otherwise; both cannot be had.
"""

from typing import Literal

import orjson

from gateway.requests import Refused
from gateway.requests.refused import Unreadable

Version = Literal["audited", "2026-08"]
UNDERSTOOD_BUT_WRONG, PARTIAL = 422, 294


def refused_status(version: Version, refused: Refused) -> int:
    """Return the status of a request that is not run."""
    is_read = refused.status == 400 and not isinstance(refused, Unreadable)
    return coded_status(version, refused.code) if is_read else refused.status


def coded_status(version: Version, code: str) -> int:
    """Return the status of a request error: the draft tells what cannot be parsed from what is wrong in itself."""
    return UNDERSTOOD_BUT_WRONG if version == "2026-08" and code != "GRAPHQL_PARSE_FAILED" else 400


def answered_status(version: Version, body: bytes) -> int:
    """Return the status of an answer: by the draft another one where it has data and errors."""
    if version == "audited" or not body.startswith(b"{"):
        return 200
    return PARTIAL if {"data", "errors"} <= orjson.loads(body).keys() else 200
