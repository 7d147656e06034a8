"""Coming in by a second factor: what is shown counts once, for a short time, and few tries; and what demands it."""

from dataclasses import replace

import pytest

from chassis.kernel import Principal, ProofNeeded, Role, RoleForbids
from services.identity.adapters.one_time_codes import TotpCodes
from services.identity.adapters.sealing import JweSealing
from services.identity.application.accounts import Account
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.application.commands.change_password import ChangePassword
from services.identity.application.commands.complete_log_in import CompleteLogIn
from services.identity.application.commands.confirm_second_factor import ConfirmSecondFactor
from services.identity.application.commands.decide_log_ins import DecideLogIns
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.application.commands.remove_second_factor import RemoveSecondFactor
from services.identity.application.commands.renew_recovery_codes import RenewRecoveryCodes
from services.identity.application.commands.reset_password import ResetPassword
from services.identity.application.commands.reset_second_factor import ResetSecondFactor
from services.identity.application.commands.set_up_second_factor import SetUpSecondFactor
from services.identity.application.commands.step_up import StepUp
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.second_factors import Challenged
from services.identity.application.signing_in import SignedIn
from services.identity.domain import errors, events
from services.identity.domain.organisation import Demand, LogInPolicy
from tests.support.clock import NOON
from tests.support.identity.generator import ADDRESS, Generator, with_generator
from tests.support.identity.world import NEW_PASSWORD, PASSWORD, World, acting, ask_for_reset, reset_token

EMAIL = "jona@krause.example"


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


async def challenge(world: World, password: str = PASSWORD) -> Challenged:
    """Log the contact in as far as the second step."""
    account = Account(email=EMAIL, portal="nordlicht")
    outcome = await world.commands.log_in(LogIn(account=account, password=password, address=ADDRESS))
    assert isinstance(outcome, Challenged)
    return outcome


async def complete(world: World, token: str, code: str, address: str = ADDRESS) -> SignedIn:
    command = CompleteLogIn(challenge=token, code=code, address=address)
    await world.commands.show_second_factor(command)
    return await world.commands.complete_log_in(command)


async def demand(world: World, clients: Demand, staff: Demand = Demand.OFFERED) -> None:
    policy = LogInPolicy(staff=staff, clients=clients)
    await world.commands.decide_log_ins(DecideLogIns(policy=policy), by=world.owner)


async def test_the_password_alone_lets_nobody_in_any_more(world: World) -> None:
    """The right password gives a challenge, the challenge and a code a session; the first step counts no try."""
    generator, recovery = await with_generator(world, await world.accepted())
    assert len(set(recovery)) == 10
    asked = await challenge(world)
    assert (asked.must_set_up, asked.expires_at) == (False, world.clock.now() + world.ports.policy.challenge_life)
    assert (await complete(world, asked.token, generator.code())).person.id == asked.person.id


async def test_a_wrong_password_is_refused_as_ever(world: World) -> None:
    """Who does not know the password learns nothing of the second factor."""
    await with_generator(world, await world.accepted())
    with pytest.raises(errors.LogInRefused):
        await world.log_in(password="a wrong one 42")


async def test_a_process_of_before_finds_no_password(world: World) -> None:
    """What the former version looks at is empty: it lets nobody in, and resets nothing (decision 51)."""
    first = await world.accepted()
    generator, _ = await with_generator(world, first)
    person = await world.ports.contacts.get(world.owner, first.person.id)
    assert (person.password_hash, person.may_log_in) == (None, True)
    await world.commands.remove_second_factor(
        RemoveSecondFactor(code=generator.code(), address=ADDRESS), by=acting(first)
    )
    assert (await world.log_in()).person.id == first.person.id


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_a_code_counts_once(world: World, steps: int) -> None:
    """The present step and its neighbours count, each once, and none before one that was shown."""
    generator, _ = await with_generator(world, await world.accepted())
    world.clock.advance(seconds=60)
    token, code = (await challenge(world)).token, generator.code(steps)
    await complete(world, token, code)
    for used in (code, generator.code(steps - 1)):
        with pytest.raises(errors.CodeRefused):
            await complete(world, token, used)


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
async def test_codes_of_other_times_do_not_count(world: World, steps: int) -> None:
    """Two steps away is too far."""
    generator, _ = await with_generator(world, await world.accepted())
    world.clock.advance(minutes=5)
    with pytest.raises(errors.CodeRefused):
        await complete(world, (await challenge(world)).token, generator.code(steps))


