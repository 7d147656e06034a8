"""What the use cases need from outside."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis.erasing import Held, Whose
from chassis.kernel import Page, PageRequest, Principal
from chassis.mailing import Courier, NoLongerTrue, Queued, TryLater, Undeliverable
from services.notifications.domain.kinds import ALWAYS, Kind
from services.notifications.domain.notification import News, Notification, Recipient
from services.notifications.domain.preferences import Preference

__all__ = [
    "EVERY_TYPE",
    "Courier",
    "Directory",
    "Documents",
    "EndedSessions",
    "Erased",
    "Feed",
    "Identity",
    "MailFeed",
    "NoLongerTrue",
    "Notifications",
    "Organisation",
    "Personal",
    "Preferences",
    "Queued",
    "RecentNews",
    "Standing",
    "Suppressed",
    "Told",
    "TryLater",
    "Undeliverable",
]

EVERY_TYPE = ("estimate", "invoice")


@dataclass(frozen=True, slots=True)
class Organisation:
    """What a mail says of the business that sends it; `notices` are the kinds that its staff are told of.

    `locale` is a BCP 47 tag, whose country says how days are written for readers whose own tag names none.
    """

    name: str = ""
    email: str | None = None
    locale: str = ""
    portal_name: str = ""
    slug: str = ""
    portal_open: bool = True
    document_types: tuple[str, ...] = EVERY_TYPE
    notices: tuple[Kind, ...] | None = None

    def wants(self, kind: Kind) -> bool:
        """Tell whether its staff are told of this kind."""
        return self.notices is None or kind in self.notices or kind in ALWAYS

    @property
    def is_switched_off(self) -> bool:
        """Whether it has a portal that nobody may enter now."""
        return bool(self.slug) and not self.portal_open

    def shows(self, document_type: str) -> bool:
        """Tell whether its clients see documents of this type in the portal."""
        return self.portal_open and document_type in self.document_types


class Notifications(Protocol):
    """All notifications. What people ask is scoped to their own feed."""

    async def add(self, aggregate: Notification) -> None:
        """Store a new one. Raises AlreadyExists when the event was told before."""
        ...

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, Notification]:
        """Return the caller's own of these, by id."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[Notification], None]) -> Notification:
        """Load, change and save. Raises NotFound."""
        ...

    async def feed(self, by: Principal, request: PageRequest, *, unread_only: bool) -> Page[Notification]:
        """Return a page of the caller's feed, newest first."""
        ...

    async def unread(self, by: Principal) -> int:
        """Return how many of the caller's feed are not read."""
        ...

    async def mark_all_read(self, by: Principal, until: datetime, now: datetime) -> None:
        """Mark what was in the caller's feed at `until` as read."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Notification:
        """Return one. Raises NotFound."""
        ...

    async def organisation_of(self, notification_id: str) -> str | None:
        """Return whose a notification is, for what comes from outside of all of them; None when there is none."""
        ...

    async def about(self, by: Principal, document_id: str, limit: int) -> list[Notification]:
        """Return the latest mails about a document of the principal's organisation, newest first; clients have none."""
        ...

    async def mail(self, by: Principal, mail_id: str, document_id: str | None) -> list[Notification]:
        """Return the mail to a client, if it is of the principal's organisation and about this document, or any."""
        ...

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        """Return mails that should be sent now, the longest waiting first, organisations in turns.

        `without` are ids to pass over.
        """
        ...

    async def claim(self, queued: Queued, until: datetime) -> bool:
        """Keep others from sending this mail until then; False when somebody else was faster."""
        ...


class Directory(Protocol):
    """Who people are and how to reach them, as identity told us; asked for where nothing was told.

    Every question raises DirectoryUnavailable when identity would have to be asked and does not answer.
    """

    async def staff(self, organisation_id: str) -> list[Recipient]:
        """Return the active members of staff."""
        ...

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Recipient]:
        """Return a client company's contacts with access.

        When nobody has access: its primary contacts, else the one that was added first; nobody who was shut out.
        """
        ...

    async def answers(self, organisation_id: str) -> str | None:
        """Return the address that clients' answers go to: the organisation's, else its first owner's."""
        ...

    async def person(self, organisation_id: str, person_id: str) -> Recipient | None:
        """Return a person of either side; None when there is none."""
        ...

    async def customer_name(self, organisation_id: str, customer_id: str) -> str | None:
        """Return a client company's name; None when there is none."""
        ...

    async def organisation(self, organisation_id: str) -> Organisation:
        """Return what is known of the organisation."""
        ...

    async def organisation_now(self, organisation_id: str) -> Organisation:
        """Return it as identity says at this moment: before somebody is not told because of it."""
        ...


