"""Mails whose headers cannot be forged, by files and by SMTP."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from chassis.mail import Attachment, FileMailer, MailMessage, MailRefused, MailServerDown, compose
from chassis.smtp import SmtpMailer
from portal_cli.ports import free_ports
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


def header(raw: bytes, name: str) -> str:
    """Return a header unfolded (RFC 5322 §2.2.3) and otherwise as it stands in the message."""
    text = raw.split(b"\r\n\r\n", 1)[0].decode("ascii").replace("\r\n ", " ")
    return next(line for line in text.split("\r\n") if line.startswith(f"{name}: ")).removeprefix(f"{name}: ")


def by_grammar(value: str) -> list[str]:
    """Return the addresses of a header by a small parser of RFC 5322: quotes and comments are skipped, commas split."""
    kept, quoted, depth, skip = "", False, 0, False
    for character in value:
        if skip:
            skip = False
        elif character == "\\" and (quoted or depth):
            skip = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif not quoted and character in "()":
            depth += 1 if character == "(" else -1
        elif not quoted and not depth:
            kept += character
    mailboxes = [part.strip() for part in kept.split(",")]
    return [part[part.rindex("<") + 1 : -1] if part.endswith(">") else part for part in mailboxes]


NAMES = [
    "Meier, Schmidt und Partner Rechtsanwaltsgesellschaft mbH, Niederlassung Bonn",
    "Meier, Schmidt <a@b.example>, und Partner Rechtsanwaltsgesellschaft mbH, Niederlassung Bonn am Rhein",
    '"' * 90, "a\\" * 60, "(" * 80, "x@evil.example, " * 30, "<x@evil.example>; " * 25, "group: x@evil.example;",
    "ä, " * 120, "\u202e" + "𝔐, " * 100, "=?utf-8?q?x=40evil.example=2C?= " * 12, "a" * 500, ",", "@", '"', "\\", ".",
    "", " ", "\0\r\nBcc: x@evil.example, " * 20, "\ud800, x@evil.example", "a  b", "Ada Sommer",
]  # fmt: skip


def generated() -> list[str]:
    """Return names of 1 to 500 of the characters that mean something in headers, always the same ones."""
    chosen = random.Random(34)
    alphabet = ["a", "B", " ", ",", '"', "\\", "<", ">", "@", "(", ")", ":", ";", ".", "=?", "?=", "ü", "𝔐", "[", "]"]
    lengths = [1, 2, 3, 10, 40, 60, 61, 70, 77, 78, 79, 80, 150, 300, 500]
    return ["".join(chosen.choices(alphabet, k=length))[:500] for length in lengths for _ in range(20)]


@pytest.mark.parametrize("names", [NAMES, generated()], ids=["known", "generated"])
def test_a_mail_has_exactly_the_addresses_that_were_meant(names: list[str]) -> None:
    """Three parsers read one sender and one recipient, whatever stands in their names and however long they are."""
    for name in names:
        raw = compose(replace(MESSAGE, sender_name=name, to_name=name)).as_bytes()
        for field, meant in (("From", "portal@acme.example"), ("To", "zoe@client.example")):
            value = header(raw, field)
            assert [each.addr_spec for each in read(raw)[field].addresses] == [meant], name
            assert [address for _, address in getaddresses([value])] == [meant], name
            assert by_grammar(value) == [meant], name
        assert max(map(len, raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n"))) <= 78


def test_a_name_is_read_as_it_was_written() -> None:
    """Commas, quotes and letters of any script come through, over the bounds of encoded words."""
    for name in ("Acme, Inc.", 'Zoé "Z" Müller', "𝔐" * 40, "Ada Sommer", "a" * 200):
        value = header(compose(replace(MESSAGE, to_name=name)).as_bytes(), "To")
        assert str(make_header(decode_header(parseaddr(value)[0]))) == name


def test_the_domain_goes_out_in_ascii() -> None:
    """A mail to an international domain has the form that every server takes."""
    raw = compose(replace(MESSAGE, to="info@MÜLLER-straße.example")).as_bytes()
    assert header(raw, "To").endswith("<info@xn--mller-strae-46a18a.example>")


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
