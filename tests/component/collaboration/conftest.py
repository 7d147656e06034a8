"""Collaboration on a real database, with a bus that delivers everything twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from pydantic import SecretStr

from chassis.cloudevents import CloudEvent
from chassis.kernel import Principal
from chassis.mongo.indexes import ensure_indexes
from services.collaboration.bootstrap import INDEXES, Collaboration, assemble
from services.collaboration.domain.document import KnownDocument
from services.collaboration.settings import CollaborationSettings
from tests.support.clock import FakeClock
from tests.support.collaboration.fakes import FakeDocumentSource, FakePortalSource
from tests.support.collaboration.makers import ORG
from tests.support.subgraph import GATEWAY_KEY, Subgraph
from tests.support.tokens import ISSUER, Signer
from tests.support.twice import TwiceBus


@dataclass
class Running:
    """The service, what it stands on, and its GraphQL door. Events leave when the relay is drained."""

    service: Collaboration
    bus: TwiceBus
    clock: FakeClock
    source: FakeDocumentSource
    portals: FakePortalSource
    subgraph: Subgraph
    sequences: dict[str, int] = field(default_factory=dict[str, int])

    async def tell(self, event_type: str, subject: str, sequence: int | None = None, **data: object) -> None:
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

    async def tell_of(self, document: KnownDocument) -> None:
        """Publish what billing tells about a document."""
        facts = {f"{document.type}Id": document.id, "customerId": document.customer_id, "number": document.number}
        fact = "sent" if document.sent else "drafted"
        await self.tell(f"billing.{document.type}_{fact}.v1", document.id, **facts)

    async def comment(self, document: KnownDocument, by: Principal, text: str = "Hi", **extra: object) -> dict:
        """Write a comment through the API and return the payload."""
        given = {"documentId": document.id, "text": text, "idempotencyKey": f"key-{abs(hash(text))}-{by.id}", **extra}
        data = await self.subgraph.data(ADD_COMMENT, by, input=given)
        return data["addComment"]


ADD_COMMENT = """mutation($input: AddCommentInput!) { addComment(input: $input) {
  comment { id text visibility author { __typename id } document { __typename id } }
  userErrors { code field message } } }"""


@pytest.fixture
async def running(mongo_url: str, database_name: str) -> AsyncIterator[Running]:
    clock, bus, source, portals = FakeClock(), TwiceBus(), FakeDocumentSource(), FakePortalSource()
    signer = Signer(clock)
    settings = CollaborationSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key=SecretStr(GATEWAY_KEY),
        service_key=SecretStr("service-key-for-tests"),
        issuer=ISSUER,
    )
    service = assemble(settings, bus=bus, clock=clock, keys=signer, documents=source, portals=portals)
    await ensure_indexes(service.database, INDEXES)
    await service.inbox.start(bus)
    yield Running(service, bus, clock, source, portals, Subgraph(service.routes, signer))
    await service.database.drop()
    await service.close()
