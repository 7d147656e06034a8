"""Notifications on a real database, with a bus that delivers everything twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import SecretStr

from chassis.cloudevents import CloudEvent
from chassis.mail import MailMessage
from chassis.mongo.indexes import ensure_indexes
from services.notifications.bootstrap import INDEXES, NotificationsService, assemble
from services.notifications.domain.kinds import Audience
from services.notifications.domain.notification import Recipient
from services.notifications.settings import NotificationsSettings
from tests.support.clock import FakeClock
from tests.support.notifications.fakes import FakeFiles, FakeIdentity, FakeMailer
from tests.support.notifications.makers import CUSTOMER, ORG, PEOPLE
from tests.support.subgraph import GATEWAY_KEY, Subgraph
from tests.support.tokens import ISSUER, Signer
from tests.support.twice import TwiceBus


@dataclass
class Running:
    """The service, what it stands on, and its GraphQL door. Mails leave when `post` is called."""

    service: NotificationsService
    bus: TwiceBus
    clock: FakeClock
    mailer: FakeMailer
    files: FakeFiles
    identity: FakeIdentity
    subgraph: Subgraph
    sequences: dict[str, int] = field(default_factory=dict[str, int])

    async def tell(self, event_type: str, subject: str, *, sequence: int | None = None, **data: Any) -> None:
        """Publish an event of another service, twice as everything."""
        sequence = sequence or self.sequences.get(subject, 0) + 1
        self.sequences[subject] = max(sequence, self.sequences.get(subject, 0))
        event = CloudEvent(
            id=f"{subject}-{sequence}",
            type=event_type,
            source="/test",
            subject=subject,
            sequence=sequence,
            time="2026-03-09T12:00:00.000Z",
            organisation_id=ORG,
            data={"organisationId": ORG, **data},
        )
        await self.bus.publish(event)

    async def tell_of_people(self) -> None:
        """Publish what identity tells about the organisation, its client and everybody."""
        await self.tell("identity.organisation_registered.v1", ORG, name="Northwind", email="hello@northwind.example")
        notices = ["viewed", "commented", "accepted", "declined", "paid"]
        portal = {"enabled": True, "name": "Northwind Portal", "slug": "northwind", "notifyStaffOf": notices}
        portal |= {"documentTypes": ["estimate", "invoice"]}
        await self.tell("identity.portal_settings_changed.v1", ORG, **portal)
        await self.tell("identity.customer_created.v1", CUSTOMER, customerId=CUSTOMER, name="Élan Vital")
        for person in PEOPLE:
            await self.tell_of(person)

    async def tell_of(self, person: Recipient, **changes: Any) -> None:
        """Publish what identity tells about a person."""
        facts = {"name": person.name, "email": person.email, "language": person.language}
        if person.audience is Audience.STAFF:
            await self.tell(
                "identity.staff_member_added.v1", person.id, staffId=person.id, **facts, active=True, **changes
            )
            return
        facts |= {"contactId": person.id, "customerId": CUSTOMER, "status": "accepted", "isPrimary": False} | changes
        await self.tell("identity.contact_accepted.v1", person.id, **facts)

    async def post(self) -> list[MailMessage]:
        """Send what is due and return the mails of this time."""
        before = len(self.mailer.sent)
        while await self.service.application.jobs.deliver.drain():
            pass
        return self.mailer.sent[before:]


@pytest.fixture
async def running(mongo_url: str, database_name: str) -> AsyncIterator[Running]:
    clock, bus, mailer, files, identity = FakeClock(), TwiceBus(), FakeMailer(), FakeFiles(), FakeIdentity()
    signer = Signer(clock)
    settings = NotificationsSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key=SecretStr(GATEWAY_KEY),
        service_key=SecretStr("service-key-for-tests"),
        issuer=ISSUER,
        portal_url="https://portal.example",
    )
    service = assemble(settings, bus=bus, clock=clock, keys=signer, files=files, mailer=mailer, identity=identity)
    await ensure_indexes(service.database, INDEXES)
    await service.inbox.start(bus)
    yield Running(service, bus, clock, mailer, files, identity, Subgraph(service.routes, signer))
    await service.database.drop()
    await service.close()
