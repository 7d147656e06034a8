"""Whose data a message or a mail holds, told by ids and marks alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from chassis.erasing import Erasure
from chassis.mail import FileMailer, MailMessage
from chassis.mailing.return_path import mark_of

AT = datetime(2026, 3, 2, tzinfo=UTC)
ME = Erasure(
    contact_id="con_1", organisation_id="org_1", customer_id="cus_1", marks=(mark_of("me@client.example"),), at=AT
)


@pytest.mark.parametrize(
    ("event_type", "data", "is_mine"),
    [
        ("identity.contact_updated.v1", {"contactId": "con_1", "name": "Me", "email": "new@client.example"}, True),
        ("identity.email_changed.v1", {"principalId": "con_1", "formerEmail": "old@client.example"}, True),
        ("collaboration.document_forwarded.v1", {"recipientEmail": "ME@client.example"}, True),
        ("collaboration.document_forwarded.v1", {"forwardedBy": "con_1", "recipientEmail": "other@x.example"}, True),
        ("identity.contact_updated.v1", {"contactId": "con_2", "email": "other@client.example"}, False),
        ("identity.contact_erased.v1", {"contactId": "con_1"}, False),
        ("billing.payment_succeeded.v1", {"paidBy": "con_1"}, False),
    ],
)
def test_whose_a_parked_message_is(event_type: str, data: dict[str, Any], *, is_mine: bool) -> None:
    """Facts of the person and whatever went to the address are; what others need and names only the id is not."""
    assert ME.is_about(orjson.dumps({"type": event_type, "data": data})) == is_mine


@pytest.mark.parametrize(
    ("body", "is_mine"),
    [(b'{"data": con_1', True), (b"{", False), (b'{"type": "x", "data": null, "for": "con_1"}', True), (b"[]", False)],
)
def test_what_nobody_can_read_is_judged_by_the_id(body: bytes, *, is_mine: bool) -> None:
    """A message that is no event goes when it names the person."""
    assert ME.is_about(body) == is_mine


async def test_mails_to_the_person_or_that_name_it_leave_the_folder(tmp_path: Path) -> None:
    """Those to a marked address go, whatever its case, and those of given ids; others stay."""
    mailer = FileMailer(tmp_path / "mail")
    for number, to in enumerate(("Me@client.example", "staff@business.example", "you@client.example")):
        await mailer.send(_mail(f"ntf_{number}abc@portal.example", to))
    assert await mailer.forget(ME.means, ["ntf_1abc"]) == 2
    assert [file.name.partition("-")[2] for file in (tmp_path / "mail").iterdir()] == ["ntf_2abc_portal.example.eml"]
    assert await FileMailer(tmp_path / "none").forget(ME.means) == 0


def _mail(message_id: str, to: str) -> MailMessage:
    return MailMessage(
        message_id=message_id,
        sender_name="Nord",
        sender="nord@business.example",
        to_name="Somebody",
        to=to,
        subject="News",
        text="Something happened.",
        html="<p>Something happened.</p>",
        sent_at=AT,
    )
