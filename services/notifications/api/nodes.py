"""`node` and `nodes`: anything by its id. What is others' is a stub here, shown if its owner shows it."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any

import strawberry

from chassis.kernel import NoAnswer
from services.notifications.api.types import (
    STUB,
    AppInfo,
    Contact,
    Estimate,
    Invoice,
    Node,
    Notification,
    StaffMember,
)
from services.notifications.application.nodes import HERE, Named, named
from services.notifications.domain.errors import DirectoryUnavailable, TooManyEntries

MOST_IDS = 100


@strawberry.federation.type(keys=[STUB], description="A business that has a client portal.")
class Organisation(Node):
    """A stub of identity's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `org_…`.")


@strawberry.federation.type(keys=[STUB], description="A client company.")
class Customer(Node):
    """A stub of identity's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `cus_…`.")


@strawberry.federation.type(keys=[STUB], description="An attempt to pay an invoice.")
class Payment(Node):
    """A stub of billing's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `pay_…`.")


@strawberry.federation.type(keys=[STUB], description="A refund to the client.")
class Refund(Node):
    """A stub of billing's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `rfd_…`.")


@strawberry.federation.type(
    keys=[STUB], description="A card saved at the payment provider for one contact. Nobody else can see it."
)
class SavedCard(Node):
    """A stub of billing's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `crd_…`.")


@strawberry.federation.type(keys=[STUB], description="A comment on a document.")
class Comment(Node):
    """A stub of collaboration's entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `com_…`.")


STUBS: tuple[type[Node], ...] = (
    Organisation, StaffMember, Contact, Customer, Estimate, Invoice, Payment, Refund, SavedCard, Comment,
)  # fmt: skip
_STUBS = {kind.__name__: kind for kind in STUBS}


@strawberry.type
class NodeQueries:
    """Part of the subgraph's queries."""

    @strawberry.field(
        description="Anything that can be looked up by its ID alone; null if the caller may not see it, if it does "
        "not exist, or if the ID is malformed."
    )
    async def node(
        self,
        info: AppInfo,
        id: Annotated[
            strawberry.ID,
            strawberry.argument(description="The ID of anything that implements `Node`, such as `inv_…`."),
        ],
    ) -> Node | None:
        return await _load(info, id)

    @strawberry.field(description="As `node`, for several IDs: one entry for each, in their order.")
    async def nodes(
        self,
        info: AppInfo,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"At most {MOST_IDS} IDs.")],
    ) -> list[Node | None]:
        if len(ids) > MOST_IDS:
            raise TooManyEntries(MOST_IDS)
        info.context.acting()
        found: list[Any] = await asyncio.gather(*(_load(info, one) for one in ids), return_exceptions=True)
        return found


async def _load(info: AppInfo, given: str) -> Node | None:
    info.context.acting()
    wanted = named(given)
    if wanted is None:
        return None
    if wanted.owner == HERE:
        return await Notification.resolve_reference(info, strawberry.ID(given))
    return await info.context.loader("nodes", lambda ids: _look_up(info, ids)).load(given)


async def _look_up(info: AppInfo, ids: Sequence[str]) -> dict[str, Any]:
    """Return the stubs of what the owners show, None for what they do not, and an error where nobody knows."""
    wanted = sorted((one for one in map(named, ids) if one is not None), key=lambda one: one.owner)
    owners = info.context.app.owners
    token = info.context.connection.headers.get("authorization", "")

    async def ask(owner: str, group: list[Named]) -> dict[str, Any]:
        shown = await owners.shown(owner, group, token)
        return {one.id: _stub(one, shown.get(one.id)) for one in group}

    asked = [ask(owner, list(group)) for owner, group in groupby(wanted, key=lambda one: one.owner)]
    return {key: value for found in await asyncio.gather(*asked) for key, value in found.items()}


def _stub(one: Named, shown: bool | None) -> Node | NoAnswer | None:
    if shown is None:
        return DirectoryUnavailable()
    return _STUBS[one.kind](id=strawberry.ID(one.id)) if shown else None