async def test_a_recovery_code_counts_once(world: World) -> None:
    """However it is spelled; new ones end those before."""
    first = await world.accepted()
    generator, (code, other, *_) = await with_generator(world, first)
    token = (await challenge(world)).token
    await complete(world, token, f" {code.lower()} ")
    for used in (code, code.replace("-", "")):
        with pytest.raises(errors.CodeRefused):
            await complete(world, token, used)
    renew = RenewRecoveryCodes(code=generator.code(), address=ADDRESS)
    await world.commands.renew_recovery_codes(renew, by=acting(first))
    fresh = await world.queries.second_factor.recovery_codes(world.owner, first.person.id)
    with pytest.raises(errors.CodeRefused):
        await complete(world, token, other)
    await complete(world, token, fresh[0])


async def test_guessing_ends_soon(world: World) -> None:
    """Ten wrong codes from one address, twenty from anywhere, and even the right one is refused; later it counts."""
    generator, _ = await with_generator(world, await world.accepted())
    token = (await challenge(world)).token
    for number in range(20):
        with pytest.raises(errors.CodeRefused):
            await complete(world, token, "000000", f"192.0.2.{number // 10}")
        if number == 9:
            with pytest.raises(errors.CodeRefused):
                await complete(world, token, generator.code(), "192.0.2.0")
    with pytest.raises(errors.CodeRefused):
        await complete(world, token, generator.code(), "192.0.2.77")
    world.clock.advance(minutes=16)
    assert await complete(world, (await challenge(world)).token, generator.code())


async def test_what_is_no_guess_counts_as_none(world: World) -> None:
    """Codes for what is not there are refused as that, however often."""
    by = acting(await world.accepted())
    for _ in range(25):
        with pytest.raises(errors.NoSecondFactor):
            await world.commands.remove_second_factor(RemoveSecondFactor(code="123456", address=ADDRESS), by=by)


async def test_a_challenge_ends(world: World) -> None:
    """After five minutes, with the password that was shown, and where anybody changed a letter of it."""
    generator, _ = await with_generator(world, await world.accepted())
    late = (await challenge(world)).token
    world.clock.advance(minutes=5)
    other = JweSealing([b"another secret, long enough for it"]).seal("{}", "challenges")
    fresh = (await challenge(world)).token
    for token in (late, fresh[:-12] + "AAAA" + fresh[-8:], other, "", "x.y.z", "é" * 100):
        with pytest.raises(errors.ChallengeOver):
            await complete(world, token, generator.code())
    await ask_for_reset(world)
    await world.commands.reset_password(ResetPassword(token=await reset_token(world), new_password=NEW_PASSWORD))
    with pytest.raises(errors.ChallengeOver):
        await complete(world, fresh, generator.code())
    assert not (await challenge(world, NEW_PASSWORD)).must_set_up


async def test_no_other_way_leads_around_it(world: World) -> None:
    """A repeated acceptance of the invite asks for the code too, and a changed password changes nothing of it."""
    invited = await world.invited()
    accept = AcceptInvite(token=world.token(invited), password=PASSWORD)
    first = await world.commands.accept_invite(accept)
    assert isinstance(first, SignedIn)
    await with_generator(world, first)
    assert isinstance(await world.commands.come_back(accept), Challenged)
    change = ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await world.commands.change_password(change, by=acting(first))
    assert await challenge(world, NEW_PASSWORD)


async def test_another_person_begins_without_it(world: World) -> None:
    """Who gets the access of somebody else by a new address does not need that one's app."""
    first = await world.accepted()
    await with_generator(world, first)
    changes = UpdateContact(contact_id=first.person.id, changes={"email": "new@krause.example"})
    moved = await world.commands.update_contact(changes, by=world.owner)
    await world.accepted(moved)
    assert isinstance(await world.log_in("new@krause.example"), SignedIn)


async def test_who_must_have_one_sets_it_up_on_the_way_in(world: World) -> None:
    """Where it is required, the password leads to the setting up, and that into the portal; refreshes end before."""
    first = await world.accepted()
    await demand(world, Demand.REQUIRED)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    asked = await challenge(world)
    assert asked.must_set_up
    made = await world.commands.set_up_second_factor(SetUpSecondFactor(challenge=asked.token), by=None)
    generator = Generator(made.secret, world.clock)
    confirm = ConfirmSecondFactor(code=generator.code(), address=ADDRESS, challenge=asked.token)
    signed_in = (await world.commands.confirm_second_factor(confirm, by=None)).signed_in
    assert signed_in is not None
    await world.commands.refresh_session(RefreshSession(refresh_token=signed_in.refresh_token))
    remove = RemoveSecondFactor(code=generator.code(1), address=ADDRESS)
    with pytest.raises(errors.SecondFactorNeeded):
        await world.commands.remove_second_factor(remove, by=acting(signed_in))
    assert isinstance(await world.log_in("ada@nordlicht.example", portal=None), SignedIn)


