"""The one way of mails: every fault at every step, with a second worker, a stop and a crash, on a clock that jumps."""

import asyncio
from datetime import timedelta

import pytest

from chassis.kernel import NoAnswer
from chassis.mailing import Away, Breaker, Deliver, OutcomeUnknown, TryLater
from chassis.mailing.posted import AWAY_GIVEN_UP_AFTER, UNKNOWN_PAUSES
from chassis.smtp import SmtpMailer
from services.notifications.adapters.mail_courier import MailCourier
from services.notifications.domain.kinds import Channel
from services.notifications.domain.notification import Notification, Status
from tests.support.clock import FakeClock
from tests.support.notifications.fakes import FakeCourier, FakeDirectory, FakeFiles, FakeNotifications
from tests.support.notifications.makers import OLGA, ORGANISATION, PEOPLE, news
from tests.support.scripted_smtp import STEPS, ScriptedServer

ANSWERS = ("421 busy", "451 later", "452 full", "535 who are you", "550 no", "552 too much", "drop")
FINAL = {(step, "550 no") for step in ("RCPT", "DATA", "content")} | {
    (step, "552 too much") for step in ("DATA", "content")
}


class Post:
    """Mails that wait, and workers that share them over one scripted server."""

    def __init__(self, server: ScriptedServer) -> None:
        self.clock, self.store = FakeClock(), FakeNotifications()
        directory = FakeDirectory(ORGANISATION, PEOPLE, {})
        place = {"sender": "portal@our.example", "portal_url": "https://portal.example"}
        mailer = SmtpMailer("127.0.0.1", server.port, starttls=False, username="portal", password="secret")
        courier = MailCourier(mailer, FakeFiles(), directory, **place)
        self.workers = [Deliver(self.store, courier, self.clock) for _ in range(2)]

    async def queue(self, count: int) -> None:
        for _ in range(count):
            await self.store.add(Notification.tell(news(), OLGA, Channel.EMAIL, self.clock.now()))

    async def until_settled(self) -> None:
        """Let the workers go on, with the clock at the next moment at which something is due."""
        while waiting := [row for row in self.store.rows.values() if row.status is Status.QUEUED]:
            await asyncio.gather(*(worker.drain() for worker in self.workers))
            due = min(row.next_attempt_at or self.clock.now() for row in waiting)
            self.clock.time = max(self.clock.time + timedelta(seconds=1), due)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("answer", ANSWERS)
async def test_no_mail_is_lost_and_none_comes_twice_without_reason(step: str, answer: str) -> None:
    """Two workers, five mails, and a fault at the 2nd and 4th connection: lost 0, copies at most one a lost answer."""
    faults = (2, 4)
    server = ScriptedServer(lambda at, number: answer if at == step and number in faults else None)
    async with server.running():
        post = Post(server)
        await post.queue(5)
        await post.until_settled()

    ends = [row.status for row in post.store.rows.values()]
    refused = len(faults) if (step, answer) in FINAL else 0
    assert (ends.count(Status.SENT), ends.count(Status.FAILED)) == (5 - refused, refused)
    assert len(server.taken) == 5 - refused
    assert server.received == len(server.taken) + (len(faults) if step == "content" else 0)


@pytest.mark.parametrize(
    ("step", "answer"), [("AUTH", "535 expired"), ("MAIL", "550 who"), ("greeting", "554 go away")]
)
async def test_a_week_without_a_password_loses_nothing(step: str, answer: str) -> None:
    """Whatever is said of us for days is booked on no mail: with the right password all of them go."""
    wrong = [True]
    server = ScriptedServer(lambda at, _: answer if at == step and wrong[0] else None)
    async with server.running():
        post = Post(server)
        await post.queue(3)
        for _ in range(7):
            await post.workers[0].drain()
            post.clock.advance(days=1)
        assert {row.status for row in post.store.rows.values()} == {Status.QUEUED}
        wrong[0] = False
        await post.until_settled()

    assert len(server.taken) == 3


async def test_an_answer_that_never_comes_makes_few_copies() -> None:
    """Whoever takes every mail and never says so gets three in all, 15 minutes and two hours apart."""
    server = ScriptedServer(lambda step, _: "drop" if step == "content" else None)
    async with server.running():
        post = Post(server)
        await post.queue(1)
        await post.until_settled()

    (row,) = post.store.rows.values()
    assert server.received == 1 + len(UNKNOWN_PAUSES) == 3
    assert row.status is Status.FAILED
    assert "not known whether it arrived" in (row.failure or "")
    assert (row.settled_at or row.created_at) >= row.created_at + sum(UNKNOWN_PAUSES, timedelta())


