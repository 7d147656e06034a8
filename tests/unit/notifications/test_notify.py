"""Who is told of what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.application.reactions.notify import Notify, NotYetKnown
from services.notifications.domain.errors import KindNotYours
from services.notifications.domain.kinds import KINDS_OF, Audience, Channel, Kind
from services.notifications.domain.notification import Notification, Recipient, Status
from services.notifications.domain.preferences import Preference, checked
from tests.support.clock import NOON, FakeClock
from tests.support.notifications.fakes import FakeDirectory, FakeNotifications, FakePreferences, FakeRecentNews
from tests.support.notifications.makers import (
    CARL,
    CORA,
    CUSTOMER,
    OLGA,
    ORG,
    ORGANISATION,
    PEOPLE,
    STAN,
    news,
    principal_of,
)


class World:
    """`Notify` over fakes."""

    def __init__(self, notices: tuple[Kind, ...] | None = None) -> None:
        self.store, self.preferences = FakeNotifications(), FakePreferences()
        organisation = replace(ORGANISATION, notices=notices)
        self.directory = FakeDirectory(organisation, PEOPLE, {CUSTOMER: "Élan Vital"})
        self.notify = Notify(self.store, self.directory, self.preferences, FakeRecentNews(), FakeClock())

    def told(self) -> set[tuple[str, str]]:
        return {(row.recipient.name, row.channel.value) for row in self.store.rows.values()}


BOTH = ("email", "in_app")


async def test_staff_are_told_by_both_channels() -> None:
    """Every active member of staff gets a mail and an entry in the feed."""
    world = World()

    await world.notify.staff(news(Kind.COMMENT_ADDED, actor_id=CARL.id))

    assert world.told() == {(name, channel) for name in ("Olga Owner", "Stan Staff") for channel in BOTH}
    assert {row.status for row in world.store.rows.values() if row.channel is Channel.EMAIL} == {Status.QUEUED}
    assert {row.status for row in world.store.rows.values() if row.channel is Channel.IN_APP} == {Status.SENT}


async def test_an_event_that_comes_again_tells_nobody_twice() -> None:
    """One event, recipient and channel make one notification, however often it is delivered."""
    world, fact = World(), news(Kind.DOCUMENT_SENT)

    for _ in range(5):
        await world.notify.clients(fact)

    assert len(world.store.rows) == 4
    assert len(world.store.events) == 2
    await world.notify.clients(news(Kind.DOCUMENT_SENT))
    assert len(world.store.rows) == 8


async def test_nobody_is_told_what_they_did() -> None:
    """The one who did it is left out."""
    world = World()

    await world.notify.clients(news(Kind.REPLY_ADDED, actor_id=CARL.id))

    assert world.told() == {("Cora Client", channel) for channel in BOTH}


@pytest.mark.parametrize("kind", KINDS_OF[Audience.STAFF])
async def test_each_kind_can_be_switched_off_per_person(kind: Kind) -> None:
    """A member of staff who switches a kind off, wholly or by mail, gets just the rest; others are not affected."""
    world = World()
    await world.preferences.put(principal_of(OLGA), Preference(kind, email=False, in_app=False))
    await world.preferences.put(principal_of(STAN), Preference(kind, email=False))

    await world.notify.staff(news(kind))

    assert world.told() == {("Stan Staff", "in_app")}


async def test_the_organisation_chooses_for_its_staff() -> None:
    """What the portal's settings leave out reaches no member of staff."""
    world = World(notices=(Kind.PAYMENT_RECEIVED,))

    await world.notify.staff(news(Kind.DOCUMENT_VIEWED))
    assert world.told() == set()
    await world.notify.staff(news(Kind.PAYMENT_RECEIVED))
    assert len(world.told()) == 4


async def test_people_without_access_get_mail_only() -> None:
    """A contact who cannot log in gets no entry in a feed."""
    world = World()
    world.directory.people = {CARL.id: replace(CARL, has_access=False)}

    await world.notify.clients(news(Kind.DOCUMENT_SENT))

    assert world.told() == {("Carl Client", "email")}


