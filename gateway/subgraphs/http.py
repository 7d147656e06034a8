"""The gateway's own HTTP/1.1 transport: asyncio.Protocol and httptools, a tenth of the cost of a general client."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.plan import OperationKind
from gateway.subgraphs.breaker import Breaker
from gateway.subgraphs.pool import Pool
from gateway.subgraphs.target import Target, TransportOptions

if TYPE_CHECKING:
    from gateway.subgraphs.subscriptions import SubgraphSubscriptions


class HttpTransport:
    """Implements the executor's `SubgraphTransport`; make it inside the running event loop."""

    def __init__(self, urls: Mapping[str, str], options: TransportOptions | None = None) -> None:
        """`urls` maps every subgraph's name to its address.

        Raises:
            ValueError: an address is not usable.
        """
        self._options = options or TransportOptions()
        self._pools: dict[str, Pool] = {}
        self._retired: set[Pool] = set()
        self._targets: Mapping[str, Target] = {}
        self._subscriptions: SubgraphSubscriptions | None = None
        self.use(urls)

    def use(self, urls: Mapping[str, str]) -> None:
        """Set the addresses; what runs on an address that is gone is answered, then its connections close.

        Raises:
            ValueError: an address is not usable; nothing has changed.
        """
        targets = {name: Target.parse(url) for name, url in urls.items()}
        self._retired = {pool for pool in self._retired if not pool.retire()}
        for name, pool in list(self._pools.items()):
            if targets.get(name) != pool.target:
                del self._pools[name]
                if not pool.retire():
                    self._retired.add(pool)
        for name, target in targets.items():
            if name not in self._pools:
                self._pools[name] = Pool(name, target, self._options)
        self._targets = targets
        if self._subscriptions is not None:
            self._subscriptions.use(targets)

    def post(self, subgraph: str, body: bytes, kind: OperationKind, forwarded: Forwarded) -> asyncio.Future[bytes]:
        """See `SubgraphTransport.post`: no task, and the request is on the wire when this returns."""
        pool = self._pools.get(subgraph)
        if pool is None:
            nowhere: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            nowhere.set_exception(SubgraphUnavailable(subgraph, "no address is known"))
            return nowhere
        return pool.post(body, kind, forwarded)

    def subscribe(self, subgraph: str, payload: dict[str, Any], forwarded: Forwarded) -> AsyncIterator[dict[str, Any]]:
        """See `SubgraphTransport.subscribe`."""
        if self._subscriptions is None:
            from gateway.subgraphs.subscriptions import SubgraphSubscriptions  # aiohttp: 10 MB and 0.2 s, if ever

            self._subscriptions = SubgraphSubscriptions(self._options, self._breaker_of)
            self._subscriptions.use(self._targets)
        return self._subscriptions.subscribe(subgraph, payload, forwarded)

    def _breaker_of(self, subgraph: str) -> Breaker | None:
        pool = self._pools.get(subgraph)
        return pool.breaker if pool else None

    async def aclose(self) -> None:
        """Close every connection; fetches in flight fail."""
        if self._subscriptions is not None:
            await self._subscriptions.aclose()
        for pool in (*self._pools.values(), *self._retired):
            await pool.aclose()