class Slow(FakeCourier):
    """A courier that waits in the middle of a mail."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def deliver(self, notification: Notification) -> None:
        self.begun.set()
        await self.go_on.wait()
        await super().deliver(notification)


async def test_a_stop_finishes_the_mail_in_hand() -> None:
    """A worker that is stopped in the middle of a mail settles it, begins no other, and repeats none."""
    clock, store, courier = FakeClock(), FakeNotifications(), Slow()
    for _ in range(3):
        await store.add(Notification.tell(news(), OLGA, Channel.EMAIL, clock.now()))
    running = asyncio.ensure_future(Deliver(store, courier, clock).run())
    await courier.begun.wait()
    running.cancel()
    await asyncio.sleep(0)
    courier.go_on.set()
    await asyncio.gather(running, return_exceptions=True)

    assert running.cancelled()
    assert len(courier.taken) == 1
    assert sorted(row.status for row in store.rows.values()) == ["queued", "queued", "sent"]


async def test_a_stop_that_cannot_wait_says_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that does not end in time is not sent again at once: it may have arrived."""
    monkeypatch.setattr("chassis.mailing.delivering.FINISH_SECONDS", 0.01)
    clock, store, courier = FakeClock(), FakeNotifications(), Slow()
    await store.add(Notification.tell(news(), OLGA, Channel.EMAIL, clock.now()))
    running = asyncio.ensure_future(Deliver(store, courier, clock).run())
    await courier.begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    (row,) = store.rows.values()
    assert (row.status, row.unknown) == (Status.QUEUED, 1)
    assert row.next_attempt_at == clock.now() + UNKNOWN_PAUSES[0]


class Failing(FakeCourier):
    """A courier that fails as told."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def deliver(self, notification: Notification) -> None:
        self.tried += 1
        raise self.error


async def test_an_unexpected_error_is_an_attempt_of_its_mail() -> None:
    """A mail that cannot be written waits longer each time and ends, as one that is refused for now."""
    clock, store = FakeClock(), FakeNotifications()
    await store.add(Notification.tell(news(), OLGA, Channel.EMAIL, clock.now()))
    deliver = Deliver(store, Failing(KeyError("actor")), clock)
    while next(iter(store.rows.values())).status is Status.QUEUED:
        await deliver.drain()
        clock.advance(minutes=30)

    (row,) = store.rows.values()
    assert (row.status, row.attempts > 10) == (Status.FAILED, True)
    assert row.failure is not None
    assert row.failure.startswith("KeyError")


async def test_one_dependency_that_is_away_delays_no_other_mail() -> None:
    """What fails for want of billing never makes the mail server seem down; what waits for us has two weeks."""
    clock, store = FakeClock(), FakeNotifications()
    for _ in range(9):
        await store.add(Notification.tell(news(), OLGA, Channel.EMAIL, clock.now()))
    deliver = Deliver(store, Failing(Away("billing does not answer", "billing")), clock)
    await deliver.drain()
    await deliver.drain()
    assert not deliver.is_down
    clock.time += AWAY_GIVEN_UP_AFTER - timedelta(minutes=1)
    await deliver.drain()
    assert {row.status for row in store.rows.values()} == {Status.QUEUED}


async def test_a_breaker_asks_less_and_less() -> None:
    """In an hour without an answer it is asked less than once in 50 s; its return is noticed in a minute."""
    clock, asked = FakeClock(), 0

    async def question() -> str:
        nonlocal asked
        asked += 1
        raise NoAnswer

    breaker = Breaker("billing", clock)
    for _ in range(3600):
        with pytest.raises(Away):
            await breaker.ask(question)
        clock.advance(seconds=1)
    assert asked < 72

    async def answer() -> str:
        return "yes"

    clock.advance(minutes=1)
    assert await breaker.ask(answer) == "yes"


async def test_a_failed_mail_can_be_released() -> None:
    """It begins anew, with all its tries; one that was sent or dropped stays what it is."""
    clock = FakeClock()
    mail = Notification.tell(news(), OLGA, Channel.EMAIL, clock.now())
    mail.refused("SMTP 550", clock.now())
    later = clock.advance(days=30)
    mail.release(later)
    assert (mail.status, mail.next_attempt_at, mail.attempts) == (Status.QUEUED, later, 0)
    mail.try_later("SMTP 451", clock.advance(hours=1))
    assert mail.status is Status.QUEUED
    mail.sent(clock.now())
    mail.release(clock.now())
    assert mail.status is Status.SENT


def test_the_kinds_of_later() -> None:
    """Who catches one catches all; each says who was in the way."""
    assert issubclass(OutcomeUnknown, TryLater)
    assert (TryLater("x").dependency, TryLater("x", None).dependency) == ("mail server", None)
