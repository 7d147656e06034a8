"""Mails whose headers cannot be forged, by files and by SMTP."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal_cli.ports import free_ports
from services.chassis.mail import Attachment, FileMailer, MailMessage, MailRefused, MailServerDown, compose
from services.chassis.smtp import SmtpMailer
from tests.support.waiting import LIMIT

MESSAGE = MailMessage(
    message_id="ntf_1@portal.example",
    sender_name="Acme, Inc.",
    sender="portal@acme.example",
    to_name="Zoé",
    to="zoe@client.example",
    subject="Invoice INV-1",
    text="Hello",
    html="<p>Hello</p>",
    sent_at=datetime(2026, 3, 1, tzinfo=UTC),
    attachments=(Attachment("INV-1.pdf", "application/pdf", b"%PDF-1.7"),),
)
NASTY = ["a\r\nBcc: x@evil.example", "a\nTo: x@evil.example", "a, x@evil.example", "<x@evil.example>", "\0\u2028"]
NASTY += ["=?utf-8?q?=0ABcc:_x@evil.example?=", "==??utf-8?q?=0D=0ABcc:_x@evil.example?=", "=\0?utf-8?b?CkJjYzogeEB5?="]


def read(raw: bytes) -> Any:
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize("text", NASTY)
def test_no_text_adds_a_recipient_or_a_header(text: str) -> None:
    """Line breaks, commas and brackets in names, subjects and file names stay text."""
    nasty = replace(MESSAGE, to_name=text, sender_name=text, subject=text, attachments=(Attachment(text, "a/b", b""),))
    mail = read(compose(nasty).as_bytes())
    assert [address.addr_spec for address in mail["To"].addresses] == ["zoe@client.example"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["portal@acme.example"]
    assert mail["Bcc"] is None
    assert mail["Content-Language"] == "en"


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "x\r\n@y", "a@b, c@d", "<a@b>", "a b@c"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """Nothing is sent to what is no address."""
    with pytest.raises(MailRefused):
        compose(replace(MESSAGE, to=address))


async def test_a_mail_is_written_once(tmp_path: Path) -> None:
    """The same message, sent twice, is one readable file with text, HTML and attachment."""
    mailer = FileMailer(tmp_path)
    await mailer.send(MESSAGE)
    await mailer.send(MESSAGE)
    (file,) = tmp_path.iterdir()
    mail = read(file.read_bytes())
    assert (mail["Message-ID"], mail["Subject"]) == ("<ntf_1@portal.example>", "Invoice INV-1")
    assert mail.get_body(("plain",)).get_content().strip() == "Hello"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["INV-1.pdf"]


class Server:
    """An SMTP server that answers as told."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.received: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer == "hang":
            await asyncio.sleep(5)
        if self.answer.startswith("2"):
            self.received.append(envelope.content)
        return self.answer


async def send_to(answer: str) -> Server:
    server = Server(answer)
    controller = Controller(server, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    try:
        patience = 0.5 if answer == "hang" else LIMIT
        await SmtpMailer("127.0.0.1", controller.port, timeout=patience).send(MESSAGE)
    finally:
        controller.stop()
    return server


async def test_a_mail_goes_out_by_smtp() -> None:
    """The server gets the whole message."""
    server = await send_to("250 OK")
    assert read(server.received[0])["Subject"] == "Invoice INV-1"


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 later", MailServerDown), ("550 never", MailRefused), ("hang", MailServerDown)],
)
async def test_a_servers_no_is_told_apart(answer: str, error: type[Exception]) -> None:
    """4xx and a hang mean later, 5xx means never."""
    with pytest.raises(error):
        await send_to(answer)


async def test_a_closed_port_means_later() -> None:
    """No server is no reason to give up a mail."""
    with pytest.raises(MailServerDown):
        await SmtpMailer("127.0.0.1", 1).send(MESSAGE)
