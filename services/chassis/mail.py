"""Mail: one message, and two ways out: SMTP, or files for the embedded mode's mailbox page.

Headers are built by the standard library's e-mail policy, which refuses line breaks; those with addresses by
`mail_addresses.py`, so that nothing in a name can add a sender or a recipient.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

import aiosmtplib
from pydantic import Field, SecretStr

from services.chassis.kernel import NoAnswer
from services.chassis.mail_addresses import ExactHeader, ExactPolicy, NotAnAddress, mailbox, plain_address
from services.chassis.settings import ServiceSettings

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
_POLICY = ExactPolicy(linesep="\r\n", raise_on_defect=False)
SMTP_TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage:
    """One mail to one person. `message_id` (without brackets) is the same on every attempt: copies can be told."""

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


class MailRefused(Exception):
    """The server will never take this message (5xx, or an address that is none)."""


class MailServerDown(NoAnswer):
    """The server cannot take it now (no connection, 4xx, time-out); try again later."""


class Mailer(Protocol):
    """Sends one message; returns when it was taken."""

    async def send(self, message: MailMessage) -> None:
        """Send it.

        Raises:
            MailRefused: never again.
            MailServerDown: later.
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


class SmtpMailer:
    """Sends by SMTP, a connection per message; `starttls` None upgrades where the server offers it."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str | None = None,
        password: str | None = None,
        starttls: bool | None = None,
        timeout: float = SMTP_TIMEOUT,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._starttls = starttls
        self._timeout = timeout

    async def send(self, message: MailMessage) -> None:
        try:
            async with asyncio.timeout(self._timeout * 2):
                await aiosmtplib.send(
                    compose(message).as_bytes(),
                    sender=plain_address(message.sender),
                    recipients=[plain_address(message.to)],
                    hostname=self._host,
                    port=self._port,
                    username=self._username,
                    password=self._password,
                    start_tls=self._starttls,
                    timeout=self._timeout,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            permanent = all(refused.code >= 500 for refused in error.recipients)
            raise (MailRefused if permanent else MailServerDown)("the recipient was refused") from error
        except aiosmtplib.SMTPResponseException as error:
            raise (MailRefused if error.code >= 500 else MailServerDown)(f"SMTP {error.code}") from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MailServerDown(type(error).__name__) from error


class FileMailer:
    """Writes each message into a folder as `.eml`, named by time and id; the same message is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: MailMessage) -> None:
        content = compose(message).as_bytes()
        await asyncio.to_thread(self._write, message, content)

    def _write(self, message: MailMessage, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9._-]", "_", message.message_id)[:150]
        if any(self._folder.glob(f"*-{name}.eml")):
            return
        final = self._folder / f"{message.sent_at:%Y%m%dT%H%M%S%f}-{name}.eml"
        draft = final.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(final)


class MailSettings(ServiceSettings):
    """How a service's mail leaves: by SMTP, or into a folder when `PORTAL_MAIL_FOLDER` is set."""

    mail_folder: Path | None = None
    mail_from: str = "portal@localhost.localdomain"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=25, gt=0, lt=65536)
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool | None = None

    def mailer(self) -> Mailer:
        """Return the way out for mails."""
        if self.mail_folder is not None:
            return FileMailer(self.mail_folder)
        password = self.smtp_password.get_secret_value() if self.smtp_password else None
        return SmtpMailer(
            self.smtp_host, self.smtp_port, username=self.smtp_username, password=password, starttls=self.smtp_starttls
        )
