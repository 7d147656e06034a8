"""Who is at the other end of a stream."""

from dataclasses import dataclass
from typing import Any

from gateway.quotas import Visit
from gateway.subgraphs.headers import HeaderRules, RawHeaders, Travelling


@dataclass(slots=True)
class Caller:
    """Who is at the other end: the headers of the request or the handshake, and a socket's first message.

    `reads_parts` tells whether deferred fragments may follow the first answer: on a socket the protocol has no words
    for that.
    """

    headers: RawHeaders
    address: str
    visit: Visit
    connection_params: dict[str, Any] | None = None
    reads_parts: bool = False

    @property
    def pays(self) -> bool:
        """Tell whether operations are still to be paid for; those of requests are, before they come here."""
        return not self.reads_parts

    @property
    def authorization(self) -> object:
        """The token's header as the first message has it, else as the handshake has it."""
        params = self.connection_params or {}
        return params.get("authorization", params.get("Authorization")) or self.headers.get(b"authorization")

    def heard(self, rules: HeaderRules) -> RawHeaders:
        """Return the headers, with the authorization of a socket's first message."""
        params = self.connection_params or {}
        return rules.with_authorization(self.headers, params.get("authorization", params.get("Authorization")))

    def travelling(self, rules: HeaderRules) -> Travelling:
        """Return what travels with one operation of this caller."""
        return rules.forward(self.heard(rules), self.address)
