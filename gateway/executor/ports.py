"""What the executor needs from the world: somebody who carries a request to a subgraph and brings the answer."""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from gateway.plan import OperationKind

_MOST_REASONS, _LONGEST_REASON = 5, 120


@dataclass(slots=True)
class Losses:
    """What an operation lost, for our log: how many errors it has, the code of the first, and why, by subgraph."""

    errors: int = 0
    code: str = ""
    reasons: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def blame(self, subgraph: str, reason: str) -> None:
        """Note why a subgraph cost something: every reason once, and no more than a few."""
        known = self.reasons.setdefault(subgraph, [])
        if reason not in known and len(known) < _MOST_REASONS:
            known.append(reason[:_LONGEST_REASON])

    def count(self, codes: Sequence[str]) -> None:
        """Note the codes of an answer's errors."""
        self.errors += len(codes)
        self.code = self.code or next(iter(codes), "")

    def add(self, other: "Losses") -> None:
        """Note what another operation of the same request lost."""
        self.errors += other.errors
        self.code = self.code or other.code
        for subgraph, reasons in other.reasons.items():
            for reason in reasons:
                self.blame(subgraph, reason)


class Waits:
    """How long an operation has waited for subgraphs, in seconds: the union of its fetches' times.

    `open` fetches are under way since `since`; `waited` is what was over before. Whoever measures fetches changes them
    in place: two calls for each fetch would cost as much as the rest.
    """

    __slots__ = ("open", "since", "waited")

    def __init__(self) -> None:
        self.open, self.since, self.waited = 0, 0.0, 0.0

    def until(self, now: float) -> float:
        """Return what was waited until now."""
        return self.waited + (now - self.since if self.open else 0.0)


@dataclass(slots=True)  # one is made for every request, and frozen would triple what that costs
class Forwarded:
    """What travels with every subgraph request of one client request; opaque to the executor.

    `head` is a block of complete HTTP/1.1 header lines (each ending in CRLF), made once per client request by the
    header rules; `credentials` tells two callers apart where identical fetches are shared; `returned` collects what
    comes back for the client (lower-case header name and value of every answer's allowed headers, in order);
    `private` holds further header lines that only the subgraph of that name may see; `replaced` what some subgraphs
    get instead of `head`; `deadline`, in the event loop's
    time, is when the client's whole operation must be answered; `losses` is what went wrong, None while nothing did.
    """

    head: bytes = b""
    credentials: bytes = b""
    returned: list[tuple[bytes, bytes]] | None = None
    private: Mapping[str, bytes] | None = None
    deadline: float | None = None
    losses: Losses | None = None
    replaced: Mapping[str, bytes] | None = None
    waits: Waits | None = None
    """What was waited for subgraphs, where somebody measures that."""

    def waiting(self) -> Waits:
        """Return where to note what this operation waits."""
        if self.waits is None:
            self.waits = Waits()
        return self.waits

    def head_for(self, subgraph: str) -> bytes:
        """Return the header lines for one subgraph."""
        head = self.head if self.replaced is None else self.replaced.get(subgraph, self.head)
        return head + self.private.get(subgraph, b"") if self.private else head

    def losing(self) -> Losses:
        """Return where to note what this operation loses."""
        if self.losses is None:
            self.losses = Losses()
        return self.losses


MISSED = "Something may have been missed. Ask for the list again, then subscribe again."


class SubgraphError(Exception):
    """A fetch has no usable answer. `code` is the stable `extensions.code`; the text is safe to show to clients."""

    code = "SUBGRAPH_ERROR"

    def __init__(self, subgraph: str, reason: str) -> None:
        """`reason` is for our log only."""
        super().__init__("Part of the response is not available right now. Try again later.")
        self.subgraph = subgraph
        self.reason = reason


class SubgraphUnavailable(SubgraphError):
    """No connection, connection lost, an answer that is no GraphQL answer, or the queue is full."""

    code = "SUBGRAPH_UNAVAILABLE"


class SubscriptionBroken(SubgraphUnavailable):
    """A subscription that ran broke off: what happens from now on, and while it is made again, is not told."""

    code = "STREAM_INTERRUPTED"

    def __init__(self, subgraph: str, reason: str) -> None:
        super().__init__(subgraph, reason)
        self.args = (MISSED,)


class SubgraphTimeout(SubgraphError):
    """No answer in time."""

    code = "SUBGRAPH_TIMEOUT"


class SubgraphTransport(Protocol):
    """Carries GraphQL requests to subgraphs."""

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> Awaitable[bytes]:
        """Send one JSON body and return a future of the answer's body; written at once where a connection is free.

        The answer is the JSON text of a GraphQL response, whatever the HTTP status. Mutations are sent at most once.

        Raises (when awaited):
            SubgraphUnavailable: see there.
            SubgraphTimeout: see there.
        """
        ...

    def subscribe(self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded) -> AsyncIterator[dict[str, Any]]:
        """Yield the GraphQL responses (`data`, `errors`) of a subscription; closing the iterator ends it.

        Raises:
            SubgraphUnavailable: when it cannot be started.
            SubscriptionBroken: when it breaks.
        """
        ...
