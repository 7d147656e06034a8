"""One effect per event and order per subject, under many deliveries at once (promises 4 and 5)."""

import asyncio
import random
from typing import Any

import pytest

from chassis.cloudevents import CloudEvent
from chassis.kernel import new_id
from tests.component.notifications.conftest import Running
from tests.support.notifications.makers import CARL, CUSTOMER, INVOICE, OLGA, ORG, STAN
from tests.support.soak import how_many, soak

EVENTS, SUBJECTS, VERSIONS = how_many(60, 10_000), how_many(15, 500), 20


def event(event_type: str, subject: str, sequence: int, **data: Any) -> bytes:
    return CloudEvent(
        id=f"{subject}-{sequence}",
        type=event_type,
        source="/test",
        subject=subject,
        sequence=sequence,
        time="2026-03-09T12:00:00.000Z",
        organisation_id=ORG,
        data={"organisationId": ORG, **data},
    ).to_json()


def comment() -> bytes:
    about = {"documentId": INVOICE, "documentType": "invoice", "documentNumber": "INV-1", "customerId": CUSTOMER}
    facts = about | {"authorId": CARL.id, "authorKind": "contact", "visibility": "portal", "excerpt": "Hi"}
    return event("collaboration.comment_added.v1", new_id("com"), 1, **facts)


async def deliver(running: Running, bodies: list[bytes]) -> None:
    """Let four consumers take messages from one queue until it is empty."""
    waiting = iter(bodies)

    async def consumer() -> None:
        for body in waiting:
            await running.service.inbox.handle(body, 1)

    await asyncio.gather(*(consumer() for _ in range(4)))


@soak
@pytest.mark.slow
async def test_one_effect_per_event(running: Running) -> None:
    """Events, each 2 to 5 times to four consumers at once: one mail and one entry per event and recipient."""
    await running.tell_of_people()
    chance = random.Random(4)
    bodies = [body for body in (comment() for _ in range(EVENTS)) for _ in range(chance.randint(2, 5))]
    chance.shuffle(bodies)

    await deliver(running, bodies)

    collection = running.service.database["notifications"]
    effects = {
        (person.name, channel): await collection.count_documents({"recipient_id": person.id, "channel": channel})
        for person in (OLGA, STAN)
        for channel in ("email", "in_app")
    }
    print(f"{len(bodies)} deliveries of {EVENTS} events: {sum(effects.values())} effects")
    assert set(effects.values()) == {EVENTS}
    assert await collection.count_documents({}) == 4 * EVENTS


@soak
@pytest.mark.slow
async def test_the_highest_version_wins(running: Running) -> None:
    """100 people × 20 versions, shuffled, repeated and replayed: everybody ends as their last event says."""
    people = [new_id("stf") for _ in range(SUBJECTS)]
    bodies = [
        event(
            "identity.staff_member_updated.v1",
            person,
            version,
            staffId=person,
            name=f"Version {version}",
            email=f"v{version}@northwind.example",
            language="en",
            active=version % 2 == 0,
        )
        for person in people
        for version in range(1, VERSIONS + 1)
    ]
    chance = random.Random(5)
    stream = bodies + chance.sample(bodies, len(bodies) // 2)
    chance.shuffle(stream)

    await deliver(running, stream)

    staff = await running.service.application.directory.staff(ORG)
    right = [person for person in staff if person.name == f"Version {VERSIONS}"]
    print(f"{len(stream)} deliveries: {len(right)}/{SUBJECTS} at their highest version")
    assert len(right) == SUBJECTS
