"""Documents by the sha256 of their text: those of the manifest that code generators write, and those of clients.

A client that sends a hash first (Apollo's automatic persisted queries) is told to send hash and text together only
where both will be remembered; else that this is not supported, at which it stops asking.
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, cast

import orjson

from gateway.requests.refused import Refused

_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class InvalidManifest(ValueError):
    """The manifest cannot be used; the text says where it is wrong."""


class Remembered:
    """What clients asked to remember: at most `limit` bytes of text and keys, the longest unused goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._texts: OrderedDict[str, str] = OrderedDict()

    def get(self, number: str) -> str | None:
        """Return a document."""
        text = self._texts.get(number)
        if text is not None:
            self._texts.move_to_end(number)
        return text

    def keep(self, number: str, text: str) -> None:
        """Remember a document, unless it alone is more than the limit."""
        size = _size(text)
        if number in self._texts or size > self.limit:
            return
        self._texts[number] = text
        self.size += size
        while self.size > self.limit:
            self.size -= _size(self._texts.popitem(last=False)[1])


class PersistedDocuments:
    """Finds documents by id; with `only`, refuses every other document."""

    def __init__(self, documents: Mapping[str, str], *, only: bool = False, remembered: int = 0) -> None:
        """`documents` maps the sha256 of each document, 64 hexadecimal digits, to its text.

        `remembered` is how many bytes of other documents are remembered for clients.

        Raises:
            InvalidManifest: an id is not the sha256 of its document.
        """
        self.only = only
        self._remembered = Remembered(remembered)
        self._documents: dict[str, str] = {}
        for given, text in documents.items():
            match = _SHA256.fullmatch(given)
            if match is None or match[1] != sha256(text):
                raise InvalidManifest(f"{given!r} is not the SHA-256 hash of its document")
            self._documents[match[1]] = text

    @classmethod
    def from_file(cls, path: Path, *, only: bool = False, remembered: int = 0) -> Self:
        """Read a manifest: a JSON object id → document (graphql-codegen), or Apollo's list of operations.

        Raises:
            InvalidManifest: see there.
        """
        try:
            content: object = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError) as error:
            raise InvalidManifest(f"{path.name}: {error}") from error
        return cls(_entries(content), only=only, remembered=remembered)

    def document(self, asked: Mapping[str, Any]) -> str:
        """Return the document that a decoded request asks for, by text or by id.

        Raises:
            Refused: it is unknown, does not fit its id, or is not persisted where it must be.
        """
        query: object = asked.get("query")
        given = _given_id(asked)
        if given is None:
            if self.only and not self.knows(asked):
                raise Refused(
                    "PERSISTED_QUERY_REQUIRED", "Only persisted documents are accepted here; send the ID of one."
                )
            if not isinstance(query, str):
                raise Refused("BAD_REQUEST", "`query` must be a string with a GraphQL document.")
            return query
        if query == "":  # clients of sockets have to send a text, and send an empty one with an id
            query = None
        known = self._documents.get(given)
        if known is None:
            known = self._remembered.get(given)
        if known is not None and query is None:
            return known
        if not isinstance(query, str):
            raise self._unknown(asked)
        if sha256(query) != given:
            raise Refused("PERSISTED_QUERY_MISMATCH", "The ID is not the SHA-256 hash of the document.")
        if known is None and self.only:
            raise Refused("PERSISTED_QUERY_REQUIRED", "Only persisted documents are accepted here; send the ID of one.")
        if known is None and self._remembered.limit:
            self._remembered.keep(given, query)
        return query

    def _unknown(self, asked: Mapping[str, Any]) -> Refused:
        """Return the answer to an id alone; its text is what Apollo's clients look for, too."""
        if asked.get("documentId") is None and not self._remembered.limit:
            return Refused("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
        return Refused("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")

    def knows(self, asked: Mapping[str, Any]) -> bool:
        """Return whether a request asks for a document of the manifest, or at least names one by id."""
        query: object = asked.get("query")
        return _given_id(asked) is not None or (isinstance(query, str) and sha256(query) in self._documents)


def sha256(text: str) -> str:
    """Return the id of a document."""
    return hashlib.sha256(text.encode()).hexdigest()


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) + 64


def _given_id(asked: Mapping[str, Any]) -> str | None:
    given: object = asked.get("documentId")
    if given is None:
        extensions: object = asked.get("extensions")
        persisted: object = cast(dict[str, object], extensions).get("persistedQuery") if _is_map(extensions) else None
        if persisted is None:
            return None
        given = cast(dict[str, object], persisted).get("sha256Hash") if _is_map(persisted) else ""
    match = _SHA256.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise Refused("BAD_REQUEST", "The ID of a persisted document must be its SHA-256 hash: 64 hexadecimal digits.")
    return match[1]


def _is_map(value: object) -> bool:
    return isinstance(value, dict)


def _entries(content: object) -> dict[str, str]:
    if not isinstance(content, dict):
        raise InvalidManifest("the manifest is not a JSON object")
    entries = cast(dict[str, object], content)
    operations = entries.get("operations")
    if isinstance(operations, list) and all(map(_is_map, cast(list[object], operations))):
        entries = {str(op.get("id")): op.get("body") for op in cast(list[dict[str, object]], operations)}
    if not all(isinstance(text, str) for text in entries.values()):
        raise InvalidManifest("a document is not a string")
    return cast(dict[str, str], entries)
