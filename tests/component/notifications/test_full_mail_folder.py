"""A mail folder whose disk is full: mails wait, whole, and go once there is room."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from chassis.mail import FileMailer
from chassis.mailing.delivering import Deliver
from chassis.mongo.client import connect
from chassis.mongo.set_aside import MongoAside, listed
from services.notifications.adapters.mongo_notifications import MongoNotifications
from services.notifications.domain.notification import Notification
from services.notifications.messaging.published import LANGUAGE
from tests.component.notifications.test_one_bad_mail import Breaking, Post
from tests.support.clock import FakeClock
from tests.support.full_disk import SmallDisk, small_disk
from tests.support.storage import quickest
from tests.unit.chassis.test_mail import MESSAGE

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
__all__ = ["small_disk"]


class Folder(Breaking):
    """A courier that writes each mail into a folder."""

    def __init__(self, disk: SmallDisk) -> None:
        super().__init__()
        self._mailer = FileMailer(disk.folder / "mail")

    async def deliver(self, notification: Notification) -> None:
        await self._mailer.send(replace(MESSAGE, message_id=f"{notification.id}@portal.example"))
        await super().deliver(notification)


@pytest.fixture
async def post(mongo_url: str, database_name: str, small_disk: SmallDisk) -> AsyncIterator[Post]:
    database, clock, courier = connect(mongo_url, database_name), FakeClock(), Folder(small_disk)
    store = MongoNotifications(database, LANGUAGE)
    aside = MongoAside(database, "notifications", clock)
    yield Post(database, clock, store, courier, Deliver(store, courier, clock, aside=aside))
    await database.close()


async def test_mails_wait_for_room_and_are_whole(post: Post, small_disk: SmallDisk) -> None:
    """However long the disk is full, no mail is given up, set aside or half there; with room each goes once."""
    queued = await post.queue("org_1", 3)
    small_disk.fill()
    for _ in range(20):
        assert await post.deliver.drain() == 0
        assert post.deliver.is_down
        post.clock.advance(hours=6)
    assert list(small_disk.folder.glob("mail/*.eml")) == []
    assert await listed(post.database) == []

    small_disk.free()
    sent = 0
    for _ in queued:
        sent += await post.deliver.drain()
        post.clock.advance(hours=6)
    mails = list(small_disk.folder.glob("mail/*"))
    assert sent == len(mails) == len(queued)
    assert all(file.suffix == ".eml" and file.read_bytes().rstrip().endswith(b"--") for file in mails)
