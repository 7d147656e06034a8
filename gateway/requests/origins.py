"""Which pages of other origins may use the endpoint, and what they may send and read (CORS, Fetch standard 3.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from chassis.web_origins import pattern_of

ALWAYS_SENT = ("authorization", "content-type", "traceparent", "tracestate", "x-request-id")
"""Headers that mean something to the gateway itself."""
_READABLE = ("x-request-id", "retry-after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Who may, besides the endpoint's own pages.

    An entry of `listed` is an origin, `*` for every origin, or an origin with `*` for one or more labels of its host
    (`https://*.example.com`) or for its port (`http://localhost:*`). `headers` may be sent, besides those that mean
    something to the gateway. `seconds` is how long a browser may remember the answer to its preflight.
    """

    listed: Sequence[str] = ()
    headers: Sequence[str] = ()
    seconds: int = 600
    credentials: bool = True
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the entries once."""
        object.__setattr__(self, "_pattern", pattern_of(self.listed))

    @property
    def every(self) -> bool:
        """Tell whether every origin may; without credentials then."""
        return "*" in self.listed

    def allow(self, origin: str) -> bool:
        """Tell whether pages of an origin may use the endpoint."""
        return self.every or self._pattern.fullmatch(origin.lower()) is not None

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application behind the rules; without any entry it is the application itself."""
        if not self.listed:
            return app
        return CORSMiddleware(
            app,
            allow_origins=("*",) if self.every else (),
            allow_origin_regex=None if self.every else self._pattern.pattern,
            allow_methods=("GET", "POST"),
            allow_headers=sorted({name.lower() for name in (*ALWAYS_SENT, *self.headers)}),
            allow_credentials=self.credentials and not self.every,
            allow_private_network=not self.every,
            expose_headers=_READABLE,
            max_age=self.seconds,
        )
