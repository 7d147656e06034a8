"""The numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """What one gateway process grants; `stranger` is everybody at one address whose token counts for nobody.

    Work is predicted CPU of gateway and services, as `work_ms` of the limits predicts it, and refills evenly.
    """

    person_work_ms: int = 120_000
    """Milliseconds of work within a minute for one person."""
    stranger_work_ms: int = 60_000
    """The same for the strangers of one address: log-ins, refreshes, and what is refused."""
    address_work_ms: int = 600_000
    """The same for all people and strangers of one address (IPv6: one /64)."""
    person_requests: int = 200
    """HTTP requests of one person that are open at once."""
    stranger_requests: int = 200
    """The same for the strangers of one address."""
    address_requests: int = 1_000
    """The same for one address."""
    person_sockets: int = 50
    """WebSockets of one person that are open at once."""
    stranger_sockets: int = 200
    """The same for the strangers of one address; a socket is a stranger's until `connection_init` brought its token."""
    address_sockets: int = 1_000
    """The same for one address."""
    person_subscriptions: int = 100
    """Subscriptions of one person that run at once, over WebSockets, SSE and multipart together."""
    stranger_subscriptions: int = 20
    """The same for the strangers of one address."""
    address_subscriptions: int = 2_000
    """The same for one address."""
    counters_bytes: int = 4_000_000
    """Memory for the minutes' work; the address or person that was not seen for longest is forgotten first."""
