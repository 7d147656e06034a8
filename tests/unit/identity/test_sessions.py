"""Log-in, refresh with rotation, log-out, passwords: promises 17 to 19 without sockets."""

from collections import Counter

import pytest

from chassis.kernel import Role
from services.identity.application.commands.change_password import ChangePassword
from services.identity.application.commands.disable_contact import DisableContact
from services.identity.application.commands.disable_portal import DisablePortal
from services.identity.application.commands.invite_staff import InviteStaff
from services.identity.application.commands.log_out import LogOut
from services.identity.application.commands.log_out_everywhere import LogOutEverywhere
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.application.commands.reset_password import ResetPassword
from services.identity.application.people import service_of
from services.identity.application.ports import Link, LinkKind
from services.identity.domain import errors, events
from services.identity.domain.contact import Contact
from services.identity.domain.staff_member import StaffDetails
from tests.support.identity.world import (
    NEW_PASSWORD,
    PASSWORD,
    World,
    acting,
    ask_for_reset,
    reset_token,
    watched_ports,
)

LEEWAY = 10
"""Seconds in which a used refresh token is a tab's that came late."""


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


async def test_staff_log_in_without_a_portal(world: World) -> None:
    """The owner logs in with e-mail and password alone, whatever the case of the address."""
    assert (await world.log_in("ADA@nordlicht.example", portal=None)).person.id == world.owner.id


async def test_staff_of_two_organisations_name_the_one_they_mean(world: World) -> None:
    """The same e-mail may own two organisations: without a name the first one is meant."""
    second = await world.register("Second", "ada@nordlicht.example")
    assert (await world.log_in("ada@nordlicht.example", portal=None)).person.id == world.owner.id
    named = await world.log_in("ada@nordlicht.example", portal=None, organisation_id=second.organisation.id)
    assert named.person.organisation_id == second.organisation.id


async def test_an_invite_elsewhere_keeps_nobody_from_logging_in(world: World) -> None:
    """Being asked into another organisation, or having left one, does not stand in the way of one's own."""
    details = StaffDetails(name="Eve", email="eve@own.example", role=Role.VIEWER)
    await world.commands.invite_staff(InviteStaff(details=details), by=world.owner)
    own = await world.register("Own", "eve@own.example")
    signed_in = await world.log_in("eve@own.example", portal=None)
    assert signed_in.person.organisation_id == own.organisation.id


async def test_one_address_is_two_contacts_in_two_organisations_with_two_passwords(world: World) -> None:
    """The same e-mail logs in to each portal with that portal's password only."""
    first = await world.accepted()
    home = world.owner
    await world.with_portal("suedwind")
    second = await world.accepted()
    change = ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await world.commands.change_password(change, by=acting(second))
    assert (await world.log_in(portal="nordlicht")).person.id == first.person.id
    assert (await world.log_in(portal="suedwind", password=NEW_PASSWORD)).person.id == second.person.id
    with pytest.raises(errors.LogInRefused):
        await world.log_in(portal="suedwind", password=PASSWORD)
    assert home.organisation_id != world.owner.organisation_id


async def test_every_refused_log_in_looks_the_same(world: World) -> None:
    """Wrong password, unknown address, unknown portal, closed portal and disabled contact get one answer."""
    signed_in = await world.accepted()
    answers: list[tuple[str, str, tuple[str, ...]]] = []

    async def refused(**attempt: str) -> None:
        with pytest.raises(errors.LogInRefused) as caught:
            await world.log_in(**attempt)
        answers.append((caught.value.code, caught.value.message, caught.value.field))

    await refused(password="wrong-password-1")
    await refused(email="nobody@krause.example")
    await refused(portal="nowhere")
    await refused(email="no mail address")
    await world.commands.disable_contact(DisableContact(contact_id=signed_in.person.id), by=world.owner)
    await refused()
    await world.commands.disable_portal(DisablePortal(), by=world.owner)
    await refused(email="another@krause.example")
    assert len(set(answers)) == 1


