"""Mail: one message, what becomes of it, and files as a way out for the embedded mode's mailbox page.

Headers are built by the standard library's e-mail policy, which refuses line breaks; those with addresses by
`mail_addresses.py`, so that nothing in a name can add a sender or a recipient.
"""

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from chassis.email_addresses import NotAnAddress
from chassis.kernel import NoAnswer
from chassis.mail_addresses import ExactHeader, ExactPolicy, mailbox

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_POLICY = ExactPolicy(linesep="\r\n", raise_on_defect=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """One mail to one person. `message_id` (without brackets) is the same on every attempt: copies can be told.

    `return_path` is where notices of failure go; the sender, where there is none.
    """

    message_id: str
    sender_name: str
    sender: str
    to_name: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: datetime
    language: str = "en"
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()
    return_path: str | None = None


class MailRefused(Exception):
    """The server will never take this message for this recipient, or the address is none."""


class MailServerDown(NoAnswer):
    """Nothing is known against the message; try again later. As such: no connection, a time-out, the server's 4xx."""


class MailPutOff(MailServerDown):
    """The server takes mail, but not for this recipient now: 4xx or 552 at RCPT, 4xx for the content (greylisting)."""


class MailSettingsWrong(MailServerDown):
    """The server refuses us: our account, sender, host name or TLS. No message is to blame, and no wait mends it."""


class MailOutcomeUnknown(MailServerDown):
    """The message went out, and no answer came back: it may have arrived, so every further try may be a copy."""


class Mailer(Protocol):
    """Sends one message; returns when it was taken."""

    async def send(self, message: MailMessage) -> None:
        """Send it.

        Raises:
            MailRefused: never again.
            MailServerDown: later; its kinds say who is to blame, and whether a copy may be there already.
        """
        ...


def compose(message: MailMessage) -> EmailMessage:
    """Return the RFC 5322 message: text and HTML alternatives, then the attachments.

    Raises:
        MailRefused: when an address is none.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["Message-ID"] = f"<{message.message_id}>"
    mail["Date"] = format_datetime(message.sent_at)
    mail["From"] = _address(message.sender_name, message.sender)
    mail["To"] = _address(message.to_name, message.to)
    if message.reply_to:
        mail["Reply-To"] = _address("", message.reply_to)
    mail["Subject"] = _one_line(message.subject)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # Exchange does not read RFC 3834
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        main, _, sub = attachment.content_type.partition("/")
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=_one_line(attachment.name))
    mail["Content-Language"] = message.language
    return mail


def _one_line(text: str) -> str:
    """Return a header's text: no control characters, and no encoded word (RFC 2047), which could decode to some."""
    return _CONTROL.sub(" ", text).replace("=?", "= ?").strip()[:300]


def _address(name: str, address: str) -> ExactHeader:
    try:
        return mailbox(name.replace("=?", "= ?"), address)
    except NotAnAddress:
        raise MailRefused("the address is no e-mail address") from None


class FileMailer:
    """Writes each message into a folder as `.eml`, named by time and id; the same message is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: MailMessage) -> None:
        content = compose(message).as_bytes()
        await asyncio.to_thread(self._write, message, content)

    async def forget(self, is_meant: Callable[[str], bool], ids: Collection[str] = ()) -> int:
        """Delete the messages to addresses that are meant, and those of these mails; return how many they were."""
        return await asyncio.to_thread(self._forget, is_meant, {one.partition("_")[2] for one in ids})

    def _forget(self, is_meant: Callable[[str], bool], ids: Collection[str]) -> int:
        meant = [file for file in self._folder.glob("*.eml") if self._is_of(file, ids) or self._goes_to(file, is_meant)]
        for file in meant:
            file.unlink(missing_ok=True)
        return len(meant)

    @staticmethod
    def _is_of(file: Path, ids: Collection[str]) -> bool:
        return any(part in ids for part in re.split(r"[^0-9a-z]", file.name))

    @staticmethod
    def _goes_to(file: Path, is_meant: Callable[[str], bool]) -> bool:
        try:
            to = BytesHeaderParser(policy=policy.default).parsebytes(file.read_bytes())["To"]
        except FileNotFoundError:
            return False
        return any(is_meant(one.addr_spec) for one in to.addresses)

    def _write(self, message: MailMessage, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9._-]", "_", message.message_id)[:150]
        if any(self._folder.glob(f"*-{name}.eml")):
            return
        final = self._folder / f"{message.sent_at:%Y%m%dT%H%M%S%f}-{name}.eml"
        draft = final.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(final)
