"""What a mail server's answer means: every code at every step, and what happens when none comes."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from chassis.mail import (
    MailOutcomeUnknown,
    MailPutOff,
    MailRefused,
    MailServerDown,
    MailSettingsWrong,
    compose,
)
from chassis.mail_settings import MailSettings
from chassis.mailing.delivering import CLAIM
from chassis.settings import SettingsError, load_settings
from chassis.smtp import FINAL_SECONDS, WHOLE_SECONDS, SmtpMailer
from tests.support.loop_clock import time_stands_still
from tests.support.scripted_smtp import STEPS, ScriptedServer, always
from tests.unit.chassis.test_mail import MESSAGE

BEFORE = STEPS[:4]
CODES = (421, 432, 450, 451, 452, 454, 455, 500, 501, 502, 503, 504, 530, 534, 535, 538, 550, 551, 552, 553, 554, 571)
ABOUT_US = {500, 502, 503, 504, 530, 534, 535, 538}


def expected(step: str, code: int) -> type[Exception]:
    """Say by the rule, in other words than the code, what an answer means."""
    if code < 500 or (step == "RCPT" and code == 552):
        return MailPutOff if step in ("RCPT", "content") and code != 421 else MailServerDown
    return MailSettingsWrong if step in BEFORE or code in ABOUT_US else MailRefused


async def sent(server: ScriptedServer, **given: object) -> type[Exception] | None:
    """Send one mail and return what it came to: None when it was taken."""
    place = {"username": "portal", "password": "secret", "starttls": False, **given}
    async with server.running():
        try:
            await SmtpMailer("127.0.0.1", server.port, **place).send(MESSAGE)  # pyright: ignore[reportArgumentType]
        except Exception as error:
            return type(error)
    return None


@pytest.mark.parametrize("step", STEPS)
async def test_every_code_at_every_step(step: str) -> None:
    """Final is only what is said of a recipient or a content; whatever is said of us waits, loudly."""
    met = {code: await sent(ScriptedServer(always(step, f"{code} no"))) for code in CODES}

    assert met == {code: expected(step, code) for code in CODES}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("answer", ["drop", "999 what", "hello"])
async def test_no_answer_at_every_step(step: str, answer: str) -> None:
    """A connection that ends, and nonsense: the server is down, and after the content nobody knows."""
    met = await sent(ScriptedServer(always(step, answer)))

    assert met is (MailOutcomeUnknown if step == "content" else MailServerDown)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "content"])
async def test_silence_ends(step: str) -> None:
    """A server that says nothing at a command is down after the command's time."""
    server = ScriptedServer(always(step, "silence"))
    with time_stands_still() as clock:
        task = asyncio.ensure_future(sent(server))
        await clock.until(lambda: step in server.log, step)
        await clock.until(lambda: clock.advance(5) or task.done(), "an end")
        assert await task is MailServerDown


async def test_the_answer_to_the_content_may_take_ten_minutes() -> None:
    """RFC 5321 4.5.3.2.6: a mail that is waited for is no copy; after ten minutes nobody knows."""
    server = ScriptedServer(always("content", "silence"))
    with time_stands_still() as clock:
        task = asyncio.ensure_future(sent(server))
        await clock.until(lambda: server.received, "the content")
        clock.advance(FINAL_SECONDS - 1)
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        clock.advance(2)
        assert await task is MailOutcomeUnknown
    assert timedelta(minutes=10) <= timedelta(seconds=FINAL_SECONDS) < timedelta(seconds=WHOLE_SECONDS) < CLAIM


async def test_a_mail_is_taken_whatever_follows() -> None:
    """After the answer to the content, nothing that the server does makes it another mail."""
    server = ScriptedServer(always("QUIT", "drop"))

    assert await sent(server) is None
    assert len(server.taken) == 1


OF_US = (
    "554 5.7.1 <zoe@client.example>: Relay access denied",
    "454 4.7.1 <zoe@client.example>: Relay access denied",
    "550 relaying not permitted",
    "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
    "450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]",
    "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    "553 5.7.1 <portal@x.example>: Sender address rejected: not owned by user other",
    "450 4.1.8 <portal@x.example>: Sender address rejected: Domain not found",
    "550 5.7.1 <pod-7>: Helo command rejected: need fully-qualified hostname",
    "550 Sender verify failed",
    "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
    "550-5.7.26 This mail has been blocked\r\n550 5.7.26 because the sender is unauthenticated.",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "554 Message rejected: Email address is not verified.",
    "450 4.7.28 unusual rate of unsolicited mail",
    "550 5.7.509 Access denied, sending domain portal.example does not pass DMARC verification",
    "550 5.7.606 Access denied, banned sending IP [192.0.2.1]",
    "550 5.7.705 Access denied, tenant has exceeded threshold",
)
OF_THE_SERVER = (
    "452 4.3.1 Insufficient system storage",
    "451 4.3.0 <zoe@client.example>: Temporary lookup failure",
    "451 4.3.5 Server configuration error",
    "554 5.3.2 System not accepting network messages",
)
OF_THE_MAIL = (
    "550 5.1.1 <zoe@relay.example>: Recipient address rejected: User unknown",
    "550 host relay.client.example said: no such user",
    "550 5.1.1 the relay does not know this user",
    "550 5.3.0 Other mail system problem 550-'Unknown user'",
    "554 5.7.1 Message blocked as spam",
    "550 5.7.510 Access denied, contact recipient domain",
    "552 5.3.4 Message size exceeds fixed limit",
    "550-5.1.1 no\r\n550-5.1.1 such\r\n550 5.1.1 user",
)