async def test_everybody_costs_the_same_steps(world: World) -> None:
    """Promise 18: an existing, unknown, disabled, uninvited and locked account take the same steps, one by one."""
    customer = await world.customer()
    for name in ("existing", "disabled", "locked"):
        await world.accepted(await world.contact(customer, f"{name}@krause.example"))
    await world.contact(customer, "uninvited@krause.example")
    disabled = (await world.log_in("disabled@krause.example")).person
    await world.commands.disable_contact(DisableContact(contact_id=disabled.id), by=world.owner)
    for number in range(100):
        with pytest.raises(errors.LogInRefused):
            await world.log_in("locked@krause.example", "wrong-password", address=f"198.51.100.{number}")
    steps: list[str] = []
    watched = World(watched_ports(world.ports, steps))
    log_ins, resets = set[tuple[str, ...]](), set[tuple[str, ...]]()
    for name in ("existing", "unknown", "disabled", "uninvited", "locked"):
        email = f"{name}@krause.example"
        with pytest.raises(errors.LogInRefused):
            await watched.log_in(email, "wrong-password", address=name)
        log_ins.add(tuple(steps))
        steps.clear()
        await ask_for_reset(watched, email)
        resets.add(tuple(steps))
        steps.clear()
    found = ("organisations.find_by_slug", "contacts.find_for_log_in", *["throttle.admit"] * 3)
    assert log_ins == {("passwords.place", *found, "passwords.verify")}
    assert resets == {(*found, "resets.add")}


async def test_a_right_password_is_no_try(world: World) -> None:
    """Fifty log-ins in a row are fine: what succeeded is given back."""
    await world.accepted()
    for _ in range(50):
        await world.log_in()


async def test_an_old_hash_is_renewed_by_logging_in(world: World) -> None:
    """A right password is hashed anew when the parameters have changed; sessions and reset links live on."""
    signed_in = await world.accepted()
    by = service_of(signed_in.person)

    def grow_old(it: Contact) -> None:
        it.password_hash = f"once hashed:{PASSWORD}"

    await world.ports.contacts.update(by, signed_in.person.id, grow_old)
    await world.log_in()
    person = await world.ports.contacts.get(by, signed_in.person.id)
    assert person.password_hash == f"hashed:{PASSWORD}"
    await world.log_in()
    await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_a_refresh_token_is_traded_once_for_the_next(world: World) -> None:
    """Rotation gives another token of the same session each time."""
    signed_in = await world.accepted()
    tokens = [signed_in.refresh_token]
    for _ in range(5):
        renewed = await world.commands.refresh_session(RefreshSession(refresh_token=tokens[-1]))
        assert acting(renewed).session_id == acting(signed_in).session_id
        tokens.append(renewed.refresh_token)
    assert len(set(tokens)) == 6


async def test_two_tabs_that_refresh_together_get_the_same_pair(world: World) -> None:
    """Within the leeway of its first use a token gets the refresh token of that use, and nothing is used up twice."""
    signed_in = await world.accepted()
    first = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    world.clock.advance(seconds=LEEWAY - 1)
    for _ in range(3):
        again = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
        assert (again.refresh_token, again.refresh_expires_at) == (first.refresh_token, first.refresh_expires_at)
    await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    assert world.told(events.SessionsEnded) == []


async def test_the_leeway_is_counted_from_the_first_use(world: World) -> None:
    """Using a token again and again keeps its leeway no longer open: at its end it is a replay."""
    token = (await world.accepted()).refresh_token
    await world.commands.refresh_session(RefreshSession(refresh_token=token))
    for _ in range(LEEWAY - 1):
        world.clock.advance(seconds=1)
        await world.commands.refresh_session(RefreshSession(refresh_token=token))
    world.clock.advance(seconds=1)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=token))


async def test_a_replayed_refresh_token_kills_the_family(world: World) -> None:
    """A token used long ago ends the session for the thief and the owner alike, and every service hears of it."""
    signed_in = await world.accepted()
    renewed = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    world.clock.advance(seconds=LEEWAY)
    for token in (signed_in.refresh_token, renewed.refresh_token):
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=token))
    (ended,) = world.told(events.SessionsEnded)
    assert ended.session_ids == (acting(signed_in).session_id,)


async def test_a_token_of_an_older_generation_has_no_leeway(world: World) -> None:
    """Whoever comes with the last token but one did not race anybody: the session ends, however soon it is."""
    signed_in = await world.accepted()
    second = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    third = await world.commands.refresh_session(RefreshSession(refresh_token=second.refresh_token))
    for token in (signed_in.refresh_token, third.refresh_token):
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=token))


