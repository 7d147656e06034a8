"""People see where they are logged in and end what they do not know; who loses an address is told there."""

from datetime import timedelta

import pytest

from chassis.kernel import NotFound, Principal, ProofNeeded, new_id
from services.identity.application.accounts import Account
from services.identity.application.commands.end_other_sessions import EndOtherSessions
from services.identity.application.commands.end_session import EndSession
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.reactions.send_mails import EmailReplaced
from services.identity.application.signing_in import SignedIn
from services.identity.domain import errors, events
from services.identity.domain.browsers import summary_of
from tests.support.identity import fakes
from tests.support.identity.world import PASSWORD, World, acting, entered

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
EMAIL = "jona@krause.example"


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


async def browse(world: World, user_agent: str = "") -> SignedIn:
    """Log the contact in once more."""
    account = Account(email=EMAIL, portal="nordlicht")
    command = LogIn(account=account, password=PASSWORD, address="192.0.2.1", user_agent=user_agent)
    return entered(await world.commands.log_in(command))


async def test_one_sees_ones_sessions(world: World) -> None:
    """Browser, beginning and last use of each session that counts, the one used last first."""
    first, begun = await world.accepted(), world.clock.now()
    world.clock.advance(hours=1)
    await browse(world, FIREFOX)
    world.clock.advance(hours=1)
    await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    seen = await world.queries.own_sessions(acting(first))
    hour = timedelta(hours=1)
    assert [(one.browser, one.started_at - begun, one.used_at - begun) for one in seen] == [
        (None, 0 * hour, 2 * hour),
        ("Firefox, Windows", hour, hour),
    ]


async def test_a_session_is_ended_from_another_one(world: World) -> None:
    """The session that is named ends and can be ended again; the present one goes on."""
    here, there = await world.accepted(), await browse(world)
    command = EndSession(session_id=acting(there).session_id or "")
    await world.commands.end_session(command, by=acting(here))
    await world.commands.end_session(command, by=acting(here))
    assert [one.session_ids for one in world.told(events.SessionsEnded)] == [(command.session_id,)]
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=there.refresh_token))
    await world.commands.refresh_session(RefreshSession(refresh_token=here.refresh_token))


async def test_nobody_ends_sessions_of_others(world: World) -> None:
    """Another's session is one that does not exist, even for an owner of the same organisation."""
    contact = acting(await world.accepted())
    for session_id in (contact.session_id or "", new_id("ses")):
        with pytest.raises(NotFound):
            await world.commands.end_session(EndSession(session_id=session_id), by=world.owner)
    assert [one.id for one in await world.queries.own_sessions(contact)] == [contact.session_id]


async def test_all_others_end_at_once(world: World) -> None:
    """Only the present session is left; those that began meanwhile have ended too."""
    here = await world.accepted()
    others = [await browse(world) for _ in range(3)]
    await world.commands.end_other_sessions(EndOtherSessions(), by=acting(here))
    assert [one.id for one in await world.queries.own_sessions(acting(here))] == [acting(here).session_id]
    for one in others:
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=one.refresh_token))


async def test_the_old_address_is_told(world: World) -> None:
    """Who loses the access by a new address gets a mail at the old one, which says nothing of the new one."""
    contact = (await world.accepted()).person
    changes = UpdateContact(contact_id=contact.id, changes={"email": "eve@evil.example", "name": "Eve Evil"})
    await world.commands.update_contact(changes, by=world.owner)
    (told,) = world.told(events.EmailChanged)
    mailed = EmailReplaced(
        event_id="e-1", person_id=told.principal_id, former_name=told.former_name, former_email=told.former_email
    )
    await world.reactions.send_mails.email_changed(mailed, by=Principal.for_service(told.organisation_id))
    assert isinstance(world.ports.mails, fakes.FakeMails)
    kind, letter = world.ports.mails.sent[-1]
    assert (kind, letter.to, letter.to_name, letter.token) == ("moved", EMAIL, "Jona Krause", None)
    assert "evil" not in repr(letter)


@pytest.mark.parametrize("invited", [True, False])
async def test_only_who_could_come_in_is_told(world: World, invited: bool) -> None:
    """An invited person is told, one who never was asked is not; another spelling of one's address is no change."""
    contact = await world.invited() if invited else await world.contact()
    for email in (EMAIL.upper(), "new@krause.example"):
        command = UpdateContact(contact_id=contact.id, changes={"email": email})
        await world.commands.update_contact(command, by=world.owner)
    assert len(world.told(events.EmailChanged)) == invited


@pytest.mark.parametrize(
    ("user_agent", "summary"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/131.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605 Version/18.1 Safari/605.1", "Safari, Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) CriOS/131.0 Mobile Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; SM-S) SamsungBrowser/27.0 Chrome/125 Safari", "Samsung Internet, Android"),
        ("python-httpx/0.27.2", "python-httpx"),
        ("<script>/1", "<script>"),
        ("\x00\x1b[2J/1", None),
        ("x" * 10_000, "x" * 60),
        ("", None),
    ],
)
def test_browsers_are_named(user_agent: str, summary: str | None) -> None:
    """Browser and system in words; else the first product; nothing unprintable and nothing long."""
    assert summary_of(user_agent) == summary


async def test_others_are_ended_by_who_shows_again_who_it_is(world: World) -> None:
    """A session that was left open ends itself at any time, and the others after a recent proof only."""
    here, there = acting(await world.accepted()), acting(await browse(world))
    world.clock.advance(minutes=16)
    with pytest.raises(ProofNeeded):
        await world.commands.end_session(EndSession(session_id=there.session_id or ""), by=here)
    with pytest.raises(ProofNeeded):
        await world.commands.end_other_sessions(EndOtherSessions(), by=here)
    await world.commands.end_session(EndSession(session_id=here.session_id or ""), by=here)
