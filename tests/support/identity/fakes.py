"""Identity's ports in memory, held to the same contract suites as the real ones."""

from collections.abc import Callable, Generator, Hashable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from chassis.kernel import (
    AggregateRoot,
    AlreadyExists,
    DomainEvent,
    NotFound,
    Page,
    PageRequest,
    Principal,
    new_id,
)
from chassis.mongo.documents import to_aggregate, to_document
from chassis.search_keys import order_key, search_key
from services.identity.application.ports import AccessToken, Letter
from services.identity.domain.contact import Contact
from services.identity.domain.customer import Customer
from services.identity.domain.errors import TooBusy
from services.identity.domain.organisation import Organisation
from services.identity.domain.password_reset import PasswordReset
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter
from services.identity.domain.session import Session
from services.identity.domain.staff_member import StaffMember
from tests.support.pages import page_in_memory

A = TypeVar("A", bound=AggregateRoot)


class FakeRepository(Generic[A]):
    """Aggregates as documents in a dictionary; `unique` names the values that must not occur twice."""

    kind: type[A]

    def __init__(self, log: list[DomainEvent]) -> None:
        self._documents: dict[str, dict[str, Any]] = {}
        self._log = log

    def unique(self, aggregate: A) -> Iterable[Hashable]:
        return ()

    def visible(self, by: Principal, aggregate: A) -> bool:
        return aggregate.organisation_id == by.organisation_id

    async def add(self, aggregate: A) -> None:
        if aggregate.id in self._documents:
            raise AlreadyExists(self.kind.__name__)
        self._store(aggregate)

    async def get(self, by: Principal, aggregate_id: str) -> A:
        found = (await self.get_many(by, [aggregate_id])).get(aggregate_id)
        if found is None:
            raise NotFound(self.kind.__name__.lower())
        return found

    async def get_many(self, by: Principal, ids: list[str]) -> dict[str, A]:
        found = (self._load(one) for one in ids if one in self._documents)
        return {aggregate.id: aggregate for aggregate in found if self.visible(by, aggregate)}

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        aggregate = await self.get(by, aggregate_id)
        change(aggregate)
        self._store(aggregate)
        return aggregate

    def all(self) -> list[A]:
        return [self._load(one) for one in self._documents]

    def _load(self, aggregate_id: str) -> A:
        return to_aggregate(self.kind, self._documents[aggregate_id])

    def _store(self, aggregate: A) -> None:
        others = [self._load(one) for one in self._documents if one != aggregate.id]
        taken = {value for other in others for value in self.unique(other)}
        if taken & set(self.unique(aggregate)):
            raise AlreadyExists(self.kind.__name__)
        self._log.extend(aggregate.recorded)
        aggregate.version += 1
        aggregate.event_sequence += len(aggregate.recorded)
        aggregate.forget_recorded()
        self._documents[aggregate.id] = to_document(aggregate)

    def _page(self, rows: list[Any], order: SortOrder, request: PageRequest) -> Page[Any]:
        descending = order in (SortOrder.NEWEST, SortOrder.NAME_BACKWARD)
        by_name = order in (SortOrder.NAME, SortOrder.NAME_BACKWARD)

        def place(row: Any) -> tuple[Any, str]:
            return (_name_key(row) if by_name else row.created_at, row.id)

        return page_in_memory(rows, place, request, descending=descending)


class FakeOrganisations(FakeRepository[Organisation]):
    kind = Organisation

    def unique(self, aggregate: Organisation) -> Iterable[Hashable]:
        return [aggregate.slug] if aggregate.slug else []

    async def find_by_slug(self, slug: str) -> Organisation | None:
        now = next((one for one in self.all() if one.slug == slug), None)
        return now or next((one for one in self.all() if slug in one.former_slugs), None)


class FakeStaffMembers(FakeRepository[StaffMember]):
    kind = StaffMember

    def unique(self, aggregate: StaffMember) -> Iterable[Hashable]:
        keys = [("passkey", one.id) for one in aggregate.passkeys]
        return [(aggregate.organisation_id, aggregate.email_key), *keys]

    async def find_for_log_in(self, email_key: str, organisation_id: str | None) -> StaffMember | None:
        found = [one for one in self.all() if one.email_key == email_key]
        matching = [
            one
            for one in found
            if one.organisation_id == organisation_id
            or (not organisation_id and one.active and one.awaited_proof is None)
        ]
        return min(
            matching,
            key=lambda one: (not organisation_id and not one.has_proven_email, one.created_at),
            default=None,
        )

    async def page(
        self, by: Principal, match: StaffFilter, order: SortOrder, request: PageRequest
    ) -> Page[StaffMember]:
        rows = [
            one
            for one in self.all()
            if self.visible(by, one)
            and _contains(match.search, one.name, one.email, one.phone)
            and match.active in (None, one.active)
        ]
        return self._page(rows, order, request)


class FakeCustomers(FakeRepository[Customer]):
    kind = Customer

    def visible(self, by: Principal, aggregate: Customer) -> bool:
        return super().visible(by, aggregate) and (not by.is_contact or by.customer_id == aggregate.id)

    async def page(
        self, by: Principal, match: CustomerFilter, order: SortOrder, request: PageRequest
    ) -> Page[Customer]:
        rows = [
            one
            for one in self.all()
            if self.visible(by, one)
            and _contains(match.search, one.details.name, one.details.email, one.details.tax_id)
        ]
        return self._page(rows, order, request)