Told = tuple[str, int, dict[str, Any]]
"""The id of what identity tells of, the sequence of its latest news, and what we keep of it."""


class Identity(Protocol):
    """Identity itself, asked for what no event has told yet. Every question raises DirectoryUnavailable."""

    async def organisation(self, organisation_id: str) -> tuple[Told, Told] | None:
        """Return an organisation and its portal (nothing to keep of it when it has none); None when there is none."""
        ...

    async def customer(self, organisation_id: str, customer_id: str) -> Told | None:
        """Return a client company of this organisation, or None when there is none."""
        ...

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Told]:
        """Return all contacts of a client company of this organisation."""
        ...

    async def staff(self, organisation_id: str) -> list[Told]:
        """Return everybody of this organisation's staff."""
        ...

    async def person(self, organisation_id: str, person_id: str) -> Told | None:
        """Return a person of either side, or None when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands at this moment, as billing says; `balance` is an invoice's, as plain text.

    `due_on` is its due date, `YYYY-MM-DD`; None where billing does not say.
    """

    is_void: bool = False
    is_settled: bool = False
    balance: str | None = None
    due_on: str | None = None


class Documents(Protocol):
    """Billing itself, asked about a document when a mail about it leaves."""

    async def standing(self, organisation_id: str, document_id: str) -> Standing | None:
        """Return how it stands; None when there is no such document. Raises TryLater when billing does not answer."""
        ...


class Suppressed(Protocol):
    """Addresses, by organisation, to which nothing is sent any more since mails to them came back."""

    async def why(self, organisation_id: str, address: str) -> str | None:
        """Return what the server said when a mail to this address came back; None while mails may go there."""
        ...

    async def put(self, organisation_id: str, mark: str, mail_id: str, reason: str, at: datetime) -> None:
        """Send nothing more to the address with this mark."""
        ...

    async def lift(self, organisation_id: str, address: str) -> None:
        """Let mails go there again."""
        ...


class RecentNews(Protocol):
    """What client companies were told of late, for whoever turns out to have had access by then."""

    async def keep(self, news: News) -> None:
        """Keep it for a while; keeping it again changes nothing."""
        ...

    async def since(self, organisation_id: str, customer_id: str, moment: datetime) -> list[News]:
        """Return what happened to a client company at or after that moment, the oldest first."""
        ...


class Preferences(Protocol):
    """What people chose."""

    async def of(self, organisation_id: str, person_ids: Sequence[str]) -> dict[str, dict[Kind, Preference]]:
        """Return what each of these people switched, by person and kind; absent means on."""
        ...

    async def put(self, by: Principal, preference: Preference) -> None:
        """Keep the caller's choice for one kind."""
        ...


class Feed(Protocol):
    """Tells of new entries in people's feeds while somebody listens."""

    def notification_ids(
        self, recipient_id: str, missed: Callable[[], Awaitable[Sequence[str]]] | None = None
    ) -> AsyncIterator[str]:
        """Yield the id of each notification that reaches this person's feed from now on.

        Those that `missed` returns come first.
        """
        ...


class MailFeed(Protocol):
    """Tells what becomes of mails."""

    def mail_ids(
        self, organisation_id: str, missed: Callable[[], Awaitable[Sequence[str]]] | None = None, /
    ) -> AsyncIterator[str]:
        """Yield the id of each mail that was sent, failed, came back or was dropped, after those of `missed`."""
        ...


class Personal(Protocol):
    """What is held of a contact."""

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return all of it."""
        ...


class Erased(Protocol):
    """Who was erased."""

    async def done_at(self, contact_id: str) -> datetime | None:
        """Return when all was done here; None before that."""
        ...


class EndedSessions(Protocol):
    """Knows which sessions have ended."""

    def has_ended(self, principal: Principal, issued_at: datetime) -> bool:
        """Tell whether the principal's session has ended, or all of its sessions since `issued_at`."""
        ...
