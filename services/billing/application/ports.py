"""What the application needs of the outside, apart from `domain/repositories.py` and printing (`printing.py`)."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from chassis.erasing import Erasure, Held, Whose
from chassis.kernel import Principal
from services.billing.application.directory import ContactProfile, CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.domain.errors import DirectoryUnavailable


class Directory(Protocol):
    """Organisations and client companies as identity told us, or tells when asked for one we have not heard of."""

    async def organisation(self, by: Principal) -> OrganisationProfile:
        """Return the principal's organisation. Raises NotFound."""
        ...

    async def portal(self, by: Principal) -> PortalProfile:
        """Return what the portal of the principal's organisation shows; all of it until identity says otherwise."""
        ...

    async def organisation_now(self, by: Principal) -> OrganisationProfile:
        """Return it as identity says at this moment: before a refusal. Raises NotFound, DirectoryUnavailable."""
        ...

    async def portal_now(self, by: Principal) -> PortalProfile:
        """As `portal`, as identity says at this moment: before a refusal. Raises DirectoryUnavailable."""
        ...

    async def customer(self, by: Principal, customer_id: str) -> CustomerProfile:
        """Return a client company of the principal's organisation; a contact sees its own only. Raises NotFound."""
        ...

    async def customers(self, by: Principal, ids: Sequence[str]) -> dict[str, CustomerProfile | DirectoryUnavailable]:
        """Return those of these client companies that the principal may see, by id; and for those that nothing is
        known of while identity does not answer, that."""
        ...

    async def contact_name(self, by: Principal, contact_id: str) -> str:
        """Return the name of a contact that the principal may know; empty where identity has not told it."""
        ...

    async def reachable(self, by: Principal, customer_id: str) -> Sequence[str]:
        """Return the ids of a client company's contacts who may be mailed, as identity says at this moment.

        Raises:
            DirectoryUnavailable.
        """
        ...


class Identity(Protocol):
    """Identity itself, asked for what no event has told yet; each answer comes with the sequence of its latest news.

    Every question raises DirectoryUnavailable when there is no answer.
    """

    async def organisation(self, organisation_id: str) -> tuple[int, OrganisationProfile] | None:
        """Return an organisation, or None when there is none."""
        ...

    async def portal(self, organisation_id: str) -> tuple[int, PortalProfile] | None:
        """Return what an organisation's portal shows, or None when it has none."""
        ...

    async def customer(self, organisation_id: str, customer_id: str) -> tuple[int, CustomerProfile] | None:
        """Return a client company of this organisation, or None when there is none."""
        ...

    async def customers_of(self, organisation_id: str, ids: Sequence[str]) -> list[tuple[int, CustomerProfile]]:
        """Return those of these client companies that this organisation has."""
        ...

    async def contact(self, organisation_id: str, contact_id: str) -> tuple[int, ContactProfile] | None:
        """Return a contact person of this organisation's client companies, or None when there is none."""
        ...

    async def reachable(self, organisation_id: str, customer_id: str) -> list[str]:
        """Return the ids of a client company's contacts who are not disabled."""
        ...


class Logos(Protocol):
    """The pictures that organisations print on their documents."""

    async def of(self, organisation_id: str) -> bytes | None:
        """Return a PNG or JPEG, or None: a document is never kept back for want of its logo."""
        ...


class DirectoryNotes(Protocol):
    """Where reactions write what identity tells; news older than what is known changes nothing."""

    async def note_organisation(self, sequence: int, profile: OrganisationProfile) -> None:
        """Keep an organisation's details."""
        ...

    async def note_portal(self, sequence: int, organisation_id: str, profile: PortalProfile) -> None:
        """Keep what an organisation's portal shows."""
        ...

    async def note_customer(self, sequence: int, profile: CustomerProfile) -> None:
        """Keep a client company's details."""
        ...

    async def note_contact(self, sequence: int, profile: ContactProfile) -> None:
        """Keep a contact's name."""
        ...


class DocumentFeed(Protocol):
    """Which documents of an organisation change, as it happens."""

    def changed_ids(self, organisation_id: str) -> AsyncIterator[str]:
        """Yield the id of each estimate or invoice about which something is told from now on."""
        ...


class Personal(Protocol):
    """What is held of a contact."""

    async def forget(self, erasure: Erasure) -> None:
        """Take the person out of everything but the accounts; doing it again is harmless."""
        ...

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return what is held of a contact."""
        ...


class EndedSessions(Protocol):
    """Sessions that ended before their tokens expire."""

    def has_ended(self, principal: Principal, issued_at: datetime) -> bool:
        """Tell whether a token of this principal, issued then, is refused."""
        ...