async def test_a_thief_inside_the_leeway_is_noticed_later(world: World) -> None:
    """A thief who shares the pair of the first use is found out when one of the two has moved on."""
    signed_in = await world.accepted()
    owner = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    thief = await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    world.clock.advance(minutes=4)
    moved_on = await world.commands.refresh_session(RefreshSession(refresh_token=owner.refresh_token))
    world.clock.advance(seconds=LEEWAY)
    for token in (thief.refresh_token, moved_on.refresh_token):
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=token))


async def test_what_ended_has_no_leeway(world: World) -> None:
    """Log-out, a disabled contact and a closed portal count at once, also for the tab that is a moment late."""
    for end in (
        lambda it: world.commands.log_out(LogOut(), by=acting(it)),
        lambda it: world.commands.disable_contact(DisableContact(contact_id=it.person.id), by=world.owner),
    ):
        contact = await world.contact(await world.customer("B"), f"{world.clock.advance(seconds=1):%S}@b.example")
        signed_in = await world.accepted(contact)
        await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
        await end(signed_in)
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_a_forged_refresh_token_harms_nobody(world: World) -> None:
    """Whoever knows a session's id cannot end it by inventing a token, and no other kind of token works."""
    signed_in = await world.accepted()
    session_id = acting(signed_in).session_id or ""
    other_kind = world.ports.links.issue(Link(LinkKind.RESET, signed_in.person.organisation_id, session_id, 1))
    forged = signed_in.refresh_token[:-3] + "AAA"
    for token in (forged, other_kind, "", "x", "\x00", signed_in.refresh_token + "a"):
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=token))
    await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_a_session_ends_when_it_is_not_used(world: World) -> None:
    """Two weeks without a refresh end a session."""
    signed_in = await world.accepted()
    world.clock.advance(days=14)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_a_session_ends_by_age(world: World) -> None:
    """Ninety days end a session however busy it is."""
    token = (await world.accepted()).refresh_token
    for _ in range(6):
        world.clock.advance(days=13)
        token = (await world.commands.refresh_session(RefreshSession(refresh_token=token))).refresh_token
    world.clock.advance(days=12)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=token))


async def test_a_session_ends_with_the_portal(world: World) -> None:
    """Where the portal is closed, clients' sessions are not carried on."""
    signed_in = await world.accepted()
    await world.commands.disable_portal(DisablePortal(), by=world.owner)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_logging_out_ends_one_session(world: World) -> None:
    """Log-out ends the session it is made in and leaves others alone; doing it twice is no error."""
    first, second = await world.accepted(), await world.log_in()
    for _ in range(2):
        await world.commands.log_out(LogOut(), by=acting(first))
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    await world.commands.refresh_session(RefreshSession(refresh_token=second.refresh_token))
    assert len(world.told(events.SessionsEnded)) == 1


async def test_logging_out_by_refresh_token_works_without_an_access_token(world: World) -> None:
    """An expired access token does not keep anybody from logging out."""
    signed_in = await world.accepted()
    await world.commands.log_out(LogOut(refresh_token=signed_in.refresh_token), by=None)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))


async def test_logging_out_everywhere_ends_all_sessions_of_that_person_only(world: World) -> None:
    """All of one's own sessions end, nobody else's."""
    mine = [await world.accepted(), await world.log_in(), await world.log_in()]
    other = await world.accepted(await world.contact(await world.customer("B"), "b@b.example"))
    await world.commands.log_out_everywhere(LogOutEverywhere(), by=acting(mine[1]))
    (ended,) = world.told(events.SessionsEnded)
    assert set(ended.session_ids) == {acting(one).session_id for one in mine}
    for signed_in in mine:
        with pytest.raises(errors.SessionEnded):
            await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    await world.commands.refresh_session(RefreshSession(refresh_token=other.refresh_token))


