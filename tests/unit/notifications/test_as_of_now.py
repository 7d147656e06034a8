"""Whom a mail goes to and what it says are decided from what is true when it leaves."""

from dataclasses import replace

import pytest

from chassis.kernel import new_id
from chassis.mail import compose
from chassis.mailing import Away, NoLongerTrue, TryLater
from services.notifications.adapters.mail_courier import MailCourier
from services.notifications.application.ports import Organisation, Standing
from services.notifications.domain.kinds import Channel, Kind
from services.notifications.domain.notification import Notification, Recipient
from tests.support.clock import NOON
from tests.support.notifications.fakes import FakeDirectory, FakeDocuments, FakeFiles, FakeMailer
from tests.support.notifications.makers import CARL, INVOICE, OLGA, ORGANISATION, PEOPLE, news


class Post:
    """A courier over fakes; the directory may say something else than what was true when the mail was queued."""

    def __init__(self, *people: Recipient, organisation: Organisation = ORGANISATION) -> None:
        known = {person.id: person for person in (*PEOPLE, *people)}
        self.mailer, self.documents = FakeMailer(), FakeDocuments()
        directory = FakeDirectory(organisation, [*known.values()], {})
        place = {"sender": "portal@our.example", "portal_url": "https://portal.example"}
        self.courier = MailCourier(self.mailer, FakeFiles(), directory, documents=self.documents, **place)

    async def send(self, recipient: Recipient = CARL, kind: Kind = Kind.DOCUMENT_SENT) -> None:
        await self.courier.deliver(Notification.tell(news(kind), recipient, Channel.EMAIL, NOON))


async def test_who_moved_is_written_to_at_the_new_address() -> None:
    """The address, the name and the access are those of now."""
    post = Post(replace(CARL, email="carl@new.example", name="Carl New", has_access=False))
    await post.send()

    (mail,) = post.mailer.sent
    assert (mail.to, mail.to_name) == ("carl@new.example", "Carl New")
    assert "https://portal.example" not in mail.text


@pytest.mark.parametrize("person", [CARL, OLGA])
async def test_who_was_shut_out_is_written_to_no_more(person: Recipient) -> None:
    """A contact or a member of staff without access any more gets nothing that was queued before."""
    post = Post(replace(person, shut_out=True, has_access=False))
    with pytest.raises(NoLongerTrue):
        await post.send(person, Kind.PAYMENT_RECEIVED)
    assert post.mailer.sent == []


async def test_no_reminder_for_what_was_paid() -> None:
    """A reminder asks billing when it leaves: nothing outstanding, nothing sent; a part paid is not asked for."""
    post = Post()
    post.documents.known[INVOICE] = Standing(is_settled=True, balance="0.00")
    with pytest.raises(NoLongerTrue):
        await post.send(kind=Kind.INVOICE_OVERDUE)
    post.documents.known[INVOICE] = Standing(balance="12.34")
    await post.send(kind=Kind.INVOICE_OVERDUE)

    (mail,) = post.mailer.sent
    assert "12.34" in mail.text
    assert "200" not in mail.text


@pytest.mark.parametrize("kind", [Kind.DOCUMENT_SENT, Kind.INVOICE_OVERDUE])
async def test_a_voided_invoice_is_not_sent(kind: Kind) -> None:
    """What was taken back before its mail left is told to nobody."""
    post = Post()
    post.documents.known[INVOICE] = Standing(is_void=True, is_settled=True)
    with pytest.raises(NoLongerTrue):
        await post.send(kind=kind)


async def test_billing_that_is_away_is_a_dependency_of_its_own() -> None:
    """A mail that needs its word waits for it; one that does not goes."""
    post = Post()
    post.documents.down = True
    with pytest.raises(TryLater) as met:
        await post.send(kind=Kind.INVOICE_OVERDUE)
    assert met.value.dependency == "billing"
    await post.send(kind=Kind.REPLY_ADDED)
    assert len(post.mailer.sent) == 1


async def test_a_mail_server_that_refuses_us_is_nobody_s_fault() -> None:
    """What the mailer says of the server is told as somebody who is away."""
    post = Post()
    post.mailer.down = True
    with pytest.raises(Away):
        await post.send()


@pytest.mark.parametrize("email", ["hello@northwind.example", None])
@pytest.mark.parametrize("kind", [Kind.DOCUMENT_SENT, Kind.REPLY_ADDED, Kind.PAYMENT_RECEIVED, Kind.INVOICE_OVERDUE])
async def test_every_mail_to_a_client_can_be_answered(kind: Kind, email: str | None) -> None:
    """Answers go to the organisation, or to its first owner where it names no address."""
    post = Post(organisation=Organisation(name="Northwind", slug="northwind", email=email))
    await post.send(kind=kind)
    mail = compose(post.mailer.sent[0])
    assert mail["Reply-To"] == (email or OLGA.email)


async def test_who_forwards_outside_is_answered() -> None:
    """Outsiders answer whoever forwarded; where that is nobody we know, the organisation."""
    post = Post()
    stranger = Recipient(id=new_id("fwd"), audience="outside", name="Sam", email="sam@x.example")  # pyright: ignore
    for actor in (CARL.id, new_id("con"), None):
        mail = Notification.tell(news(Kind.DOCUMENT_FORWARDED, actor_id=actor), stranger, Channel.EMAIL, NOON)
        await post.courier.deliver(mail)
    assert [mail.reply_to for mail in post.mailer.sent] == [CARL.email, ORGANISATION.email, ORGANISATION.email]


async def test_staff_are_told_why_they_get_a_mail_and_clients_why_they_do() -> None:
    """A member of staff uses nobody's client portal."""
    post = Post()
    await post.send(OLGA, Kind.PAYMENT_RECEIVED)
    await post.send(CARL, Kind.PAYMENT_RECEIVED)
    staff, client = post.mailer.sent
    assert "client portal" in client.text
    assert "client portal" not in staff.text
    assert "you work with Northwind Studio" in staff.text


async def test_no_link_leads_nowhere() -> None:
    """Of an organisation without a portal there is no link `//invoices/…`."""
    post = Post(organisation=Organisation(name="Northwind", email="a@b.example"))
    await post.send()
    assert "portal.example" not in post.mailer.sent[0].text