@pytest.mark.parametrize("changes", [{"portal_open": False}, {"document_types": ("estimate",)}])
async def test_what_the_portal_does_not_show_comes_by_mail_only(changes: dict[str, Any]) -> None:
    """With the portal closed, or the kind of document withdrawn from it, clients get a mail without a link."""
    world = World()
    world.directory._organisation = replace(ORGANISATION, **changes)

    await world.notify.clients(news(Kind.DOCUMENT_SENT))

    assert world.told() == {("Carl Client", "email"), ("Cora Client", "email")}
    assert not any(row.recipient.has_access for row in world.store.rows.values())


async def test_who_got_access_before_a_fact_is_told_when_that_is_known_after_it() -> None:
    """News of an access may come later than what was sent after it: nothing is missed, nothing older is told."""
    world = World()
    invited = replace(CORA, has_access=False)
    world.directory.people = {CARL.id: CARL}
    accepted_at = NOON
    for minutes in (-1, 0, 1):
        at = accepted_at + timedelta(minutes=minutes)
        await world.notify.clients(replace(news(Kind.DOCUMENT_SENT), happened_at=at))
    world.directory.people[CORA.id] = invited
    await world.notify.catch_up(ORG, CUSTOMER, CORA.id, accepted_at)
    assert {name for name, _ in world.told()} == {"Carl Client"}

    world.directory.people[CORA.id] = CORA
    for _ in range(2):
        await world.notify.catch_up(ORG, CUSTOMER, CORA.id, accepted_at)

    hers = [row for row in world.store.rows.values() if row.recipient_id == CORA.id]
    assert sorted(row.channel for row in hers) == ["email", "email", "in_app", "in_app"]
    assert {row.news.happened_at for row in hers} == {accepted_at, accepted_at + timedelta(minutes=1)}


async def test_an_outsider_gets_one_mail() -> None:
    """A forwarded document reaches its one recipient by mail, in the language of the one who forwarded it."""
    world = World()
    ada = Recipient(id="fwd_1", audience=Audience.OUTSIDE, name="Ada", email="ada@x.example", has_access=False)

    await world.notify.outside(news(Kind.DOCUMENT_FORWARDED, actor_id=CORA.id), ada)

    (row,) = world.store.rows.values()
    assert row.recipient == replace(ada, language=CORA.language)
    assert (row.channel, row.news.facts["actor"]) == (Channel.EMAIL, "Cora Client")


async def test_a_client_not_known_yet_is_waited_for() -> None:
    """When the company's own event is late, the fact is tried again instead of reaching nobody."""
    world = World()
    world.directory.customers = {}

    with pytest.raises(NotYetKnown):
        await world.notify.clients(news(Kind.DOCUMENT_SENT))
    assert world.store.rows == {}


@pytest.mark.parametrize("audience", [Audience.STAFF, Audience.CLIENT])
def test_only_one_s_own_kinds_can_be_chosen(audience: Audience) -> None:
    """Staff choose among the kinds for staff, contacts among theirs."""
    for kind in Kind:
        if kind in KINDS_OF[audience]:
            assert checked(Preference(kind), audience).kind is kind
        else:
            with pytest.raises(KindNotYours):
                checked(Preference(kind), audience)


def test_ids_tell_event_recipient_and_channel_apart() -> None:
    """Another event, recipient or channel is another notification, and separators cannot be forged."""
    one, two = news(event_id="evt-1"), news(event_id="evt-2")
    base = (one, CORA.id, Channel.EMAIL)
    others = [(two, CORA.id, Channel.EMAIL), (one, CARL.id, Channel.EMAIL), (one, CORA.id, Channel.IN_APP)]

    ids = {Notification.id_of(*told) for told in [base, *others]}

    assert len(ids) == 4
    assert all(told.startswith("ntf_") for told in ids)


def test_ids_sort_by_the_time_of_the_event() -> None:
    """However late an event is handled, its notification stands where the fact happened, by the same id each time."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    facts = [news(event_id=f"evt-{n}", happened_at=noon + timedelta(seconds=n)) for n in range(20)]

    ids = [Notification.id_of(fact, CORA.id, Channel.IN_APP) for fact in facts]

    assert ids == sorted(ids)
    assert ids == [Notification.id_of(fact, CORA.id, Channel.IN_APP) for fact in facts]
