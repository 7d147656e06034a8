"""Ports of notifications in memory."""

import asyncio
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime

from chassis.guard import in_turns
from chassis.kernel import AlreadyExists, NotFound, Page, PageRequest, Principal
from chassis.mail import MailMessage, MailRefused, MailServerDown, compose
from services.notifications.application.ports import Organisation, Queued, Standing, Told, TryLater, Undeliverable
from services.notifications.domain.errors import DirectoryUnavailable
from services.notifications.domain.kinds import Channel, Kind
from services.notifications.domain.notification import News, Notification, Recipient, Status
from services.notifications.domain.preferences import Preference
from tests.support.pages import page_in_memory


class FakeNotifications:
    """Implements `Notifications`; `events` keeps what was recorded."""

    def __init__(self) -> None:
        self.rows: dict[str, Notification] = {}
        self.events: list[object] = []

    async def add(self, aggregate: Notification) -> None:
        if aggregate.id in self.rows:
            raise AlreadyExists("notification")
        self._store(aggregate)

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, Notification]:
        return {one: deepcopy(self.rows[one]) for one in ids if one in self.rows and _own(by, self.rows[one])}

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[Notification], None]) -> Notification:
        row = (await self.get_many(by, [aggregate_id])).get(aggregate_id)
        if row is None:
            raise NotFound("notification")
        change(row)
        self._store(row)
        return row

    async def feed(self, by: Principal, request: PageRequest, *, unread_only: bool) -> Page[Notification]:
        own = [row for row in self.rows.values() if _own(by, row) and not (unread_only and row.read_at)]
        return page_in_memory(own, lambda row: (row.created_at, row.id), request, descending=True)

    async def unread(self, by: Principal) -> int:
        return sum(1 for row in self.rows.values() if _own(by, row) and row.read_at is None)

    async def mark_all_read(self, by: Principal, until: datetime, now: datetime) -> None:
        for row in self.rows.values():
            if _own(by, row) and row.read_at is None and row.created_at <= until:
                row.read_at = now

    async def get(self, by: Principal, aggregate_id: str) -> Notification:
        row = (await self.get_many(by, [aggregate_id])).get(aggregate_id)
        if row is None:
            raise NotFound("notification")
        return row

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        waiting = [(row.next_attempt_at, row.id, row) for row in self.rows.values() if row.next_attempt_at]
        due = sorted((at, key) for at, key, row in waiting if row.status is Status.QUEUED and at <= now)
        found = [Queued(key, self.rows[key].organisation_id, at) for at, key in due if key not in without]
        return in_turns(found, lambda it: it.organisation_id)[:limit]

    async def claim(self, queued: Queued, until: datetime) -> bool:
        row = self.rows[queued.id]
        if row.status is not Status.QUEUED or row.next_attempt_at != queued.next_attempt_at:
            return False
        row.next_attempt_at = until
        return True

    async def organisation_of(self, notification_id: str) -> str | None:
        return self.rows[notification_id].organisation_id if notification_id in self.rows else None

    async def about(self, by: Principal, document_id: str, limit: int) -> list[Notification]:
        mails = [row for row in self.rows.values() if row.news.document_id == document_id]
        return [] if by.is_contact else sorted(mails, key=lambda row: row.created_at, reverse=True)[:limit]

    def _store(self, aggregate: Notification) -> None:
        self.events += aggregate.recorded
        aggregate.forget_recorded()
        self.rows[aggregate.id] = deepcopy(aggregate)


def _own(by: Principal, row: Notification) -> bool:
    if row.organisation_id != by.organisation_id:
        return False
    return by.role == "service" or (row.recipient_id == by.id and row.channel is Channel.IN_APP)


class FakeRecentNews:
    """Implements `RecentNews`."""

    def __init__(self) -> None:
        self._rows: dict[str, News] = {}

    async def keep(self, news: News) -> None:
        self._rows.setdefault(news.event_id, news)

    async def since(self, organisation_id: str, customer_id: str, moment: datetime) -> list[News]:
        found = [
            one
            for one in self._rows.values()
            if (one.organisation_id, one.customer_id) == (organisation_id, customer_id) and one.happened_at >= moment
        ]
        return sorted(found, key=lambda one: one.happened_at)


