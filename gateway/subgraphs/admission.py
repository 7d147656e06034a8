"""Whether subgraphs take the gateway's key: one whose key nobody takes would answer every request with an error."""

import asyncio
from collections.abc import Callable, Mapping

from chassis.troubles import Trouble
from gateway.subgraphs.target import Target, TransportOptions

_SECONDS = 1.0
"""How long a subgraph has for an answer; one that takes longer says nothing."""
_QUESTION = b'{"query":"{ __typename }"}'
_REFUSED = 401
_TROUBLE = (
    "No subgraph takes this gateway's key: give it the PORTAL_GATEWAY_KEY of the services, "
    "or them this one as PORTAL_GATEWAY_KEY_NEXT first."
)


class Admission:
    """Asks until a subgraph has taken the key once; after that, what fails is a subgraph's own matter."""

    def __init__(self, urls: Callable[[], Mapping[str, str]], key: bytes, options: TransportOptions) -> None:
        self._urls, self._key, self._options = urls, key, options
        self._taken = not key

    async def holds(self) -> None:
        """Return where a subgraph takes the key, or none answers.

        Raises:
            Trouble: all that answer refuse it.
        """
        if self._taken:
            return
        answers = await asyncio.gather(*(self._status(Target.parse(url)) for url in self._urls().values()))
        self._taken = any(200 <= status < 300 for status in answers)
        if not self._taken and _REFUSED in answers:
            raise Trouble(_TROUBLE)

    async def _status(self, target: Target) -> int:
        """Return the status of an answer, 0 where there is none."""
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._asked(target)
        except (OSError, TimeoutError, ValueError):
            return 0

    async def _asked(self, target: Target) -> int:
        tls = self._options.tls_for(target)
        reader, writer = await asyncio.open_connection(target.host, target.port, ssl=tls)
        try:
            writer.write(self._request(target))
            _, status, *_ = (await reader.readline()).split()
            return int(status)
        finally:
            writer.close()

    def _request(self, target: Target) -> bytes:
        lines = (
            f"POST {target.path} HTTP/1.1\r\nhost: {target.authority}\r\nconnection: close\r\n"
            f"content-type: application/json\r\ncontent-length: {len(_QUESTION)}\r\n"
        )
        return lines.encode() + b"x-portal-gateway-key: " + self._key + b"\r\n\r\n" + _QUESTION
