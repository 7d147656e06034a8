"""Links, hashes and letters."""

import asyncio
import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from chassis.kernel import new_id
from chassis.mail import MailMessage, compose
from chassis.mail_layout.words import WORDS
from services.identity.adapters.links import HmacLinkTokens
from services.identity.adapters.mails.letters import TemplateMails
from services.identity.adapters.mails.sentences import SENTENCES, VALID_UNTIL, Kind, language_of
from services.identity.adapters.passwords import Argon2Passwords, argon2id
from services.identity.application.ports import Letter, Link, LinkKind
from services.identity.domain.errors import TooBusy
from tests.support.waiting import LIMIT, eventually

LINK = Link(LinkKind.RESET, new_id("org"), new_id("rst"), 1)
LETTER = Letter(
    reference="con_1-2",
    to="jona@krause.example",
    to_name="Jona Krause",
    language="de",
    organisation_name="Nordlicht GmbH",
    portal_name="Nordlicht Portal",
    slug="nordlicht",
    token="the.token-1",
    expires_at=datetime(2026, 3, 24, 12, tzinfo=UTC),
    written_at=datetime(2026, 3, 10, 12, tzinfo=UTC),
)


class Sent(list[MailMessage]):
    """A mailer that keeps what it was given."""

    async def send(self, message: MailMessage) -> None:
        self.append(message)


def test_a_token_is_made_again_and_read_back() -> None:
    """The same link always has the same token, and only the kind it was made for reads it."""
    links = HmacLinkTokens([b"secret"])
    token = links.issue(LINK)
    assert token == HmacLinkTokens([b"secret"]).issue(LINK)
    assert links.read(token, LinkKind.RESET) == LINK
    assert links.read(token, LinkKind.CONTACT_INVITE, LinkKind.STAFF_INVITE, LinkKind.REFRESH) is None
    assert HmacLinkTokens([b"other"]).read(token, LinkKind.RESET) is None


def test_no_part_of_a_token_can_be_changed() -> None:
    """Another organisation, person, generation or kind needs another mac."""
    links = HmacLinkTokens([b"secret"])
    token = links.issue(LINK)
    body, mac = token.split(".")
    for other in (
        replace(LINK, organisation_id=new_id("org")),
        replace(LINK, id=new_id("rst")),
        replace(LINK, generation=2),
    ):
        assert links.read(f"{links.issue(other).split('.')[0]}.{mac}", LinkKind.RESET) is None
    for forged in (body, f"{body}.", f"{token}=", token.swapcase(), f" {token}", f"{token}\n", "é" * 120, ""):
        assert links.read(forged, LinkKind.RESET) is None


async def test_hashes_are_argon2id_as_owasp_advises() -> None:
    """19 MiB, two passes, one lane; a hash of another cost is outdated."""
    passwords = Argon2Passwords(argon2id())
    stored = await passwords.hash("violet-teapot-42")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify(stored, "violet-teapot-42")
    assert not await passwords.verify(stored, "violet-teapot-43")
    assert not passwords.is_outdated(stored)
    assert Argon2Passwords(argon2id(memory_kib=8, passes=1)).is_outdated(stored)
    passwords.close()


