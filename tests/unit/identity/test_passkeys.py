"""Passkeys: what is asked counts once and for whom it was asked; what is answered has to be right in every part."""

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from pyotp.totp import TOTP

from chassis.kernel import NotFound, Principal, ProofNeeded
from services.identity.adapters.webauthn_passkeys import WebauthnPasskeys
from services.identity.application.accounts import Account
from services.identity.application.commands.add_passkey import AddPasskey
from services.identity.application.commands.begin_passkey import BeginPasskey
from services.identity.application.commands.begin_passkey_log_in import BeginPasskeyLogIn
from services.identity.application.commands.begin_passkey_step_up import BeginPasskeyStepUp
from services.identity.application.commands.complete_log_in import CompleteLogIn
from services.identity.application.commands.confirm_second_factor import ConfirmSecondFactor
from services.identity.application.commands.decide_log_ins import DecideLogIns
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.log_in_with_passkey import LogInWithPasskey
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.application.commands.remove_passkey import RemovePasskey
from services.identity.application.commands.rename_passkey import RenamePasskey
from services.identity.application.commands.set_up_second_factor import SetUpSecondFactor
from services.identity.application.commands.step_up import StepUp
from services.identity.application.passkeys import Answer, Attempt
from services.identity.application.ports import Policy
from services.identity.application.second_factors import Challenged, Confirmed, recovery_codes
from services.identity.application.signing_in import SignedIn
from services.identity.domain import errors, events
from services.identity.domain.organisation import Demand, LogInPolicy
from services.identity.domain.person import Person
from tests.support.clock import NOON
from tests.support.identity.authenticator import BACKED_UP, ELIGIBLE, PRESENT, USUAL, Authenticator, encoded
from tests.support.identity.generator import ADDRESS, with_generator
from tests.support.identity.world import PASSWORD, World, acting

EMAIL = "jona@krause.example"


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


@pytest.fixture
async def client(world: World) -> Principal:
    return acting(await world.accepted())


async def add(world: World, by: Principal | None, device: Authenticator, **given: Any) -> Confirmed:
    attempt = await world.commands.begin_passkey(BeginPasskey(challenge=given.get("challenge")), by=by)
    answer = Answer(token=attempt.token, credential=device.create(attempt.options))
    return await world.commands.add_passkey(AddPasskey(answer=answer, name="Phone", **given), by=by)


async def ask(world: World, challenge: str | None = None) -> Attempt:
    return await world.commands.begin_passkey_log_in(BeginPasskeyLogIn(challenge=challenge))


async def come_in(world: World, attempt: Attempt, credential: str, address: str = ADDRESS) -> SignedIn:
    answer = Answer(token=attempt.token, credential=credential)
    command = LogInWithPasskey(answer=answer, address=address)
    await world.commands.show_passkey_to_log_in(command)
    return await world.commands.log_in_with_passkey(command)


async def log_in(world: World, device: Authenticator) -> SignedIn:
    attempt = await ask(world)
    return await come_in(world, attempt, device.get(attempt.options))


async def by_password(world: World) -> SignedIn | Challenged:
    account = Account(email=EMAIL, portal="nordlicht")
    return await world.commands.log_in(LogIn(account=account, password=PASSWORD, address=ADDRESS))


async def demand(world: World, clients: Demand) -> None:
    policy = LogInPolicy(staff=Demand.OFFERED, clients=clients)
    await world.commands.decide_log_ins(DecideLogIns(policy=policy), by=world.owner)


@pytest.mark.parametrize("flags", [USUAL, USUAL | ELIGIBLE, USUAL | ELIGIBLE | BACKED_UP])
async def test_it_lets_in_without_a_password(world: World, client: Principal, flags: int) -> None:
    """Nothing is said of anybody's passkeys when it is asked; what the authenticator says of its backups is kept."""
    device = Authenticator(flags=flags)
    await add(world, client, device)
    asked = json.loads((await ask(world)).options)
    assert (asked["allowCredentials"], asked["userVerification"], asked["rpId"]) == ([], "required", "portal.example")
    assert (await log_in(world, device)).person.id == client.id
    (kept,) = (await world.ports.contacts.get(client, client.id)).own_passkeys
    assert (kept.backup_eligible, kept.backed_up) == (bool(flags & ELIGIBLE), bool(flags & BACKED_UP))
    assert (kept.name, kept.used_at) == ("Phone", world.clock.now())
    assert [told.is_added for told in world.told(events.PasskeyChanged)] == [True]


