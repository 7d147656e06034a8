"""The mail queue: retries without flooding, no more than one copy after a crash."""

from datetime import timedelta

import pytest

from chassis.mailing.delivering import CLAIM, FAILURES_THAT_MEAN_DOWN, LONGEST_REST, Deliver
from services.notifications.domain.events import NotificationFailed, NotificationSent
from services.notifications.domain.kinds import Channel
from services.notifications.domain.notification import (
    GIVEN_UP_AFTER,
    PAUSE_AFTER_AN_HOUR,
    Notification,
    Status,
)
from tests.support.clock import FakeClock
from tests.support.notifications.fakes import FakeCourier, FakeNotifications
from tests.support.notifications.makers import OLGA, news


class World:
    """`Deliver` over fakes, with mails waiting."""

    def __init__(self) -> None:
        self.clock, self.store, self.courier = FakeClock(), FakeNotifications(), FakeCourier()
        self.deliver = Deliver(self.store, self.courier, self.clock)

    async def queue(self, count: int = 1) -> list[Notification]:
        rows = [Notification.tell(news(), OLGA, Channel.EMAIL, self.clock.now()) for _ in range(count)]
        for row in rows:
            await self.store.add(row)
        return rows

    async def drain_until_empty(self, most: int = 1000) -> None:
        for _ in range(most):
            if not [row for row in self.store.rows.values() if row.status is Status.QUEUED]:
                return
            await self.deliver.drain()
            self.clock.advance(seconds=self.deliver.rest_seconds if self.deliver.is_down else 1)


async def test_a_mail_is_sent_once() -> None:
    """What was taken is sent, told, and not tried again."""
    world = World()
    (row,) = await world.queue()

    assert [await world.deliver.drain(), await world.deliver.drain()] == [1, 0]

    assert world.courier.taken == [row.id]
    assert [type(event) for event in world.store.events] == [NotificationSent]


async def test_a_refused_mail_has_failed() -> None:
    """A mail that the server will never take is not tried again, and its reason is told."""
    world = World()
    world.courier.refuses = True
    (row,) = await world.queue()

    await world.deliver.drain()
    world.clock.advance(days=1)
    await world.deliver.drain()

    assert world.courier.tried == 1
    assert [(type(event), event.reason) for event in world.store.events] == [(NotificationFailed, "SMTP 550")]
    assert world.store.rows[row.id].status is Status.FAILED


async def test_a_server_that_is_down_is_not_flooded() -> None:
    """With 2,000 mails waiting and the server away for an hour, it is asked less than once in ten seconds."""
    world = World()
    await world.queue(2000)
    world.courier.down = True
    end = world.clock.now() + timedelta(hours=1)
    while world.clock.now() < end:
        await world.deliver.drain()
        world.clock.advance(seconds=world.deliver.rest_seconds if world.deliver.is_down else 1)
    tried = world.courier.tried

    world.courier.down = False
    back = world.clock.now()
    first = await world.deliver.drain()
    await world.drain_until_empty()

    assert tried <= FAILURES_THAT_MEAN_DOWN + 3600 / LONGEST_REST + 5
    assert first == 1
    assert len(set(world.courier.taken)) == len(world.courier.taken) == 2000
    assert world.clock.now() - back < timedelta(minutes=16)


async def test_after_a_minute_s_outage_all_is_sent_within_a_minute() -> None:
    """Sixty seconds without a server: nothing fails, and the queue is empty a minute after its return."""
    world = World()
    await world.queue(500)
    world.courier.down = True
    end = world.clock.now() + timedelta(seconds=60)
    while world.clock.now() < end:
        await world.deliver.drain()
        world.clock.advance(seconds=world.deliver.rest_seconds if world.deliver.is_down else 1)
    world.courier.down = False
    back = world.clock.now()

    await world.drain_until_empty()

    assert world.clock.now() - back <= timedelta(seconds=60)
    assert len(world.courier.taken) == 500


async def test_one_bad_recipient_holds_nobody_up() -> None:
    """A mail that is put off again and again waits longer each time, while others are sent."""
    world = World()
    (slow,) = await world.queue()
    pauses = []
    for _ in range(6):
        world.courier.down = True
        await world.deliver.drain()
        world.courier.down = False
        await world.queue()
        await world.deliver.drain()
        due = world.store.rows[slow.id].next_attempt_at
        assert due is not None
        pauses.append((due - world.clock.now()).total_seconds())
        world.clock.time = due

    assert pauses == [5, 10, 20, 40, 60, 60]
    assert len(world.courier.taken) == 6


async def test_a_mail_is_given_up_after_two_days() -> None:
    """A mail that could not be sent for two days has failed."""
    world = World()
    (row,) = await world.queue()
    world.courier.down = True
    world.clock.advance(hours=2)
    await world.deliver.drain()
    assert world.store.rows[row.id].next_attempt_at == world.clock.now() + PAUSE_AFTER_AN_HOUR

    world.clock.time += GIVEN_UP_AFTER
    await world.deliver.drain()

    assert world.store.rows[row.id].status is Status.FAILED


async def test_a_crash_repeats_one_mail_at_most() -> None:
    """A process that dies between sending and noting leaves one mail, which is sent again when its claim runs out."""
    world = World()
    await world.queue(3)
    world.courier.died = True
    with pytest.raises(KeyboardInterrupt):
        await world.deliver.drain()
    world.courier.died = False

    await world.deliver.drain()
    assert len(world.courier.taken) == 3
    world.clock.time += CLAIM
    await world.deliver.drain()

    assert len(world.courier.taken) == 4
    assert len(set(world.courier.taken)) == 3


async def test_two_senders_share_the_work() -> None:
    """A mail that one process has claimed is left alone by the others."""
    world = World()
    await world.queue(10)
    due = await world.store.due(world.clock.now(), 10)
    other = Deliver(world.store, world.courier, world.clock)

    claimed = [await world.store.claim(row, world.clock.now() + CLAIM) for row in due[:4]]
    await other.drain()

    assert all(claimed)
    assert len(world.courier.taken) == 6
    assert not await world.store.claim(due[0], world.clock.now() + CLAIM)
