"""What a client's bytes ask for: the rules of POST and GET, and which pages may send what (CSRF).

A POST must be `application/json`, which no page of another origin can send without asking first. A GET changes nothing:
it runs queries and subscriptions, and none for a page of another origin that is not allowed.
"""

from typing import Any, cast

from starlette.types import Receive, Scope

from gateway.http.negotiation import is_json
from gateway.requests import GraphQLRequest, Reader, Refused, read_json
from gateway.requests.origins import Origins
from gateway.subgraphs.headers import RawHeaders

_ASKED_FIRST = (b"x-apollo-operation-name", b"apollo-require-preflight", b"x-graphql-yoga-csrf")
_UPLOAD = (
    "Files are not sent through GraphQL: this schema has no uploads, and `multipart/form-data` is not read. "
    "Send the operation as `application/json`; a file goes by its own address (a signed URL), named in a variable."
)

_CODED = "Requests are read as they are: send the body without a `Content-Encoding`."


class Asking:
    """Reads the operations of requests."""

    def __init__(self, reader: Reader, origins: Origins) -> None:
        self._reader, self._origins = reader, origins

    async def read(self, scope: Scope, receive: Receive, headers: RawHeaders) -> GraphQLRequest | list[Any]:
        """Return one operation, or the decoded items of a batch.

        Raises:
            Refused: the request is not one that is run.
        """
        if scope["method"] == "GET":
            if not scope["query_string"]:
                raise Refused("METHOD_NOT_ALLOWED", "Send a POST, or name a query in the address: `?query=…`.")
            self._require_own_page(headers)
            return self._reader.read_query_string(scope["query_string"])
        if scope["method"] != "POST":
            raise Refused("METHOD_NOT_ALLOWED", "Send GraphQL requests with POST, or queries with GET.")
        content_type = headers.get(b"content-type", b"")
        if not is_json(content_type):
            is_upload = content_type.lower().startswith(b"multipart/form-data")
            text = "The content type must be `application/json` in UTF-8."
            raise Refused("UNSUPPORTED_MEDIA_TYPE", _UPLOAD if is_upload else text)
        if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
            raise Refused("UNSUPPORTED_MEDIA_TYPE", _CODED)
        asked: object = read_json(await read_body(receive, headers, self._reader.limits.body_bytes))
        if isinstance(asked, list):
            return _batch(cast(list[Any], asked), self._reader.limits.batch)
        return self._reader.read(asked)

    def _require_own_page(self, headers: RawHeaders) -> None:
        """Refuse what a browser sends for a page of another origin, unless it has asked first or may anyway."""
        if any(name in headers for name in _ASKED_FIRST):
            return
        origin, host = headers.get(b"origin", b""), headers.get(b"host", b"")
        site = headers.get(b"sec-fetch-site", b"none")
        is_own = site == b"same-origin" or origin.partition(b"://")[2] == host
        is_foreign = site not in (b"none", b"same-origin") or (bool(origin) and not is_own)
        if is_foreign and not self._origins.allow(origin.decode("latin-1")):
            text = "Pages of other origins may send this GET only if the operator allows their origin. Send a POST."
            raise Refused("CROSS_ORIGIN", text)


async def read_body(receive: Receive, headers: RawHeaders, limit: int) -> bytes:
    """Return the request's body.

    Raises:
        Refused: it is larger than `limit`, noticed by its declared length or while it comes in, or it is cut off.
    """
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or len(declared) > 15 or int(declared) > limit:
        raise Refused("PAYLOAD_TOO_LARGE", f"The request body is too large; the limit is {limit:,} bytes.")
    body, more = await _piece(receive)
    while more:
        piece, more = await _piece(receive)
        body += piece
        if len(body) > limit:
            raise Refused("PAYLOAD_TOO_LARGE", f"The request body is too large; the limit is {limit:,} bytes.")
    return body


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Refused("BAD_REQUEST", "The request body is not complete.")
    return message.get("body", b""), message.get("more_body", False)


def _batch(asked: list[Any], limit: int) -> list[Any]:
    if not asked or len(asked) > limit:
        at_most = f"A batch must contain at least 1 and at most {limit} operations."
        disabled = "Batching is disabled; send one operation per request."
        raise Refused("BATCHING_DISABLED", at_most if limit else disabled)
    return asked
