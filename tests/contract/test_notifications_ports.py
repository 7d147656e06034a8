"""Notifications' stores, one suite over the fakes and over MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import AlreadyExists, NotFound, PageRequest, Principal, new_id
from chassis.mongo.client import connect
from chassis.mongo.indexes import ensure_indexes
from services.notifications.adapters import mongo_notifications, mongo_recent_news
from services.notifications.adapters.mongo_notifications import INDEXES, MongoNotifications, MongoPreferences
from services.notifications.adapters.mongo_recent_news import MongoRecentNews
from services.notifications.domain.kinds import Channel, Kind
from services.notifications.domain.notification import Notification, Recipient, Status
from services.notifications.domain.preferences import Preference
from services.notifications.messaging.published import LANGUAGE
from tests.support.clock import NOON, FakeClock
from tests.support.notifications.fakes import FakeNotifications, FakePreferences, FakeRecentNews
from tests.support.notifications.makers import CARL, OLGA, ORG, STAN, news, principal_of
from tests.support.storage import SERVERS, address


@dataclass
class Stores:
    """Both of them, of one kind."""

    notifications: Any
    preferences: Any
    recent: Any


@pytest.fixture(params=["fake", *SERVERS])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeNotifications(), FakePreferences(), FakeRecentNews())
        return
    database = connect(address(request), f"test_{new_id('ntf')}")
    await ensure_indexes(database, (*INDEXES, *mongo_recent_news.INDEXES))
    recent = MongoRecentNews(database, FakeClock())
    yield Stores(MongoNotifications(database, LANGUAGE), MongoPreferences(database), recent)
    await database.drop()
    await database.close()


def entry(person: Recipient = OLGA, channel: Channel = Channel.IN_APP, at: datetime = NOON) -> Notification:
    return Notification.tell(news(), person, channel, at)


async def test_a_notification_comes_back_whole(stores: Stores) -> None:
    """What was stored is read again with recipient, news and facts; the same one is not stored twice."""
    stored = entry()
    await stores.notifications.add(stored)

    (found,) = (await stores.notifications.get_many(principal_of(OLGA), [stored.id])).values()

    assert (found.recipient, found.news, found.status, found.created_at) == (OLGA, stored.news, Status.SENT, NOON)
    with pytest.raises(AlreadyExists):
        await stores.notifications.add(Notification.tell(stored.news, OLGA, Channel.IN_APP, NOON))


async def test_feeds_are_apart(stores: Stores) -> None:
    """Only the recipient finds, counts, reads and updates an entry, and a mail is no entry."""
    mine, mail = entry(), entry(channel=Channel.EMAIL)
    await stores.notifications.add(mine)
    await stores.notifications.add(mail)
    same_id = Principal(id=OLGA.id, organisation_id=new_id("org"), role=principal_of(OLGA).role)

    for by in (principal_of(STAN), principal_of(CARL), same_id):
        assert await stores.notifications.get_many(by, [mine.id]) == {}
        assert await stores.notifications.unread(by) == 0
        assert (await stores.notifications.feed(by, PageRequest(), unread_only=False)).items == ()
        await stores.notifications.mark_all_read(by, NOON, NOON)
        with pytest.raises(NotFound):
            await stores.notifications.update(by, mine.id, lambda one: one.read(NOON))
    own = principal_of(OLGA)
    assert await stores.notifications.unread(own) == 1
    assert list(await stores.notifications.get_many(own, [mine.id, mail.id])) == [mine.id]


async def test_the_feed_is_newest_first(stores: Stores) -> None:
    """Pages follow each other without gaps, entries of one instant included."""
    entries = [entry(at=NOON + timedelta(minutes=number // 2)) for number in range(7)]
    for one in entries:
        await stores.notifications.add(one)
    by, seen, request = principal_of(OLGA), [], PageRequest(3)
    for _ in range(3):
        page = await stores.notifications.feed(by, request, unread_only=False)
        seen += [(one.created_at, one.id) for one in page.items]
        request = PageRequest(3, page.cursors[-1])

    assert not page.has_next_page
    assert seen == sorted(((one.created_at, one.id) for one in entries), reverse=True)


async def test_reading_until_a_moment(stores: Stores) -> None:
    """Entries up to the moment are read then, later ones stay unread, and the unread can be listed alone."""
    early, late = entry(), entry(at=NOON + timedelta(minutes=5))
    for one in (early, late):
        await stores.notifications.add(one)
    by = principal_of(OLGA)

    await stores.notifications.mark_all_read(by, NOON, NOON + timedelta(hours=1))

    unread = await stores.notifications.feed(by, PageRequest(), unread_only=True)
    assert [one.id for one in unread.items] == [late.id]
    assert await stores.notifications.unread(by) == 1


async def test_recent_news_of_a_company_since_a_moment(stores: Stores) -> None:
    """What happened from that moment on comes back whole and in order; other companies and tenants have their own."""
    told = [replace(news(), happened_at=NOON + timedelta(minutes=number)) for number in (2, -1, 0)]
    others = [replace(news(), customer_id=new_id("cus")), replace(news(), organisation_id=new_id("org"))]
    for one in (*told, *(replace(other, happened_at=NOON) for other in others), told[0]):
        await stores.recent.keep(one)

    assert await stores.recent.since(ORG, told[0].customer_id, NOON) == [told[2], told[0]]


async def test_a_mail_is_claimed_by_one(stores: Stores) -> None:
    """Of many that reach for a mail one gets it; it is due again when the claim runs out, and never once settled."""
    mail = entry(channel=Channel.EMAIL)
    await stores.notifications.add(mail)
    await stores.notifications.add(entry())
    (due,) = await stores.notifications.due(NOON, 10)
    until = NOON + timedelta(minutes=2)

    claims = await asyncio.gather(*(stores.notifications.claim(due, until) for _ in range(10)))

    assert (due.id, sum(claims)) == (mail.id, 1)
    assert await stores.notifications.due(NOON, 10) == []
    assert [one.id for one in await stores.notifications.due(until, 10)] == [mail.id]
    await stores.notifications.update(Principal.for_service(ORG), mail.id, lambda one: one.sent(until))
    assert await stores.notifications.due(until + timedelta(days=1), 10) == []


async def test_the_longest_waiting_is_first(stores: Stores) -> None:
    """Due mails come in the order of their waiting, no more than asked for."""
    for minutes in (3, 1, 2):
        await stores.notifications.add(entry(channel=Channel.EMAIL, at=NOON + timedelta(minutes=minutes)))

    due = await stores.notifications.due(NOON + timedelta(hours=1), 2)

    assert [one.next_attempt_at.minute for one in due] == [1, 2]


async def test_preferences_are_per_person_and_kind(stores: Stores) -> None:
    """A choice replaces the last one of its kind and touches nothing else."""
    by = principal_of(OLGA)
    for email in (True, False):
        await stores.preferences.put(by, Preference(Kind.COMMENT_ADDED, email=email, in_app=False))
    await stores.preferences.put(by, Preference(Kind.DOCUMENT_VIEWED, email=False))

    assert await stores.preferences.of(ORG, [OLGA.id, STAN.id]) == {
        OLGA.id: {
            Kind.COMMENT_ADDED: Preference(Kind.COMMENT_ADDED, email=False, in_app=False),
            Kind.DOCUMENT_VIEWED: Preference(Kind.DOCUMENT_VIEWED, email=False),
        }
    }


async def test_a_feed_keeps_its_newest_entries(mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is older leaves the feed and its count, and is still known when its event arrives again."""
    monkeypatch.setattr(mongo_notifications, "FEED_LENGTH", 20)
    monkeypatch.setattr(mongo_notifications, "_CUT_AT", frozenset("0123456789abcdefghjkmnpqrstvwxyz"))
    database = connect(mongo_url, f"test_{new_id('ntf')}")
    await ensure_indexes(database, INDEXES)
    stored = MongoNotifications(database, LANGUAGE)
    entries = [
        Notification.tell(news(event_id=f"event-{number}"), OLGA, Channel.IN_APP, NOON + timedelta(seconds=number // 2))
        for number in range(50)
    ]
    mail = entry(OLGA, Channel.EMAIL)
    others = entry(STAN)
    for one in (mail, others, *entries):
        await stored.add(one)

    page = await stored.feed(principal_of(OLGA), PageRequest(first=50), unread_only=False)

    newest = sorted(entries, key=lambda one: (one.created_at, one.id), reverse=True)[:20]
    assert [one.id for one in page.items] == [one.id for one in newest]
    assert (await stored.unread(principal_of(OLGA)), await stored.unread(principal_of(STAN))) == (20, 1)
    assert len(await stored.due(NOON, 10)) == 1
    with pytest.raises(AlreadyExists):
        await stored.add(entries[0])
    await database.drop()
    await database.close()
