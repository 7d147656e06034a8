"""A mail that cannot be read or written keeps no other from being sent, and organisations take turns."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from chassis.mailing.delivering import LOOP, Deliver
from chassis.mongo.client import Database, connect
from chassis.mongo.set_aside import MongoAside, listed
from services.notifications.adapters.mongo_notifications import MongoNotifications
from services.notifications.domain.kinds import Channel
from services.notifications.domain.notification import Notification
from services.notifications.messaging.published import LANGUAGE
from tests.support.clock import FakeClock
from tests.support.notifications.fakes import FakeCourier
from tests.support.notifications.makers import OLGA, news
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


class Breaking(FakeCourier):
    """A courier that cannot write some of the mails: a template that lacks what they tell of, say."""

    def __init__(self) -> None:
        super().__init__()
        self.breaks: set[str] = set()

    async def deliver(self, notification: Notification) -> None:
        if notification.id in self.breaks:
            raise KeyError("actor")
        await super().deliver(notification)


@dataclass
class Post:
    """The queue on a real database, and who sends."""

    database: Database
    clock: FakeClock
    store: MongoNotifications
    courier: Breaking
    deliver: Deliver

    async def queue(self, organisation_id: str, count: int = 1) -> list[str]:
        rows = [
            Notification.tell(replace(news(), organisation_id=organisation_id), OLGA, Channel.EMAIL, self.clock.now())
            for _ in range(count)
        ]
        for row in rows:
            await self.store.add(row)
        return [row.id for row in rows]


@pytest.fixture
async def post(mongo_url: str, database_name: str) -> AsyncIterator[Post]:
    database, clock, courier = connect(mongo_url, database_name), FakeClock(), Breaking()
    store = MongoNotifications(database, LANGUAGE)
    aside = MongoAside(database, "notifications", clock)
    yield Post(database, clock, store, courier, Deliver(store, courier, clock, aside=aside))
    await database.close()


async def test_mails_that_cannot_be_read_or_written_are_set_aside(post: Post) -> None:
    """The others go at once; each bad one is tried again when its pause is over, and its row goes with the mail."""
    unreadable, unwritten, *fine = await post.queue("org_1", 5)
    stored = post.database["notifications"]
    await stored.update_one({"_id": unreadable}, {"$set": {"recipient": 7}})
    post.courier.breaks.add(unwritten)
    assert await post.deliver.drain() == 3
    assert sorted(post.courier.taken) == sorted(fine)
    rows = await listed(post.database)
    assert {row["_id"] for row in rows} == {f"{LOOP}:notifications/{one}" for one in (unreadable, unwritten)}
    assert not post.deliver.is_down
    post.courier.breaks.clear()
    post.clock.advance(minutes=3)
    assert await post.deliver.drain() == 1
    assert [row["item"] for row in await listed(post.database)] == [f"notifications/{unreadable}"]


async def test_the_mails_of_the_largest_organisation_starve_nobody(post: Post) -> None:
    """With 60 waiting mails of one organisation and one each of 5 others, the others go among the first ten."""
    await post.queue("org_big", 60)
    post.clock.advance(seconds=1)
    small = {(await post.queue(f"org_{number}"))[0] for number in range(5)}
    await post.deliver.drain()
    assert small <= {*post.courier.taken[:10]}
