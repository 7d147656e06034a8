"""Identity's `/internal/` endpoints: asked about what no event has told yet, and before anything is refused for it."""

import base64
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from chassis.owners import Owner, OwnerAway
from services.billing.application.directory import ContactProfile, CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.domain.errors import DirectoryUnavailable

MOST_LOGOS = 50

P = TypeVar("P")


@dataclass(frozen=True, kw_only=True)
class Readers:
    """The functions that read identity's events: its answers say the same."""

    organisation: Callable[[Any], OrganisationProfile]
    portal: Callable[[Any], PortalProfile]
    customer: Callable[[Any], CustomerProfile]
    contact: Callable[[Any], ContactProfile]


class HttpIdentity:
    """Implements `Identity`."""

    def __init__(self, identity: Owner, read: Readers) -> None:
        self._identity = identity
        self._read = read

    async def organisation(self, organisation_id: str) -> tuple[int, OrganisationProfile] | None:
        """Return an organisation, or None when there is none."""
        return await self._one(f"/organisations/{organisation_id}", organisation_id, self._read.organisation)

    async def portal(self, organisation_id: str) -> tuple[int, PortalProfile] | None:
        """Return what an organisation's portal shows, or None when it has none."""
        told = await self._one(f"/organisations/{organisation_id}", organisation_id, self._portal)
        return (told[0], told[1]) if told and told[1] else None

    async def customer(self, organisation_id: str, customer_id: str) -> tuple[int, CustomerProfile] | None:
        """Return a client company of this organisation, or None when there is none."""
        return await self._one(f"/customers/{customer_id}", organisation_id, self._read.customer)

    async def customers_of(self, organisation_id: str, ids: Sequence[str]) -> list[tuple[int, CustomerProfile]]:
        """Return those of these client companies that this organisation has."""
        return await self._many("/customers", organisation_id, ids, self._read.customer)

    async def contact(self, organisation_id: str, contact_id: str) -> tuple[int, ContactProfile] | None:
        """Return a contact person of this organisation's client companies, or None when there is none."""
        found = await self._many("/people", organisation_id, [contact_id], self._read.contact)
        return found[0] if found else None

    async def reachable(self, organisation_id: str, customer_id: str) -> list[str]:
        """Return the ids of a client company's contacts who are not disabled."""
        try:
            found = await self._identity.ask_for_all(f"/customers/{customer_id}/contacts", organisation_id)
            return [str(one["contactId"]) for one in found if one["status"] != "disabled"]
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error

    async def logo(self, organisation_id: str) -> bytes | None:
        """Return the organisation's logo as identity keeps it, or None when it has none."""
        told = await self._one(f"/organisations/{organisation_id}", organisation_id, lambda data: data.get("logo"))
        return base64.b64decode(told[1]["data"]) if told and told[1] else None

    def _portal(self, told: Any) -> PortalProfile | None:
        return self._read.portal(told["portal"]) if told.get("portal") else None

    async def _one(self, path: str, organisation_id: str, read: Callable[[Any], P]) -> tuple[int, P] | None:
        try:
            told = await self._identity.ask(path, organisation_id)
            return None if told is None else _sequenced(told, read)
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error

    async def _many(
        self, path: str, organisation_id: str, ids: Sequence[str], read: Callable[[Any], P]
    ) -> list[tuple[int, P]]:
        try:
            return [_sequenced(one, read) for one in await self._identity.ask_about(path, organisation_id, ids)]
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error


_NONSENSE = (ValueError, ValidationError, AttributeError, TypeError, KeyError)


def _sequenced(told: Any, read: Callable[[Any], P]) -> tuple[int, P]:
    return int(told.get("sequence", 0)), read(told)


class RememberedLogos:
    """Implements `Logos` over a function that fetches one; what it said is believed for a moment, its failure too.

    A moment only: who has just uploaded a logo looks at a paper next.
    """

    def __init__(self, fetch: Callable[[str], Awaitable[bytes | None]], *, seconds: float = 2) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._known: dict[str, tuple[float, bytes | None]] = {}

    async def of(self, organisation_id: str) -> bytes | None:
        """Return the logo, or None when there is none; the last one known, or None, where identity does not answer."""
        now = time.monotonic()
        until, logo = self._known.get(organisation_id, (0.0, None))
        if now < until:
            return logo
        with suppress(DirectoryUnavailable, ValueError):
            logo = await self._fetch(organisation_id)
        if len(self._known) >= MOST_LOGOS:
            self._known.clear()
        self._known[organisation_id] = (now + self._seconds, logo)
        return logo
