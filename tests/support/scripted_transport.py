"""The executor's transport port with answers written beforehand, for tests of the executor alone."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.executor.ports import Forwarded, SubgraphError


@dataclass
class ScriptedTransport:
    """Gives each subgraph's answers in order (the last one again and again) and keeps what was sent.

    An answer is a response, bytes, or a `SubgraphError` to raise.
    """

    answers: Mapping[str, Any]
    events: list[Any] = field(default_factory=list[Any])
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    forwarded: list[Forwarded] = field(default_factory=list[Forwarded])
    closed: bool = False

    def post(self, subgraph: str, body: bytes, kind: str, forwarded: Forwarded) -> "asyncio.Future[bytes]":
        """Answer at once; the future is done when it is returned."""
        earlier = sum(name == subgraph for name, _ in self.sent)
        self.sent.append((subgraph, orjson.loads(body)))
        self.forwarded.append(forwarded)
        script = self.answers[subgraph]
        outcome = script[min(earlier, len(script) - 1)] if isinstance(script, list) else script
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        if isinstance(outcome, SubgraphError):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome if isinstance(outcome, bytes) else orjson.dumps(outcome))
        return answer

    async def subscribe(
        self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the events; a `SubgraphError` among them is raised."""
        self.sent.append((subgraph, payload))
        try:
            for event in self.events:
                if isinstance(event, SubgraphError):
                    raise event
                yield deepcopy(event)
        finally:
            self.closed = True

    @property
    def asked(self) -> list[str]:
        """The subgraphs that got a request, in order."""
        return [name for name, _ in self.sent]

    def representations(self, at: int) -> list[dict[str, Any]]:
        """The representations of the request at that place."""
        return self.sent[at][1]["variables"]["representations"]
