"""Collaboration's ports in memory, with the same scoping as the real ones."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from chassis.kernel import AggregateRoot, AlreadyExists, NotFound, Page, PageRequest, Principal
from services.collaboration.domain.comment import Comment, Visibility
from services.collaboration.domain.document import DocumentType, KnownDocument, PortalRules
from services.collaboration.domain.errors import DirectoryUnavailable
from services.collaboration.domain.forward import Forward
from services.collaboration.domain.view import View
from tests.support.pages import page_in_memory

A = TypeVar("A", Comment, View, Forward)
B = TypeVar("B", bound=AggregateRoot)


class FakeRepository(Generic[A]):
    """Aggregates in a dictionary; `events` keeps what was recorded, in order."""

    def __init__(self) -> None:
        self.rows: dict[str, A] = {}
        self.events: list[object] = []

    def visible(self, by: Principal, row: A) -> bool:
        return row.organisation_id == by.organisation_id and by.customer_id in {None, row.customer_id}

    async def add(self, aggregate: A) -> None:
        if aggregate.id in self.rows:
            raise AlreadyExists("thing")
        self._store(aggregate)

    async def get(self, by: Principal, aggregate_id: str) -> A:
        row = self.rows.get(aggregate_id)
        if row is None or not self.visible(by, row):
            raise NotFound("thing")
        return deepcopy(row)

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        row = await self.get(by, aggregate_id)
        change(row)
        self._store(row)
        return row

    def _store(self, aggregate: A) -> None:
        self.events += aggregate.recorded
        aggregate.version += 1
        aggregate.event_sequence += len(aggregate.recorded)
        aggregate.forget_recorded()
        self.rows[aggregate.id] = deepcopy(aggregate)

    def _about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[A]]:
        found: dict[str, list[A]] = {}
        for row in self.rows.values():
            if row.document_id in document_ids and self.visible(by, row):
                found.setdefault(row.document_id, []).append(deepcopy(row))
        return found


class FakeComments(FakeRepository[Comment]):
    """Implements `Comments`."""

    def visible(self, by: Principal, row: Comment) -> bool:
        return super().visible(by, row) and (not by.is_contact or row.visibility is Visibility.PORTAL)

    async def about(self, by: Principal, document_id: str, request: PageRequest) -> Page[Comment]:
        found = self._about(by, [document_id]).get(document_id, [])
        return page_in_memory(found, lambda row: (row.written_at, row.id), request, descending=False)

    async def count(self, by: Principal, document_ids: Sequence[str]) -> dict[str, int]:
        return {key: len(rows) for key, rows in self._about(by, document_ids).items()}


class FakeViews(FakeRepository[View]):
    """Implements `Views`."""

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[View]]:
        return self._about(by, document_ids)


class FakeForwards(FakeRepository[Forward]):
    """Implements `Forwards`."""

    async def about(self, by: Principal, document_ids: Sequence[str]) -> dict[str, list[Forward]]:
        return self._about(by, document_ids)


class FakeDocumentStore:
    """Implements `DocumentStore`."""

    def __init__(self, *documents: KnownDocument) -> None:
        self.documents = {document.id: document for document in documents}
        self._rows: dict[str, tuple[int, dict[str, object]]] = {}

    async def find(self, organisation_id: str, document_ids: Sequence[str]) -> dict[str, KnownDocument]:
        found = (self.documents.get(key) for key in document_ids)
        return {one.id: one for one in found if one and one.organisation_id == organisation_id}

    async def note(self, document_id: str, sequence: int, fields: dict[str, object]) -> None:
        known, before = self._rows.get(document_id, (0, {}))
        if sequence <= known:
            return
        row = before | fields
        self._rows[document_id] = (sequence, row)
        self.documents[document_id] = KnownDocument(
            id=document_id,
            organisation_id=str(row["organisation_id"]),
            customer_id=str(row["customer_id"]),
            type=DocumentType(str(row["type"])),
            number=str(row["number"]) if row.get("number") else None,
            sent=bool(row.get("sent", False)),
        )


class FakeDocumentSource:
    """Implements `DocumentSource`; `asked` tells which documents were asked for, `away` that there is no answer."""

    def __init__(self, *documents: KnownDocument) -> None:
        self.documents = {document.id: document for document in documents}
        self.asked: list[str] = []
        self.away = False
        self.sequence = 100

    async def fetch(self, organisation_id: str, document_ids: Sequence[str]) -> list[tuple[int, KnownDocument]]:
        self.asked += document_ids
        if self.away:
            raise DirectoryUnavailable
        found = (self.documents.get(one) for one in document_ids)
        return [(self.sequence, one) for one in found if one and one.organisation_id == organisation_id]


class FakePortalSource:
    """Implements `PortalSource`; `asked` tells whose settings were asked for, `away` that there is no answer."""

    def __init__(self) -> None:
        self.rules: dict[str, PortalRules] = {}
        self.asked: list[str] = []
        self.away = False
        self.sequence = 100

    async def fetch(self, organisation_id: str) -> tuple[int, PortalRules] | None:
        self.asked.append(organisation_id)
        if self.away:
            raise DirectoryUnavailable
        rules = self.rules.get(organisation_id)
        return (self.sequence, rules) if rules else None


class FakePortals:
    """Implements `PortalStore`."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[int, PortalRules]] = {}

    async def rules(self, organisation_id: str) -> PortalRules:
        return self.told.get(organisation_id, (0, PortalRules()))[1]

    async def note(self, organisation_id: str, sequence: int, fields: dict[str, Any]) -> None:
        if sequence > self.told.get(organisation_id, (0, None))[0]:
            types = tuple(kind for kind in DocumentType if kind.value in fields["document_types"])
            rules = PortalRules(forwarding_allowed=fields["forwarding_allowed"], document_types=types)
            self.told[organisation_id] = (sequence, rules)


class FakeAllowance:
    """Implements `Allowance`."""

    def __init__(self) -> None:
        self.used: dict[tuple[str, str, str, int], int] = {}

    async def take(self, by: Principal, what: str, limit: int, window: timedelta, now: datetime) -> bool:
        key = (by.organisation_id, by.id, what, int(now.timestamp() // window.total_seconds()))
        if self.used.get(key, 0) >= limit:
            return False
        self.used[key] = self.used.get(key, 0) + 1
        return True