async def test_hashing_leaves_the_event_loop_alone() -> None:
    """While a hash is computed, the loop goes on: it is the loop that lets this one end."""
    begun, may_end = threading.Event(), threading.Event()

    class Held(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library names it
            begun.set()
            assert may_end.wait(LIMIT), "the loop stood still"
            return super().verify(hash, password)

    passwords = Argon2Passwords(Held(time_cost=1, memory_cost=8, parallelism=1))
    verifying = asyncio.create_task(passwords.verify(await passwords.hash("violet-teapot-42"), "violet-teapot-42"))
    await eventually(begun.is_set, "the hash")
    may_end.set()
    assert await verifying
    passwords.close()


async def test_nobodys_password_costs_the_same_and_is_never_right() -> None:
    """Without a hash, one of the same cost is computed and the answer is no; a stored text that is no hash is wrong."""
    computed: list[str] = []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library names it
            computed.append(str(hash))
            return super().verify(hash, password)

    passwords = Argon2Passwords(Noting(time_cost=1, memory_cost=8, parallelism=1))
    stored = await passwords.hash("violet-teapot-42")
    assert not await passwords.verify(stored, "wrong")
    assert not await passwords.verify(None, "wrong")
    known, nobody = computed
    assert nobody != known == stored
    assert extract_parameters(nobody) == extract_parameters(known)
    assert not await passwords.verify("no hash at all", "wrong")
    passwords.close()


async def test_too_many_at_once_are_told_to_come_back() -> None:
    """The queue for hashing is bounded."""
    passwords = Argon2Passwords(argon2id(memory_kib=8, passes=1), threads=1, waiting=2)
    results = await asyncio.gather(*(passwords.hash("x") for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(result, TooBusy) for result in results) == 7
    assert await passwords.hash("x")
    passwords.close()


async def test_whoever_asks_for_many_waits_for_many() -> None:
    """A lane with sixty waiting delays another lane by one; beyond its share a lane is told to come back."""
    passwords = Argon2Passwords(argon2id(memory_kib=8, passes=1), threads=1, per_lane=60)
    done: list[str] = []

    async def hashed(lane: str) -> None:
        await passwords.hash("x", lane=lane)
        done.append(lane)

    many = [asyncio.create_task(hashed("many")) for _ in range(70)]
    await asyncio.sleep(0)
    await asyncio.gather(hashed("one"), *many, return_exceptions=True)
    assert done.index("one") <= 2
    assert [type(task.exception()) for task in many].count(TooBusy) == 9
    passwords.close()


async def test_who_is_known_never_waits_behind_strangers_of_many_addresses() -> None:
    """Strangers who fill their queue from many addresses delay who is known by one turn, and shut none out."""
    passwords = Argon2Passwords(argon2id(memory_kib=8, passes=1), threads=1, waiting=50)
    done: list[str] = []

    async def hashed(lane: str, known: bool) -> None:
        await passwords.hash("x", lane=lane, known=known)
        done.append(lane)

    many = [asyncio.create_task(hashed(f"198.51.100.{number}", known=False)) for number in range(200)]
    await asyncio.sleep(0)
    await asyncio.gather(*(hashed(f"known {number}", known=True) for number in range(3)))
    assert [lane for lane in done if lane.startswith("known")] == ["known 0", "known 1", "known 2"]
    assert len(done) <= 6
    results = await asyncio.gather(*many, return_exceptions=True)
    assert [type(result) for result in results].count(TooBusy) == 149
    passwords.close()


async def test_strangers_have_so_many_places_and_who_is_known_always_has_one() -> None:
    """A stranger too many is sent away, of one address earlier than of many; whoever leaves makes room."""
    passwords = Argon2Passwords(argon2id(memory_kib=8, passes=1), places=2, per_lane=1)

    def enter(lane: str, *, known: bool = False) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(passwords.place(lane, known=known))
        return stack

    for _ in range(2):
        with enter("a"):
            with pytest.raises(TooBusy):
                enter("a")
            with enter("b"), enter("c", known=True), pytest.raises(TooBusy):
                enter("c")
    passwords.close()


async def test_who_leaves_the_queue_leaves_no_gap() -> None:
    """Cancelled waiters, with or without their turn, take no place from those behind them."""
    passwords = Argon2Passwords(argon2id(memory_kib=8, passes=1), threads=1, waiting=20)
    tasks = [asyncio.create_task(passwords.hash("x", lane=str(number % 3))) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(result, str) for result in results) == 10
    assert len(await asyncio.gather(*(passwords.hash("x") for _ in range(20)))) == 20
    passwords.close()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
async def test_every_letter_is_written_in_every_language(language: str) -> None:
    """Each mail has subject, text and HTML, with the link of the configured portal in both, and nothing left open."""
    sent = Sent()
    mails = TemplateMails(sent, "https://portal.example/", "no-reply@portal.example")
    letter = replace(LETTER, language=f"{language}-XX")
    await mails.invite_contact(letter)
    await mails.invite_staff(replace(letter, slug=None, portal_name=None))
    await mails.reset_password(letter)
    await mails.password_changed(replace(letter, token=None, expires_at=None))
    await mails.email_changed(replace(letter, token=None, expires_at=None))
    for is_on in (True, False):
        await mails.second_factor_changed(replace(letter, token=None, expires_at=None), is_on=is_on)
    assert [mail.language for mail in sent] == [language] * 7
    assert len({mail.message_id for mail in sent}) == 7
    paths = ("/nordlicht/accept-invite", "/staff/accept-invite", "/nordlicht/reset-password")
    for mail, path in zip(sent[:3], paths, strict=True):
        for body in (mail.text, mail.html):
            assert f"https://portal.example{path}#token=the.token-1" in body
    for mail in sent:
        assert "{" not in mail.subject + mail.text + mail.html
        assert "Jona Krause" in mail.text
        compose(mail)
    assert "http" not in "".join(mail.text for mail in sent[3:])


def test_languages_are_complete() -> None:
    """Every language has every mail and the layout's words; unknown languages read English."""
    assert set(VALID_UNTIL) == set(SENTENCES) == set(WORDS)
    assert {frozenset(mails) for mails in SENTENCES.values()} == {frozenset(Kind)}
    assert [language_of(tag) for tag in ("de-AT", "pt-BR", "", "EN-gb")] == ["de", "en", "en", "en"]


@pytest.mark.parametrize(
    ("language", "zone", "locale", "until"),
    [
        ("en", "Europe/Berlin", "de-DE", "13 December 2026, 21:03 (Europe/Berlin)"),
        ("en-US", "Europe/Berlin", "de-DE", "December 13, 2026, 9:03\u202fPM (Europe/Berlin)"),
        ("en", "America/New_York", "en-US", "December 13, 2026, 3:03\u202fPM (America/New_York)"),
        ("ja", "Asia/Tokyo", "ja-JP", "14 December 2026, 5:03"),
        ("de-AT", "Europe/Vienna", "de-AT", "13. Dezember 2026, 21:03 (Europe/Vienna)"),
        ("fr", "Africa/Casablanca", "fr-MA", "(Africa/Casablanca)"),
        ("es", "Atlantis/Nowhere", "es-ES", "13 de diciembre de 2026, 20:03 (UTC)"),
    ],
)
async def test_until_when_a_link_is_valid_is_told_in_the_organisation_s_time(
    language: str, zone: str, locale: str, until: str
) -> None:
    """An instant is shown in the organisation's zone, to the minute, as the reader writes it, in both parts."""
    sent = Sent()
    expires = datetime(2026, 12, 13, 20, 3, 18, tzinfo=UTC)
    letter = replace(LETTER, language=language, expires_at=expires, time_zone=zone, locale=locale)

    await TemplateMails(sent, "https://portal.example/", "no-reply@portal.example").invite_contact(letter)

    assert (until in sent[0].text, until in sent[0].html, ":18" in sent[0].text) == (True, True, False)


async def test_names_are_data_in_letters() -> None:
    """Markup, template syntax and header tricks in names arrive as text; no recipient is added."""
    sent = Sent()
    nasty = '{{ 7*7 }}<img src=x>{name}\r\nBcc: eve@evil.example, "x" <y@z.example>'
    letter = replace(LETTER, to_name=nasty, organisation_name=nasty, portal_name=nasty)
    await TemplateMails(sent, "https://portal.example", "no-reply@portal.example").invite_contact(letter)
    (mail,) = sent
    composed = compose(mail)
    assert "<img" not in mail.html
    assert "49" not in mail.subject
    assert composed["Bcc"] is None
    assert [address.addr_spec for address in composed["To"].addresses] == ["jona@krause.example"]
    assert len(composed.get_all("Subject", [])) == 1


def test_links_outlive_the_secret_that_made_them() -> None:
    """While one secret follows another, tokens of both are read, and each is known by the hash the other stored."""
    old, both, new = HmacLinkTokens([b"old"]), HmacLinkTokens([b"new", b"old"]), HmacLinkTokens([b"new"])
    first, later = old.issue(LINK), both.issue(LINK)
    assert (both.read(first, LinkKind.RESET), both.read(later, LinkKind.RESET)) == (LINK, LINK)
    assert later == new.issue(LINK)
    for stored in (old.fingerprint(first), new.fingerprint(later)):
        assert {both.fingerprint(token, stored) for token in (first, later)} == {stored}
    other = both.issue(replace(LINK, generation=2))
    assert both.fingerprint(first, both.fingerprint(other)) != both.fingerprint(other)
    assert new.fingerprint(first, old.fingerprint(first)) == old.fingerprint(first)  # its own hash; it is not read
    assert new.read(first, LinkKind.RESET) is None
