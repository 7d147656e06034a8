"""Identity's `/internal/` endpoints: asked about whom no event has told yet, before anybody is left out for it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from chassis.owners import Owner, OwnerAway
from services.notifications.application.ports import Told
from services.notifications.domain.errors import DirectoryUnavailable

_NONSENSE = (ValueError, ValidationError, AttributeError, TypeError, KeyError)

NO_PORTAL: dict[str, Any] = {"name": "", "slug": "", "open": False}

Read = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Readers:
    """From what identity tells to what we keep, by the functions that read its events: both say the same."""

    organisation: Read
    portal: Read
    customer: Read
    contact: Read
    staff: Read


class HttpIdentity:
    """Implements `Identity`."""

    def __init__(self, identity: Owner, read: Readers) -> None:
        self._identity = identity
        self._read = read

    async def organisation(self, organisation_id: str) -> tuple[Told, Told] | None:
        """Return an organisation and its portal (nothing to keep of it when it has none); None when there is none."""
        try:
            told = await self._identity.ask(f"/organisations/{organisation_id}", organisation_id)
            if told is None:
                return None
            sequence, portal = int(told["sequence"]), told["portal"]
            about = (organisation_id, sequence, self._read.organisation(told))
            return about, (organisation_id, sequence, self._read.portal(portal) if portal else NO_PORTAL)
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error

    async def customer(self, organisation_id: str, customer_id: str) -> Told | None:
        """Return a client company of this organisation, or None when there is none."""
        try:
            told = await self._identity.ask(f"/customers/{customer_id}", organisation_id)
            return None if told is None else (customer_id, int(told["sequence"]), self._read.customer(told))
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Told]:
        """Return all contacts of a client company of this organisation."""
        return await self._people(f"/customers/{customer_id}/contacts", organisation_id)

    async def staff(self, organisation_id: str) -> list[Told]:
        """Return everybody of this organisation's staff."""
        return await self._people("/staff", organisation_id)

    async def person(self, organisation_id: str, person_id: str) -> Told | None:
        """Return a person of either side, or None when there is none."""
        found = await self._people("/people", organisation_id, person_id)
        return found[0] if found else None

    async def _people(self, path: str, organisation_id: str, *ids: str) -> list[Told]:
        try:
            found = await self._identity.ask_about(path, organisation_id, ids)
            return [self._person(told) for told in found]
        except (OwnerAway, *_NONSENSE) as error:
            raise DirectoryUnavailable from error

    def _person(self, told: Any) -> Told:
        if "staffId" in told:
            return told["staffId"], int(told["sequence"]), self._read.staff(told)
        return told["contactId"], int(told["sequence"]), self._read.contact(told)