async def test_changing_the_password_ends_the_other_sessions_only(world: World) -> None:
    """The session in which the password was changed goes on, again and again; the others are over."""
    here, there = await world.accepted(), await world.log_in()
    command = ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await world.commands.change_password(command, by=acting(here))
    (ended,) = world.told(events.SessionsEnded)
    assert ended.session_ids == (acting(there).session_id,)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=there.refresh_token))
    token = here.refresh_token
    for _ in range(3):
        token = (await world.commands.refresh_session(RefreshSession(refresh_token=token))).refresh_token
    with pytest.raises(errors.LogInRefused):
        await world.log_in()
    await world.log_in(password=NEW_PASSWORD)


async def test_the_present_password_is_asked_for_and_cannot_be_guessed(world: World) -> None:
    """A stolen session does not change a password: ten wrong guesses, then even the right one is refused."""
    by = acting(await world.accepted())
    for number in range(10):
        command = ChangePassword(current_password=f"guess-{number}", new_password=NEW_PASSWORD)
        with pytest.raises(errors.WrongPassword):
            await world.commands.change_password(command, by=by)
    with pytest.raises(errors.WrongPassword):
        await world.commands.change_password(
            ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD), by=by
        )


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("short", errors.PasswordTooShort),
        ("x" * 201, errors.PasswordTooLong),
        ("password123", errors.PasswordTooCommon),
        ("aaaaaaaaaaaa", errors.PasswordTooCommon),
        ("jona@krause.example", errors.PasswordTooCommon),
    ],
)
async def test_weak_passwords_are_refused(world: World, password: str, refusal: type[Exception]) -> None:
    """A password that is short, endless, common or made of one's own name changes nothing."""
    by = acting(await world.accepted())
    with pytest.raises(refusal):
        await world.commands.change_password(ChangePassword(current_password=PASSWORD, new_password=password), by=by)
    await world.log_in()


async def test_a_forgotten_password_is_reset_once_and_ends_every_session(world: World) -> None:
    """The mailed link sets a new password once; older sessions are over."""
    signed_in = await world.accepted()
    await ask_for_reset(world)
    token = await reset_token(world)
    await world.commands.reset_password(ResetPassword(token=token, new_password=NEW_PASSWORD))
    await world.log_in(password=NEW_PASSWORD)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    with pytest.raises(errors.LinkNotValid):
        await world.commands.reset_password(ResetPassword(token=token, new_password="third-password-9"))


async def test_a_reset_link_dies_with_time_and_with_any_change_of_password(world: World) -> None:
    """An hour, another reset or a changed password: each makes the older link worthless."""
    by = acting(await world.accepted())
    await ask_for_reset(world)
    expired = await reset_token(world)
    world.clock.advance(hours=1)
    await ask_for_reset(world)
    overtaken = await reset_token(world)
    command = ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await world.commands.change_password(command, by=by)
    for token in (expired, overtaken, "nonsense"):
        with pytest.raises(errors.LinkNotValid):
            await world.commands.reset_password(ResetPassword(token=token, new_password="third-password-9"))


async def test_strangers_are_answered_like_everybody_and_get_no_mail(world: World) -> None:
    """Unknown, disabled and uninvited people cause the same stored request and no mail."""
    signed_in = await world.accepted()
    await world.contact(await world.customer("B"), "uninvited@b.example")
    await world.commands.disable_contact(DisableContact(contact_id=signed_in.person.id), by=world.owner)
    for email in ("nobody@x.example", "uninvited@b.example", "jona@krause.example", "no address"):
        await ask_for_reset(world, email)
    assert world.told(events.PasswordResetRequested) == []


async def test_a_mailbox_is_not_flooded_with_resets(world: World) -> None:
    """Of many requests for one account five are mailed in a quarter of an hour."""
    await world.accepted()
    for _ in range(20):
        await ask_for_reset(world)
    assert len(world.told(events.PasswordResetRequested)) == 5


async def test_no_fact_carries_a_secret(world: World) -> None:
    """Neither passwords, their hashes nor tokens stand in any event."""
    signed_in = await world.accepted()
    await ask_for_reset(world)
    token = await reset_token(world)
    await world.commands.reset_password(ResetPassword(token=token, new_password=NEW_PASSWORD))
    text = repr(world.events)
    secrets = (PASSWORD, NEW_PASSWORD, token, signed_in.refresh_token, world.ports.links.fingerprint(token), "hashed")
    assert Counter(secret in text for secret in secrets) == {False: len(secrets)}
