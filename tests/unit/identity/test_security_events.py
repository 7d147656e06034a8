"""Attacks are seen: named events with ids and reasons, and never what somebody typed."""

from dataclasses import replace

import pytest

from services.identity.application.commands.change_password import ChangePassword
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.domain import errors
from tests.support.identity.world import NEW_PASSWORD, World, acting, ask_for_reset, fake_ports

Noticed = list[tuple[str, str, str | None]]


@pytest.fixture
def noticed() -> Noticed:
    return []


@pytest.fixture
async def world(noticed: Noticed) -> World:
    def notice(event: str, reason: str, subject: str | None = None) -> None:
        noticed.append((event, reason, subject))

    world = World()
    world = World(replace(fake_ports(world.events), notice=notice))
    return await world.with_portal()


async def test_refused_log_ins_say_whose_and_why(world: World, noticed: Noticed) -> None:
    """A wrong password names the account's id, an unknown account nobody, a lock which limit it was."""
    jona = (await world.accepted()).person.id
    for number in range(11):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}")
    with pytest.raises(errors.LogInRefused):
        await world.log_in("nobody@krause.example")
    assert noticed[:10] == [("log_in_refused", "wrong_password", jona)] * 10
    assert noticed[10:] == [
        ("locked_out", "account_and_address", jona),
        ("log_in_refused", "no_such_account", None),
    ]
    assert "@" not in str(noticed)


async def test_a_copy_of_a_refresh_token_is_told(world: World, noticed: Noticed) -> None:
    """Who uses a refresh token again, after the leeway, is an attack on that person."""
    first = await world.accepted()
    await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    world.clock.advance(minutes=1)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    assert noticed == [("refresh_token_replayed", "used_before", first.person.id)]


async def test_other_guesses_are_told_too(world: World, noticed: Noticed) -> None:
    """A wrong present password, and requests for a reset beyond their limit."""
    jona = await world.accepted()
    wrong = ChangePassword(current_password="wrong-password", new_password=NEW_PASSWORD)
    with pytest.raises(errors.WrongPassword):
        await world.commands.change_password(wrong, by=acting(jona))
    for _ in range(6):
        await ask_for_reset(world)
    assert noticed == [
        ("password_refused", "wrong_password", jona.person.id),
        ("reset_refused", "account_and_address", jona.person.id),
    ]
