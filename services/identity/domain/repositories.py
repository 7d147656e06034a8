"""Where the aggregates are kept. A principal sees its own organisation only, and a contact its own company only.

`update` runs a pure change, possibly several times, and saves state and events by one atomic write.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from chassis.kernel import AggregateRoot, Page, PageRequest, Principal
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.organisation import Organisation
from services.identity.domain.password_reset import PasswordReset
from services.identity.domain.person import PersonStatus
from services.identity.domain.session import Session
from services.identity.domain.staff_member import StaffMember

A = TypeVar("A", bound=AggregateRoot)


class Repository(Protocol[A]):
    """What all repositories can do."""

    async def add(self, aggregate: A) -> None:
        """Store a new aggregate.

        Raises:
            AlreadyExists: when its id or another unique value is taken.
        """
        ...

    async def get(self, by: Principal, aggregate_id: str) -> A:
        """Return one that the principal may see.

        Raises:
            NotFound: when there is none, or it belongs to others.
        """
        ...

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, A]:
        """Return those that exist and that the principal may see, by id."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        """Load, change, save; return the saved aggregate.

        Raises:
            NotFound: as `get`.
            AlreadyExists: when the change takes a unique value that is taken.
            ConcurrentUpdate: when others kept winning.
        """
        ...


class SortOrder(StrEnum):
    """How lists of people and companies are sorted."""

    NAME = "name"
    NAME_BACKWARD = "name_backward"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, kw_only=True)
class CustomerFilter:
    """Which customers: `search` is part of the name or e-mail, whatever its case."""

    search: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactFilter:
    """Which contacts; of `statuses` (all, if empty) as people read them at `now`: an open invite may have expired."""

    now: datetime
    search: str | None = None
    customer_id: str | None = None
    statuses: frozenset[PersonStatus] = frozenset()


@dataclass(frozen=True, kw_only=True)
class StaffFilter:
    """Which members of staff."""

    search: str | None = None
    active: bool | None = None


class Organisations(Repository[Organisation], Protocol):
    """The businesses; their portals' slugs are unique on the installation."""

    async def find_by_slug(self, slug: str) -> Organisation | None:
        """Return whose portal has this slug now, or else had it before."""
        """Return the organisation with this portal address, open or not."""
        ...


class StaffMembers(Repository[StaffMember], Protocol):
    """The staff; e-mails are unique within an organisation."""

    async def find_for_log_in(self, email_key: str, organisation_id: str | None) -> StaffMember | None:
        """Return who logs in with this e-mail: in that organisation, or else the first that lets the person in.

        Who has proven the address comes before who merely registered with it: anybody can register with any.
        """
        ...

    async def page(
        self, by: Principal, match: StaffFilter, order: SortOrder, request: PageRequest
    ) -> Page[StaffMember]:
        """Return one page."""
        ...


class Customers(Repository[Customer], Protocol):
    """The client companies."""

    async def page(
        self, by: Principal, match: CustomerFilter, order: SortOrder, request: PageRequest
    ) -> Page[Customer]:
        """Return one page."""
        ...


class Contacts(Repository[Contact], Protocol):
    """The contacts; e-mails are unique within a company, and among those with access within an organisation."""

    async def find_for_log_in(self, email_key: str, organisation_id: str) -> Contact | None:
        """Return the one contact that has or is offered access with this e-mail."""
        ...

    async def find_by_email(self, by: Principal, customer_id: str, email_key: str) -> Contact | None:
        """Return the contact of that company with this e-mail."""
        ...

    async def was_erased(self, by: Principal, customer_id: str, mark: str, at: datetime) -> bool:
        """Tell whether a contact of that company had an address with this mark and was erased at this moment or
        later."""
        ...

    async def primary_ids(self, by: Principal, customer_id: str) -> list[str]:
        """Return the ids of the company's primary contacts: one, or for a moment two."""
        ...

    async def page(self, by: Principal, match: ContactFilter, order: SortOrder, request: PageRequest) -> Page[Contact]:
        """Return one page."""
        ...


class Sessions(Repository[Session], Protocol):
    """The log-ins."""

    async def open_ids(self, by: Principal, principal_id: str, now: datetime) -> tuple[str, ...]:
        """Return the ids of a person's sessions that can still be carried on."""
        ...

    async def newest(self, by: Principal, principal_id: str, now: datetime, most: int) -> list[Session]:
        """Return a person's sessions that can still be carried on, those that began last first."""
        ...


class PasswordResets(Repository[PasswordReset], Protocol):
    """The requests for new passwords."""