class FakeContacts(FakeRepository[Contact]):
    kind = Contact

    def unique(self, aggregate: Contact) -> Iterable[Hashable]:
        yield (aggregate.customer_id, aggregate.email_key)
        yield from (("passkey", one.id) for one in aggregate.passkeys)
        if aggregate.log_in_key:
            yield (aggregate.organisation_id, aggregate.log_in_key, "log-in")

    def visible(self, by: Principal, aggregate: Contact) -> bool:
        return super().visible(by, aggregate) and (not by.is_contact or by.customer_id == aggregate.customer_id)

    async def find_for_log_in(self, email_key: str, organisation_id: str) -> Contact | None:
        found = (one for one in self.all() if one.log_in_key == email_key)
        return next((one for one in found if one.organisation_id == organisation_id), None)

    async def find_by_email(self, by: Principal, customer_id: str, email_key: str) -> Contact | None:
        found = (one for one in self.all() if self.visible(by, one) and one.customer_id == customer_id)
        return next((one for one in found if one.email_key == email_key), None)

    async def was_erased(self, by: Principal, customer_id: str, mark: str, at: datetime) -> bool:
        found = (one.erased for one in self.all() if self.visible(by, one) and one.customer_id == customer_id)
        return any(erased and mark in erased.marks and erased.at >= at for erased in found)

    async def primary_ids(self, by: Principal, customer_id: str) -> list[str]:
        found = (one for one in self.all() if self.visible(by, one) and one.customer_id == customer_id)
        return [one.id for one in found if one.is_primary]

    async def page(self, by: Principal, match: ContactFilter, order: SortOrder, request: PageRequest) -> Page[Contact]:
        rows = [
            one
            for one in self.all()
            if self.visible(by, one)
            and _contains(match.search, one.name, one.email, one.phone)
            and match.customer_id in (None, one.customer_id)
            and (not match.statuses or one.status_at(match.now) in match.statuses)
        ]
        return self._page(rows, order, request)


class FakeSessions(FakeRepository[Session]):
    kind = Session

    async def open_ids(self, by: Principal, principal_id: str, now: datetime) -> tuple[str, ...]:
        mine = (one for one in self.all() if self.visible(by, one) and one.principal_id == principal_id)
        return tuple(one.id for one in mine if one.is_open(now))

    async def newest(self, by: Principal, principal_id: str, now: datetime, most: int) -> list[Session]:
        mine = [one for one in self.all() if one.id in await self.open_ids(by, principal_id, now)]
        return sorted(mine, key=lambda one: one.expires_at, reverse=True)[:most]


class FakePasswordResets(FakeRepository[PasswordReset]):
    kind = PasswordReset


class FakePasswords:
    """Reversible: for tests of everything but hashing. Counts how often real passwords were looked at."""

    def __init__(self) -> None:
        self.looked = 0
        self.crowded = False
        """Whether strangers are told to come back."""
        self.known: list[bool] = []
        """Of each verification, whether who asked for it was known."""

    async def hash(self, password: str, *, lane: str = "", known: bool = False) -> str:
        return f"hashed:{password}"

    async def verify(self, password_hash: str | None, password: str, *, lane: str = "", known: bool = False) -> bool:
        self.looked += password_hash is not None
        self.known.append(known)
        return password_hash in {f"hashed:{password}", f"once hashed:{password}"}

    @contextmanager
    def place(self, lane: str, *, known: bool) -> Generator[None]:
        if self.crowded and not known:
            raise TooBusy
        yield

    def is_outdated(self, password_hash: str) -> bool:
        return password_hash.startswith("once")


class FakeAccessTokens:
    """Readable tokens."""

    async def issue(self, principal: Principal, now: datetime) -> AccessToken:
        proven = principal.proven_at.isoformat() if principal.proven_at else "-"
        return AccessToken(
            f"{principal.id} {principal.role} {proven} {principal.session_id}", now + timedelta(minutes=5)
        )


class FakeThrottle:
    """Tries in memory."""

    def __init__(self) -> None:
        self._tries: dict[str, list[tuple[str, datetime]]] = {}

    async def admit(self, key: str, *, limit: int, window: timedelta, now: datetime) -> str | None:
        tries = self._tries[key] = [one for one in self._tries.get(key, []) if one[1] > now - window]
        if len(tries) >= limit:
            return None
        tries.append((new_id("try"), now))
        return tries[-1][0]

    async def release(self, key: str, receipt: str) -> None:
        self._tries[key] = [one for one in self._tries.get(key, []) if one[0] != receipt]


@dataclass
class FakeMails:
    """Letters as they were written."""

    sent: list[tuple[str, Letter]] = field(default_factory=list)

    async def invite_contact(self, letter: Letter) -> None:
        self.sent.append(("contact invite", letter))

    async def invite_staff(self, letter: Letter) -> None:
        self.sent.append(("staff invite", letter))

    async def reset_password(self, letter: Letter) -> None:
        self.sent.append(("reset", letter))

    async def prove_email(self, letter: Letter) -> None:
        self.sent.append(("proof", letter))

    async def email_changed(self, letter: Letter) -> None:
        self.sent.append(("moved", letter))

    async def second_factor_changed(self, letter: Letter, *, is_on: bool) -> None:
        self.sent.append((f"second factor {'on' if is_on else 'off'}", letter))

    async def passkey_changed(self, letter: Letter, *, is_added: bool) -> None:
        self.sent.append((f"passkey {'added' if is_added else 'removed'}", letter))

    async def password_changed(self, letter: Letter) -> None:
        self.sent.append(("changed", letter))


def _name_key(row: Any) -> str:
    return order_key(row.details.name if isinstance(row, Customer) else row.name)


def _contains(search: str | None, *texts: str | None) -> bool:
    return search_key(search) in search_key(*texts)