async def test_it_is_a_second_factor(world: World, client: Principal) -> None:
    """The password alone is not enough any more; asked after it, the authenticator is told which passkeys count, and
    need not say whose they are."""
    device = Authenticator()
    await add(world, client, device)
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    assert not challenged.must_set_up
    attempt = await ask(world, challenged.token)
    assert [one["id"] for one in json.loads(attempt.options)["allowCredentials"]] == [encoded(device.id)]
    assert (await come_in(world, attempt, device.get(attempt.options, handle=False))).person.id == client.id


async def test_a_process_of_before_finds_no_password(world: World, client: Principal) -> None:
    """The former version knows no passkeys: it finds an empty password and an app whose codes never count."""
    await add(world, client, Authenticator())
    person = await world.ports.contacts.get(client, client.id)
    assert (person.password_hash, person.second_factor and person.second_factor.secret) == (None, "")


async def test_its_recovery_codes_count(world: World, client: Principal) -> None:
    """Who lost the only passkey comes in by the password and a recovery code."""
    person = (await add(world, client, Authenticator())).person
    code = recovery_codes(person, world.clock.now(), world.ports)[0]
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    command = CompleteLogIn(challenge=challenged.token, code=code, address=ADDRESS)
    await world.commands.show_second_factor(command)
    assert (await world.commands.complete_log_in(command)).person.id == client.id