@pytest.mark.parametrize("step", ["RCPT", "DATA", "content"])
async def test_whom_an_answer_speaks_of_is_told_by_its_code_and_words(step: str) -> None:
    """Servers judge client, sender and recipient at once: what is said of us or of themselves loses no mail."""
    groups = [(OF_US, MailSettingsWrong), (OF_THE_SERVER, MailServerDown), (OF_THE_MAIL, MailRefused)]
    wanted = {words: kind for group, kind in groups for words in group}
    if step == "RCPT":
        wanted["552 5.3.4 Message size exceeds fixed limit"] = MailPutOff

    assert {words: await sent(ScriptedServer(always(step, words))) for words in wanted} == wanted


@pytest.mark.parametrize(("step", "answer"), [("MAIL", "251 yes"), ("RCPT", "252 yes"), ("content", "200 yes")])
async def test_any_yes_is_one(step: str, answer: str) -> None:
    """RFC 5321 4.3.2: the first digit decides, so that no mail that was taken is sent again."""
    server = ScriptedServer(always(step, answer))

    assert await sent(server) is None
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        *((f"{code} no", MailServerDown) for code in (421, 451, 454)),
        *((f"{code} no", MailSettingsWrong) for code in (501, 502, 530, 554)),
        ("drop", MailServerDown),
    ],
)
async def test_answers_to_starttls(answer: str, kind: type[Exception]) -> None:
    """A server that offers TLS and then has none is down or does not accept us; nothing goes out in clear text."""
    server = ScriptedServer(always("STARTTLS", answer), offers=("STARTTLS", "AUTH PLAIN"))

    assert await sent(server, starttls=None) is kind
    assert not {"AUTH", "MAIL"} & set(server.log)


async def test_a_server_without_what_we_ask_for() -> None:
    """A password for a server without AUTH, and TLS where there is none: settings, not mails."""
    assert await sent(ScriptedServer(offers=())) is MailSettingsWrong
    assert await sent(ScriptedServer(offers=("AUTH PLAIN",)), starttls=True) is MailSettingsWrong


@pytest.mark.parametrize("offers", [("8BITMIME",), ()], ids=["8bit", "7bit"])
async def test_names_arrive_by_smtp_as_they_were_meant(offers: tuple[str, ...]) -> None:
    """However the content is encoded for the server, a long name adds no sender: it goes out as it was composed."""
    name = "Meier, Schmidt und Partner Rechtsanwaltsgesellschaft mbH, Niederlassung Bonn <a@b.example>"
    message = replace(MESSAGE, sender_name=name, to_name=name, text="Grüße")
    server = ScriptedServer(offers=offers)
    async with server.running():
        await SmtpMailer("127.0.0.1", server.port, starttls=False).send(message)

    headers, _, _ = server.taken[0].partition(b"\r\n\r\n")
    composed, _, _ = compose(message).as_bytes().partition(b"\r\n\r\n")
    for header in (b"From:", b"To:"):
        assert _header(headers, header) == _header(composed, header)
        assert _header(headers, header).count(b"@") == 1


def _header(headers: bytes, name: bytes) -> bytes:
    return headers[headers.index(b"\r\n" + name) :].partition(b">")[0]


async def test_dots_arrive_as_they_were() -> None:
    """A line that begins with a dot is no end of the mail (section 4.5.2)."""
    server = ScriptedServer()
    async with server.running():
        text = "a\n.\n.b\n..c\nd"
        message = type(MESSAGE)(**{**{name: getattr(MESSAGE, name) for name in MESSAGE.__slots__}, "text": text})
        await SmtpMailer("127.0.0.1", server.port, starttls=False).send(message)

    assert b"\r\na\r\n..\r\n..b\r\n...c\r\nd\r\n" in server.taken[0]


KEYS = {"gateway_key": SecretStr("k" * 16), "service_key": SecretStr("k" * 16)}
SENDERS = ["Portal <portal@x.example>", "portal@x.example ", " portal@x.example", "portal", "", "a@b@c", "a@x, b@x"]
SENDERS += ["portal@", "@x.example", "<portal@x.example>", "pör@x.example", "a@x.example\n", "a b@x.example"]


@pytest.mark.parametrize("sender", SENDERS)
def test_a_wrong_sender_is_said_at_start(sender: str) -> None:
    """Whatever no server would take as a sender keeps the process from starting, in a sentence."""
    with pytest.raises(SettingsError, match=r"PORTAL_MAIL_FROM: This must be one e-mail address"):
        load_settings(MailSettings, mail_from=sender, **KEYS)


def test_settings_that_contradict_each_other() -> None:
    """Half a log-in and two kinds of TLS are said at start."""
    with pytest.raises(SettingsError, match="belong together"):
        load_settings(MailSettings, smtp_username="portal", **KEYS)
    with pytest.raises(SettingsError, match="belong together"):
        load_settings(MailSettings, smtp_password="secret", **KEYS)
    with pytest.raises(SettingsError, match="from the first byte"):
        load_settings(MailSettings, smtp_tls=True, smtp_starttls=True, **KEYS)


@pytest.mark.parametrize(
    ("given", "at_once"),
    [
        ({}, False),
        ({"smtp_port": 465}, True),
        ({"smtp_port": 465, "smtp_tls": False}, False),
        ({"smtp_tls": True}, True),
    ],
)
async def test_port_465_speaks_tls_at_once(given: dict[str, int], at_once: bool) -> None:
    """RFC 8314: what a server on 465 hears first is a TLS handshake, not silence."""
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not at_once:
            writer.write(b"220 ready\r\n")
        heard.set_result(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    settings = load_settings(MailSettings, **given, **KEYS)
    mailer = settings.mailer()
    assert isinstance(mailer, SmtpMailer)
    mailer._port = server.sockets[0].getsockname()[1]
    with pytest.raises(MailServerDown):
        await mailer.send(MESSAGE)
    assert (await heard == b"\x16") is at_once
    server.close()
