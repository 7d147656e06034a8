"""Mail by SMTP, one connection a message, and what each answer means (RFC 5321).

Door: `SmtpMailer`. Only an answer about the recipient or the content is booked on the message: 5xx at RCPT (but 552,
which means "too many", section 4.5.3.1.10), at DATA or after it. What speaks of us (greeting, STARTTLS, AUTH, MAIL, and
what `smtp_answers.py` knows by its code or words, at any step) is `MailSettingsWrong`.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import StrEnum

import aiosmtplib

from chassis.email_addresses import plain_address
from chassis.mail import (
    MailMessage,
    MailOutcomeUnknown,
    MailPutOff,
    MailRefused,
    MailServerDown,
    MailSettingsWrong,
    compose,
)
from chassis.mail_addresses import ExactPolicy
from chassis.smtp_answers import speaks_of_the_server, speaks_of_us

COMMAND_SECONDS = 60.0
FINAL_SECONDS = 600.0
"""How long the answer to the whole content may take (section 4.5.3.2.6): whoever asks again sends a copy."""
WHOLE_SECONDS = FINAL_SECONDS + 240.0
"""How long one message may take from connecting to its answer."""
QUIT_SECONDS = 5.0

_NO_SUCH_COMMAND = frozenset({500, 502, 504})
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LEADING_DOT = re.compile(rb"(?m)^\.")


Flatten = Callable[[str], bytes]
"""Returns the message as bytes, by the transfer encoding that the server takes. Addresses are ASCII."""


class Step(StrEnum):
    """How far a message has come."""

    CONNECT = "connecting"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    CONTENT = "the content"


class SmtpMailer:
    """Implements `Mailer`.

    `starttls` None upgrades where the server offers it; `implicit_tls` speaks TLS from the first byte (port 465).
    `timeout` is for connecting and each command, `final_timeout` for the answer to the content, in seconds.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str | None = None,
        password: str | None = None,
        starttls: bool | None = None,
        implicit_tls: bool = False,
        timeout: float = COMMAND_SECONDS,
        final_timeout: float = FINAL_SECONDS,
    ) -> None:
        self._host, self._port = host, port
        self._account = (username, password or "") if username else None
        self._starttls = False if implicit_tls else starttls
        self._implicit_tls = implicit_tls
        self._timeout = timeout
        self._final_timeout = final_timeout

    async def send(self, message: MailMessage) -> None:
        mail = compose(message)
        client = aiosmtplib.SMTP(
            hostname=self._host, port=self._port, use_tls=self._implicit_tls, start_tls=False, timeout=self._timeout
        )
        sender = plain_address(message.return_path or message.sender, within=True)
        dialog = _Dialog(client, sender, plain_address(message.to, within=True), self._final_timeout)
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                await dialog.connect(self._account, self._starttls)
                await dialog.run(lambda cte: mail.as_bytes(policy=ExactPolicy(linesep="\r\n", cte_type=cte)))
        except aiosmtplib.SMTPResponseException as error:
            raise judged(dialog.step, error.code, str(error.message)) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise _broken(dialog.step, error) from error
        finally:
            client.close()


class _Dialog:
    """One message over one connection; `step` says how far it has come."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str, to: str, final_timeout: float) -> None:
        self._client = client
        self._sender = sender
        self._to = to
        self._final_timeout = final_timeout
        self.step = Step.CONNECT

    async def connect(self, account: tuple[str, str] | None, starttls: bool | None) -> None:
        """Connect, upgrade to TLS, and log in where there is an account."""
        await self._client.connect()
        await self._greet()
        if starttls or (starttls is None and self._client.supports_extension("starttls")):
            await self._client.starttls()
            await self._greet()
        if account is not None:
            await self._client.login(*account)

    async def run(self, flatten: Flatten) -> None:
        """Hand the message over; return when it was taken."""
        eight = self._client.supports_extension("8bitmime")
        content = _LINE_END.sub(b"\r\n", flatten("8bit" if eight else "7bit"))
        await self._envelope(len(content), eight=eight)
        await self._content(content)
        await self._leave()

    async def _greet(self) -> None:
        """Say who we are; to a server that knows no EHLO, by HELO (section 3.2)."""
        try:
            await self._client.ehlo()
        except aiosmtplib.SMTPHeloError as error:
            if error.code not in _NO_SUCH_COMMAND:
                raise
            await self._client.helo()

    async def _envelope(self, size: int, *, eight: bool) -> None:
        options = [f"size={size}"] if self._client.supports_extension("size") else []
        options += ["BODY=8BITMIME"] if eight else []
        options += ["RET=HDRS"] if self._client.supports_extension("dsn") else []  # no invoice comes back with a notice
        self.step = Step.MAIL
        with _any_success():
            await self._client.mail(self._sender, options=options)
        self.step = Step.RCPT
        with _any_success():
            await self._client.rcpt(self._to)

    async def _content(self, content: bytes) -> None:
        self.step = Step.DATA
        start = await self._client.execute_command(b"DATA")
        if start.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(start.code, start.message)
        protocol = self._client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        end = b"" if content.endswith(b"\r\n") else b"\r\n"
        protocol.write(_LEADING_DOT.sub(b"..", content) + end + b".\r\n")
        self.step = Step.CONTENT
        answer = await protocol.read_response(timeout=self._final_timeout)
        if not _is_success(answer.code):
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)

    async def _leave(self) -> None:
        """Say goodbye. The message was taken, whatever happens now."""
        try:
            await self._client.quit(timeout=QUIT_SECONDS)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return


def _is_success(code: int) -> bool:
    """Say what the first digit says: a client need not know the others (RFC 5321, section 4.3.2)."""
    return 200 <= code <= 299


@contextmanager
def _any_success() -> Generator[None]:
    """Run a command of aiosmtplib, which knows few of the codes that mean yes."""
    try:
        yield
    except aiosmtplib.SMTPResponseException as error:
        if not _is_success(error.code):
            raise


def judged(step: Step, code: int, text: str = "") -> Exception:
    """Return what an answer that is no success means at this step."""
    if not 400 <= code <= 599:
        unknown = step is Step.CONTENT
        return (MailOutcomeUnknown if unknown else MailServerDown)(f"no SMTP answer at {step}")
    of_this_mail = step in (Step.RCPT, Step.DATA, Step.CONTENT)
    if of_this_mail and speaks_of_the_server(code, text):
        return MailServerDown(f"SMTP {code} at {step}")
    if (code >= 500 and not of_this_mail) or (of_this_mail and speaks_of_us(code, text)):
        return MailSettingsWrong(
            f"SMTP {code} at {step}: the mail server does not accept us; see PORTAL_SMTP_… and MAIL_FROM"
        )
    if code < 500 or (step is Step.RCPT and code == 552):
        return (MailPutOff if step in (Step.RCPT, Step.CONTENT) else MailServerDown)(f"SMTP {code}")
    return MailRefused(f"SMTP {code}")


def _broken(step: Step, error: Exception) -> MailServerDown:
    """Return what it means that no answer came."""
    if step is Step.CONTENT:
        return MailOutcomeUnknown(f"{type(error).__name__} after the content")
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return MailSettingsWrong("TLS with the mail server fails; see PORTAL_SMTP_STARTTLS and PORTAL_SMTP_TLS")
    answered = not isinstance(error, OSError | TimeoutError)
    if answered and step is Step.CONNECT:
        return MailSettingsWrong(f"{error}; see PORTAL_SMTP_USERNAME, PORTAL_SMTP_STARTTLS and PORTAL_SMTP_TLS")
    return MailServerDown(type(error).__name__)