class FakeDirectory:
    """Implements `Directory`."""

    def __init__(self, organisation: Organisation, people: Sequence[Recipient], customers: dict[str, str]) -> None:
        self._organisation = organisation
        self.people = {person.id: person for person in people}
        self.customers = customers
        self.now: Organisation | None = None

    async def staff(self, organisation_id: str) -> list[Recipient]:
        return [person for person in self.people.values() if person.audience == "staff"]

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Recipient]:
        return [person for person in self.people.values() if person.audience == "client"]

    async def person(self, organisation_id: str, person_id: str) -> Recipient | None:
        return self.people.get(person_id)

    async def customer_name(self, organisation_id: str, customer_id: str) -> str | None:
        return self.customers.get(customer_id)

    async def answers(self, organisation_id: str) -> str | None:
        staff = await self.staff(organisation_id)
        return self._organisation.email or (staff[0].email if staff else None)

    async def organisation(self, organisation_id: str) -> Organisation:
        return self._organisation

    async def organisation_now(self, organisation_id: str) -> Organisation:
        return self.now or self._organisation


class FakeIdentity:
    """Implements `Identity` over what the test says; `asked` counts the questions, `away` means no answer."""

    def __init__(self) -> None:
        self.organisations: dict[str, tuple[Told, Told]] = {}
        self.customers: dict[str, Told] = {}
        self.people: dict[str, Told] = {}
        self.asked: list[str] = []
        self.away = False

    async def organisation(self, organisation_id: str) -> tuple[Told, Told] | None:
        return self.organisations.get(self._asked(organisation_id))

    async def customer(self, organisation_id: str, customer_id: str) -> Told | None:
        return self.customers.get(self._asked(customer_id))

    async def contacts(self, organisation_id: str, customer_id: str) -> list[Told]:
        self._asked(f"contacts of {customer_id}")
        return [told for told in self.people.values() if told[2].get("customer_id") == customer_id]

    async def staff(self, organisation_id: str) -> list[Told]:
        self._asked(f"staff of {organisation_id}")
        return [told for told in self.people.values() if told[2]["audience"] == "staff"]

    async def person(self, organisation_id: str, person_id: str) -> Told | None:
        return self.people.get(self._asked(person_id))

    def _asked(self, what: str) -> str:
        self.asked.append(what)
        if self.away:
            raise DirectoryUnavailable
        return what


class FakePreferences:
    """Implements `Preferences`."""

    def __init__(self) -> None:
        self.chosen: dict[str, dict[Kind, Preference]] = {}

    async def of(self, organisation_id: str, person_ids: Sequence[str]) -> dict[str, dict[Kind, Preference]]:
        return {one: self.chosen[one] for one in person_ids if one in self.chosen}

    async def put(self, by: Principal, preference: Preference) -> None:
        self.chosen.setdefault(by.id, {})[preference.kind] = preference


class FakeMailer:
    """Implements `Mailer`: keeps what it took; `down` and `refuses` make it fail."""

    def __init__(self) -> None:
        self.sent: list[MailMessage] = []
        self.tried = 0
        self.down = False
        self.refuses: set[str] = set()

    async def send(self, message: MailMessage) -> None:
        self.tried += 1
        await asyncio.sleep(0)
        if self.down:
            raise MailServerDown("SMTP 421")
        if message.to in self.refuses:
            raise MailRefused("SMTP 550")
        compose(message)
        self.sent.append(message)


class FakeCourier:
    """Implements `Courier`, as `FakeMailer` does for mails."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.tried = 0
        self.down = False
        self.refuses = False
        self.died = False

    async def deliver(self, notification: Notification) -> None:
        self.tried += 1
        if self.down:
            raise TryLater("SMTP 421")
        if self.refuses:
            raise Undeliverable("SMTP 550")
        self.taken.append(notification.id)
        if self.died:
            raise KeyboardInterrupt


class FakeDocuments:
    """Implements `Documents` over what the test says; `down` means no answer."""

    def __init__(self) -> None:
        self.known: dict[str, Standing] = {}
        self.down = False

    async def standing(self, organisation_id: str, document_id: str) -> Standing | None:
        if self.down:
            raise TryLater("billing: ClientConnectorError", "billing")
        return self.known.get(document_id)


class FakeFiles:
    """Implements `Files`; `asked` tells which PDFs were fetched, `missing` which do not exist."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.missing: set[str] = set()
        self.down = False

    async def pdf(self, organisation_id: str, document_id: str) -> bytes | None:
        self.asked.append(document_id)
        if self.down:
            raise TryLater("billing: ClientConnectorError")
        return None if document_id in self.missing else b"%PDF-1.7 " + document_id.encode()