async def test_it_can_be_off(world: World) -> None:
    """Where it is off, nobody sets one up; who has one goes on showing it."""
    await with_generator(world, await world.accepted())
    other = await world.accepted(await world.contact(await world.customer("Other"), "kim@other.example"))
    await demand(world, Demand.OFF)
    with pytest.raises(errors.SecondFactorNotOffered):
        await world.commands.set_up_second_factor(SetUpSecondFactor(), by=acting(other))
    assert await challenge(world)


async def test_only_owners_decide(world: World) -> None:
    """Neither other staff nor clients decide what is asked, or take a second factor from others."""
    grace, jona = await world.colleague(Role.ACCOUNTANT), await world.accepted()
    for by in (acting(grace), acting(jona)):
        with pytest.raises(RoleForbids):
            await world.commands.decide_log_ins(DecideLogIns(policy=LogInPolicy()), by=by)
        with pytest.raises(RoleForbids):
            await world.commands.reset_second_factor(ResetSecondFactor(person_id=world.owner.id), by=by)


async def test_who_lost_it_is_helped_by_an_owner(world: World) -> None:
    """The second factor and all sessions end; asked for again, nothing changes."""
    first = await world.accepted()
    await with_generator(world, first)
    for _ in range(2):
        await world.commands.reset_second_factor(ResetSecondFactor(person_id=first.person.id), by=world.owner)
    with pytest.raises(errors.SessionEnded):
        await world.commands.refresh_session(RefreshSession(refresh_token=first.refresh_token))
    assert await world.log_in()
    assert [one.is_on for one in world.told(events.SecondFactorChanged)] == [True, False]


async def test_what_matters_asks_again_who_it_is(world: World) -> None:
    """A quarter of an hour after the log-in the password is asked for, or with a second factor a code alone."""
    first = await world.accepted()
    world.clock.advance(minutes=15)
    with pytest.raises(ProofNeeded):
        await world.commands.set_up_second_factor(SetUpSecondFactor(), by=acting(first))
    with pytest.raises(errors.WrongPassword):
        await world.commands.step_up(StepUp(address=ADDRESS, password="a wrong one 42"), by=acting(first))
    proven = await world.commands.step_up(StepUp(address=ADDRESS, password=PASSWORD), by=acting(first))
    assert (proven.refresh_token, acting(proven).proven_at) == (first.refresh_token, world.clock.now())
    generator, _ = await with_generator(world, proven)
    with pytest.raises(errors.CodeRefused):
        await world.commands.step_up(StepUp(address=ADDRESS, password=PASSWORD), by=acting(proven))
    await world.commands.step_up(StepUp(address=ADDRESS, code=generator.code()), by=acting(proven))


def test_recent_means_a_quarter_of_an_hour() -> None:
    """Tokens that do not tell are not believed; our own services pass."""
    somebody = Principal(id="stf_1", organisation_id="org_1", role=Role.OWNER)
    replace(somebody, proven_at=NOON).require_recent_proof(NOON)
    for by in (somebody, replace(somebody, proven_at=NOON.replace(hour=11, minute=45))):
        with pytest.raises(ProofNeeded):
            by.require_recent_proof(NOON)
    Principal.for_service("org_1").require_recent_proof(NOON)


def test_a_seal_opens_for_its_purpose_and_by_a_former_secret() -> None:
    """What one secret sealed opens with it among others, for the same purpose; nothing else opens."""
    former, present = b"the former secret, long enough 1", b"the present secret, long enough 1"
    sealed = JweSealing([former]).seal("geheim", "a")
    assert "geheim" not in sealed
    assert JweSealing([present, former]).open(sealed, "a") == "geheim"
    assert [JweSealing([present]).open(sealed, "a"), JweSealing([former]).open(sealed, "b")] == [None, None]


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, cut to six digits; what is no code of six digits is none."""
    secret, codes = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", TotpCodes()
    times = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    for second, code in times.items():
        now = NOON.fromtimestamp(second, tz=NOON.tzinfo)
        assert codes.step(secret, code, now) == second // 30
        assert [codes.step(secret, wrong, now) for wrong in ("", code[:5], f"{code}0", "٢٨٧٠٨٢", "abcdef")] == [
            None
        ] * 5
