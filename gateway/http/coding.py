"""By which content coding an answer goes out: what the client accepts best (RFC 9110, 12.5.3), of what is installed.

zstd costs a quarter of gzip's CPU and br two thirds, for the same size (`python -m benchmarks.gateway.codings`). zstd
is last all the same: npm's `@whatwg-node/fetch`, by which GraphQL Code Generator reads schemas, lists it as accepted
under versions of Node that cannot read it, and ends. gzip is always there, the others with the extra `compression`.
"""

import importlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

Code = Callable[[bytes], bytes]
PREFERRED = ("br", "gzip", "zstd")
"""What is chosen of those that a client accepts equally well."""
_GZIP_LEVEL, _BR_QUALITY, _ZSTD_LEVEL, _GZIP = 4, 3, 3, 16 + zlib.MAX_WBITS
_OTHER_NAMES = {"x-gzip": "gzip"}


class Codings:
    """The codings of one endpoint, the preferred one first; those that are not installed are left out."""

    def __init__(self, names: Sequence[str] = PREFERRED) -> None:
        self._codes = {name: code for name in names if (code := _code(name)) is not None}
        self.best = lru_cache(maxsize=256)(self._best)

    def encode(self, name: str, body: bytes) -> bytes:
        """Return a body in a coding that `best` named."""
        return self._codes[name](body)

    def _best(self, accept_encoding: bytes) -> str:
        """Return the coding for a client, empty for none; a client that is silent is sent none.

        Where two are accepted equally, ours decides; no coding at all is only better if its quality is higher. A client
        that refuses even that, and everything that we have, is sent no coding: a mutation has run by then.
        """
        qualities = _qualities(accept_encoding)
        others = qualities.get("*", 0.0)
        ranked = [(qualities.get(name, others), -at, name) for at, name in enumerate(self._codes)]
        quality, _, name = max(ranked, default=(0.0, 0, ""))
        return name if quality > 0 and quality >= qualities.get("identity", 0.0) else ""


def refuses_plain(accept_encoding: bytes) -> bool:
    """Tell whether a client takes no answer without a coding, however short."""
    return b"=0" in accept_encoding.replace(b" ", b"") and _plain(_qualities(accept_encoding)) == 0.0


def _plain(qualities: Mapping[str, float]) -> float:
    return qualities.get("identity", qualities.get("*", 1.0))


@lru_cache(maxsize=256)
def _qualities(accept_encoding: bytes) -> Mapping[str, float]:
    qualities: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip().replace(" ", "") for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        if name:
            qualities[_OTHER_NAMES.get(name, name)] = _number(quality)
    return qualities


def _number(quality: str) -> float:
    try:
        value = float(quality)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


@cache
def _code(name: str) -> Code | None:
    """Return what compresses by a coding, None where it is not installed."""
    if name == "gzip":
        return lambda body: zlib.compress(body, _GZIP_LEVEL, _GZIP)
    try:
        library: Any = importlib.import_module({"br": "brotli", "zstd": "zstandard"}[name])
    except ImportError:
        return None
    if name == "br":
        return lambda body: library.compress(body, mode=library.MODE_TEXT, quality=_BR_QUALITY)
    # One for each answer: a compressor serves one thread at a time, and costs next to nothing.
    return lambda body: library.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
