"""What comes back is booked on its mail, staff are told, and its address is not tried again until it is released."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from chassis.mailing.return_path import ReturnPaths, mark_of
from services.notifications.application.commands.book_bounce import BookBounce, BookBounceHandler, Booked
from services.notifications.application.fates import MailState, state_of, why
from services.notifications.domain.events import NotificationFailed
from services.notifications.domain.kinds import Audience, Channel, Kind
from services.notifications.domain.notification import News, Notification, Recipient, Status
from tests.support.clock import NOON, FakeClock
from tests.support.notifications.fakes import FakeNotifications
from tests.unit.chassis.test_bounces import group, notice

ADDRESS = "bo@client.example"
PATHS = ReturnPaths("bounces@portal.example", ["a secret of tests"])


@dataclass
class FakeSuppressed:
    """Implements `Suppressed`."""

    marks: dict[str, str] = field(default_factory=dict[str, str])

    async def why(self, organisation_id: str, address: str) -> str | None:
        return self.marks.get(f"{organisation_id}/{mark_of(address)}")

    async def put(self, organisation_id: str, mark: str, mail_id: str, reason: str, at: datetime) -> None:
        self.marks[f"{organisation_id}/{mark}"] = reason

    async def lift(self, organisation_id: str, address: str) -> None:
        self.marks.pop(f"{organisation_id}/{mark_of(address)}", None)


class Office:
    """One mail that was sent, and what books what comes back."""

    def __init__(self) -> None:
        self.mails, self.suppressed = FakeNotifications(), FakeSuppressed()
        self.book = BookBounceHandler(self.mails, self.suppressed, PATHS, FakeClock())
        news = News(
            event_id="inv_1-2",
            organisation_id="org_1",
            kind=Kind.DOCUMENT_SENT,
            customer_id="cus_1",
            document_id="inv_1",
            document_type="invoice",
        )
        bo = Recipient(id="con_1", audience=Audience.CLIENT, name="Bo", email=ADDRESS)
        mail = Notification.tell(news, bo, Channel.EMAIL, NOON)
        mail.sent(NOON)
        mail.forget_recorded()
        self.id = mail.id
        self.mails.rows[mail.id] = mail

    @property
    def mail(self) -> Notification:
        return self.mails.rows[self.id]

    async def comes_back(self, *groups: str, path: str = "") -> Booked:
        return await self.book(BookBounce(content=notice(*groups), envelope_to=path or PATHS.of(self.id, ADDRESS)))


@pytest.fixture
def office() -> Office:
    return Office()


async def test_a_hard_bounce_is_booked_once_and_suppresses_the_address(office: Office) -> None:
    """The mail has bounced, one event says so, and the same notice again changes nothing."""
    for _ in range(2):
        assert await office.comes_back(group("failed", "5.1.1")) is Booked.SUPPRESSED
    assert (office.mail.status, state_of(office.mail)) == (Status.SENT, MailState.BOUNCED)
    assert why(office.mail) == "The mail was taken and came back: 5.1.1 550 No such user"
    assert [type(event) for event in office.mails.events] == [NotificationFailed]
    assert await office.suppressed.why("org_1", ADDRESS.upper()) == "5.1.1 550 No such user"
    assert await office.suppressed.why("org_1", "new@client.example") is None
    assert await office.suppressed.why("org_2", ADDRESS) is None


async def test_a_full_mailbox_came_back_and_a_delay_ends_nothing(office: Office) -> None:
    """Neither suppresses the address."""
    assert await office.comes_back(group("delayed", "4.4.1")) is Booked.NOTHING
    assert (state_of(office.mail), why(office.mail)) == (MailState.SENT, None)
    assert await office.comes_back(group("failed", "5.2.2")) is Booked.BOUNCED
    assert (state_of(office.mail), office.suppressed.marks) == (MailState.BOUNCED, {})


async def test_what_names_no_mail_of_ours_is_not_booked(office: Office) -> None:
    """A forged path, a mail that is not there, and what is no notice."""
    forged = ReturnPaths("bounces@portal.example", ["another secret here"]).of(office.id, ADDRESS)
    unsigned = notice(group("failed", "5.1.1")).replace(b"bounces+", b"")
    gone = PATHS.of("ntf_01kkbswhg0ennwk0z1wd58337v", ADDRESS)
    assert await office.book(BookBounce(content=unsigned, envelope_to=forged)) is Booked.NOT_OURS
    assert await office.comes_back(group("failed", "5.1.1"), path=gone) is Booked.NOT_OURS
    away = BookBounce(content=b"Subject: away\r\n\r\n", envelope_to=PATHS.of(office.id, ADDRESS))
    assert await office.book(away) is Booked.NO_REPORT
    assert (state_of(office.mail), office.suppressed.marks) == (MailState.SENT, {})


async def test_a_released_mail_begins_anew(office: Office) -> None:
    """It waits again, and a later success is one."""
    await office.comes_back(group("failed", "5.1.1"))
    office.mail.release(NOON)
    assert (state_of(office.mail), office.mail.attempts) == (MailState.QUEUED, 0)
    office.mail.sent(NOON)
    assert (state_of(office.mail), why(office.mail)) == (MailState.SENT, None)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("SMTP 550", "The recipient's mail server refused the mail (SMTP 550)."),
        ("the address is no e-mail address", "The address is no e-mail address."),
        ("the recipient has no access any more", "The recipient does not have access any more."),
    ],
)
def test_why_a_mail_failed_is_told_in_a_sentence(office: Office, reason: str, said: str) -> None:
    """What the mail server answered, in plain words."""
    office.mail.status = Status.QUEUED
    office.mail.refused(reason, NOON)
    assert why(office.mail) == said
