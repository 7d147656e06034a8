"""What every resolver gets as `info.context`."""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.dataloader import DataLoader
from strawberry.types import Info

from chassis.addresses import plain
from chassis.auth import LogInsUnchecked, Unauthenticated
from chassis.graphql.idempotency import Idempotency
from chassis.graphql.lasting import StillIn
from chassis.kernel import Principal, Unreadable
from chassis.left_out import was_left_out

App = TypeVar("App")
Refused = Unauthenticated | LogInsUnchecked
"""Why nobody acts though a token was shown."""


class Context(Generic[App]):
    """One request: who acts, the service's application, and loaders that batch look-ups within the request.

    `still_in` looks at the caller's token again, for what outlives the request: streams."""

    def __init__(
        self,
        app: App,
        principal: Principal | None,
        idempotency: Idempotency,
        connection: HTTPConnection,
        response: Response | None,
        *,
        refused: Refused | None = None,
        still_in: StillIn | None = None,
    ) -> None:
        self.app = app
        self.principal = principal
        self.idempotency = idempotency
        self.connection = connection
        self.response = response
        self.still_in = still_in
        self._refused = refused
        self._loaders: dict[str, DataLoader[Any, Any]] = {}

    def acting(self) -> Principal:
        """Return who acts.

        Raises:
            Unauthenticated: when nobody is logged in, or the token was refused.
            LogInsUnchecked: when nobody can tell.
        """
        if self.principal is None:
            raise self._refused or Unauthenticated()
        return self.principal

    def loader(self, name: str, load: Callable[[list[str]], Awaitable[dict[str, Any]]]) -> DataLoader[str, Any]:
        """Return the request's loader of this name; `load` gets distinct keys and returns what it found, by key."""
        known = self._loaders.get(name)
        if known is None:

            async def load_in_order(keys: list[str]) -> list[Any]:
                found = await load(keys)
                return [found[key] if key in found else _absent(key) for key in keys]

            known = self._loaders[name] = DataLoader(load_fn=load_in_order)
        return known

    def forget_what_was_read(self) -> None:
        """Read everything anew from now on: a mutation begins, and what was read before it may be true no more."""
        self._loaders.clear()

    @property
    def client_address(self) -> str:
        """The caller's address as the gateway knows it, or the connection's peer."""
        return client_address(self.connection)

    @property
    def language(self) -> str:
        """The first language of `Accept-Language`, lower case, without region; `en` when there is none."""
        first = self.connection.headers.get("accept-language", "").split(",")[0].split(";")[0].split("-")[0]
        return first.strip().lower() if first.strip().isalpha() else "en"


def client_address(connection: HTTPConnection) -> str:
    """Return the caller's address as the gateway knows it, or the connection's peer."""
    told = connection.headers.get("x-portal-client-address", "")
    return told or (plain(connection.client.host) if connection.client else "")


def _absent(key: str) -> Unreadable | None:
    """Return what stands for something that was not found: an error where it is there and cannot be read."""
    return Unreadable() if was_left_out(key) else None


def acting(info: Info[Any, Any]) -> Principal:
    """Return who acts in this request.

    Raises:
        Unauthenticated: when nobody is logged in.
    """
    context: Context[Any] = info.context
    return context.acting()