WRONG: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://portal.example.evil.example"},
    "another scheme": {"origin": "http://portal.example"},
    "another domain": {"domain": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "backups where there were none": {"flags": USUAL | ELIGIBLE | BACKED_UP},
    "another key": {"key": Authenticator().key},
    "another passkey": {"id": b"of nobody"},
    "another handle": {"handle": encoded(b"org_1.con_1")},
    "no text as a handle": {"handle": encoded(bytes([255]))},
    "no handle": {"handle": ""},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_one_wrong_part_is_refused(world: World, client: Principal, wrong: dict[str, Any]) -> None:
    """All look the same; the right answer counts, once, and until its time has run out nobody comes in by it again."""
    device = Authenticator()
    await add(world, client, device)
    attempt = await ask(world)
    with pytest.raises(errors.PasskeyRefused):
        await come_in(world, attempt, replace(device, **wrong).get(attempt.options))
    credential = device.get(attempt.options)
    assert (await come_in(world, attempt, credential)).person.id == client.id
    for again in (credential, device.get(attempt.options)):
        with pytest.raises(errors.PasskeyAttemptOver):
            await come_in(world, attempt, again)
    world.clock.advance(seconds=world.ports.policy.challenge_life.total_seconds())
    with pytest.raises(errors.PasskeyAttemptOver):
        await come_in(world, attempt, credential)
    await log_in(world, device)
    assert len((await world.ports.contacts.get(client, client.id)).spent_attempts) == 1


@pytest.mark.parametrize("credential", ["", "null", "[]", "{}", '{"id": 1}', "{" * 5000, "x" * 100_000, "\ud800"])
async def test_what_is_no_answer_is_refused(world: World, client: Principal, credential: str) -> None:
    """Whatever a stranger sends is a refusal, for log-in and for adding."""
    with pytest.raises(errors.PasskeyRefused):
        await come_in(world, await ask(world), credential)
    attempt = await world.commands.begin_passkey(BeginPasskey(), by=client)
    command = AddPasskey(answer=Answer(token=attempt.token, credential=credential), name="x")
    with pytest.raises(errors.PasskeyRefused):
        await world.commands.add_passkey(command, by=client)


@pytest.mark.parametrize("wrong", ["another origin", "another domain", "nobody verified"])
async def test_none_is_added_that_is_not_right(world: World, client: Principal, wrong: str) -> None:
    """Where it was made, for whom, and that somebody was verified counts when it is made as well."""
    with pytest.raises(errors.PasskeyRefused):
        await add(world, client, Authenticator(**WRONG[wrong]))


async def test_an_attempt_is_for_one_thing_one_session_and_five_minutes(world: World, client: Principal) -> None:
    """One for a log-in adds nothing; one of another session or person, an old or a made up one counts for nothing."""
    device = Authenticator()
    add_one = await world.commands.begin_passkey(BeginPasskey(), by=client)
    made = device.create(add_one.options)
    elsewhere = replace(client, session_id="ses_elsewhere")
    for token, by in ((add_one.token, elsewhere), (add_one.token, world.owner), ((await ask(world)).token, client)):
        command = AddPasskey(answer=Answer(token=token, credential=made), name="x")
        with pytest.raises(errors.PasskeyAttemptOver):
            await world.commands.add_passkey(command, by=by)
    world.clock.advance(seconds=world.ports.policy.challenge_life.total_seconds())
    for token in (add_one.token, "made up"):
        command = AddPasskey(answer=Answer(token=token, credential=made), name="x")
        with pytest.raises(errors.PasskeyAttemptOver):
            await world.commands.add_passkey(command, by=client)


async def test_who_showed_the_password_of_another_comes_in_as_nobody(world: World, client: Principal) -> None:
    """What was asked after somebody's password is answered by that person alone."""
    mine, theirs = Authenticator(), Authenticator()
    await add(world, client, mine)
    await add(world, world.owner, theirs)
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    attempt = await ask(world, challenged.token)
    with pytest.raises(errors.PasskeyRefused):
        await come_in(world, attempt, theirs.get(attempt.options))


async def test_what_counts_back_may_be_a_copy(world: World, client: Principal) -> None:
    """A passkey that counts has to go on counting; the copy is refused by name, and nothing is kept of it."""
    device = Authenticator(counts=True)
    await add(world, client, device)
    copy = replace(device)
    await log_in(world, device)
    await log_in(world, device)
    with pytest.raises(errors.PasskeyCopied):
        await log_in(world, copy)
    assert (await log_in(world, device)).person.id == client.id


async def test_an_answer_that_made_a_passkey_makes_no_other(world: World, client: Principal) -> None:
    """An attempt makes one passkey; which request made it does not matter."""
    attempt = await world.commands.begin_passkey(BeginPasskey(), by=client)
    for device, refusal in ((Authenticator(), None), (Authenticator(), errors.PasskeyAttemptOver)):
        answer = Answer(token=attempt.token, credential=device.create(attempt.options))
        command = AddPasskey(answer=answer, name="Phone")
        with pytest.raises(refusal) if refusal else nullcontext():
            await world.commands.add_passkey(command, by=client)


async def test_one_passkey_is_one_persons(world: World, client: Principal) -> None:
    """The same one is added once, to one account; ten are enough for anybody."""
    device = Authenticator()
    await add(world, client, device)
    other = acting(await world.accepted(await world.contact(email="other@krause.example")))
    for by in (client, other):
        with pytest.raises(errors.PasskeyKnown):
            await add(world, by, device)
    for _ in range(9):
        await add(world, client, Authenticator())
    with pytest.raises(errors.TooManyPasskeys):
        await add(world, client, Authenticator())


async def test_adding_and_removing_ask_who_it_is(world: World, client: Principal) -> None:
    """As every change of what lets in: with a proof that is minutes old at most, by a passkey for instance."""
    device = Authenticator()
    await add(world, client, device)
    world.clock.advance(minutes=16)
    with pytest.raises(ProofNeeded):
        await world.commands.begin_passkey(BeginPasskey(), by=client)
    with pytest.raises(ProofNeeded):
        await world.commands.remove_passkey(RemovePasskey(passkey_id=encoded(device.id)), by=client)
    asked = await world.commands.begin_passkey_step_up(BeginPasskeyStepUp(), by=client)
    step = StepUp(address=ADDRESS, passkey=Answer(token=asked.token, credential=device.get(asked.options)))
    proven = acting(await world.commands.step_up(step, by=client))
    with pytest.raises(errors.PasskeyAttemptOver):
        await world.commands.step_up(step, by=client)
    await world.commands.remove_passkey(RemovePasskey(passkey_id=encoded(device.id)), by=proven)
    assert (await world.log_in()).person.id == client.id
    with pytest.raises(errors.PasskeyRefused):
        await log_in(world, device)


async def test_what_is_demanded_is_not_removed(world: World, client: Principal) -> None:
    """The last of a second factor stays where one is required; a passkey is enough for it, on the way in as well."""
    await demand(world, Demand.REQUIRED)
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    assert challenged.must_set_up
    first, second = Authenticator(), Authenticator()
    entered = (await add(world, None, first, challenge=challenged.token)).signed_in
    assert entered is not None
    by = acting(entered)
    refreshed = await world.commands.refresh_session(RefreshSession(refresh_token=entered.refresh_token))
    assert refreshed.person.id == client.id
    with pytest.raises(errors.SecondFactorNeeded):
        await world.commands.remove_passkey(RemovePasskey(passkey_id=encoded(first.id)), by=by)
    await add(world, by, second)
    await world.commands.remove_passkey(RemovePasskey(passkey_id=encoded(first.id)), by=by)


async def test_the_password_alone_adds_nothing_to_a_second_factor(world: World, client: Principal) -> None:
    """A challenge sets up what there is not; for who has a passkey it neither adds another one nor an app."""
    await add(world, client, Authenticator())
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    with pytest.raises(errors.SecondFactorIsOn):
        await world.commands.begin_passkey(BeginPasskey(challenge=challenged.token), by=None)
    with pytest.raises(errors.SecondFactorIsOn):
        await world.commands.set_up_second_factor(SetUpSecondFactor(challenge=challenged.token), by=None)


async def test_an_app_and_passkeys_are_one_second_factor(world: World, client: Principal) -> None:
    """Each can be added to the other; a code of an app that is only being set up lets nobody in."""
    await add(world, client, Authenticator())
    made = await world.commands.set_up_second_factor(SetUpSecondFactor(), by=client)
    code = TOTP(made.secret).at(world.clock.now())
    challenged = await by_password(world)
    assert isinstance(challenged, Challenged)
    with pytest.raises(errors.CodeRefused):
        await world.commands.show_second_factor(CompleteLogIn(challenge=challenged.token, code=code, address=ADDRESS))
    await world.commands.confirm_second_factor(ConfirmSecondFactor(code=code, address=ADDRESS), by=client)
    person = await world.ports.contacts.get(client, client.id)
    assert (bool(person.guard and person.guard.secret), len(person.own_passkeys)) == (True, 1)


async def test_passkeys_of_a_former_second_factor_count_no_more(world: World, client: Principal) -> None:
    """A version that knows none leaves them where they are: with the next second factor they are not back."""
    device = Authenticator()
    await add(world, client, device)

    def as_before(it: Person) -> None:
        assert it.guard is not None
        it.password_hash, it.second_factor = it.guard.password_hash, None

    await world.ports.contacts.update(client, client.id, as_before)
    world.clock.advance(seconds=1)
    await with_generator(world, await world.log_in())
    with pytest.raises(errors.PasskeyRefused):
        await log_in(world, device)


async def test_they_are_named_and_renamed(world: World, client: Principal) -> None:
    """By their owner alone."""
    device = Authenticator()
    await add(world, client, device)
    await world.commands.rename_passkey(RenamePasskey(passkey_id=encoded(device.id), name=" Key "), by=client)
    (kept,) = (await world.ports.contacts.get(client, client.id)).own_passkeys
    assert kept.name == "Key"
    with pytest.raises(NotFound):
        await world.commands.rename_passkey(RenamePasskey(passkey_id=encoded(device.id), name="Mine"), by=world.owner)


async def test_strangers_use_up_their_own_tries_only(world: World) -> None:
    """Whose address has none left is refused before anything is looked at; the owner's own address is not."""
    world = await World(policy=Policy(tries_per_address=3)).with_portal()
    client, device = acting(await world.accepted()), Authenticator()
    await add(world, client, device)
    for _ in range(3):
        attempt = await ask(world)
        with pytest.raises(errors.PasskeyRefused):
            await come_in(world, attempt, replace(device, flags=PRESENT).get(attempt.options), "198.51.100.7")
    attempt = await ask(world)
    with pytest.raises(errors.PasskeyRefused):
        await come_in(world, attempt, device.get(attempt.options), "198.51.100.7")
    for _ in range(4):
        await log_in(world, device)


async def test_where_none_is_offered_none_is_added(world: World, client: Principal) -> None:
    """The organisation's policy says so for passkeys as for codes."""
    await demand(world, Demand.OFF)
    with pytest.raises(errors.SecondFactorNotOffered):
        await world.commands.begin_passkey(BeginPasskey(), by=client)


@pytest.mark.parametrize(
    ("listed", "origin", "is_taken"),
    [
        ("https://*.portal.example", "https://app.portal.example", True),
        ("https://*.portal.example", "https://a.b.portal.example", True),
        ("https://*.portal.example", "https://evilportal.example", False),
        ("https://portal.example:*", "https://portal.example:8443", True),
        ("https://Portal.example:*", "https://portal.example:8443/", False),
        ("https://portal.example:*", "http://portal.example:8443", False),
        ("*", "https://evil.example", False),
        ("*", "https://portal.example", True),
        ("https://app.portal.example/", "https://app.portal.example", True),
    ],
)
def test_pages_are_listed_as_for_the_gateway(listed: str, origin: str, is_taken: bool) -> None:
    """One setting says which pages there are; that every page may ask the gateway lets none make passkeys."""
    ceremonies = WebauthnPasskeys("portal.example", "Portal", ["https://portal.example/clients", listed])
    device, challenge = Authenticator(origin=origin), b"c" * 32
    made = device.create(ceremonies.creation(challenge, "handle", "ada", ()))
    with nullcontext() if is_taken else pytest.raises(errors.PasskeyRefused):
        key = ceremonies.made(made, challenge).public_key
        ceremonies.shown(device.get(ceremonies.request(challenge, ())), challenge, key, NOON)
