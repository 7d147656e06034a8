"""Throttles hurt only those who use them up: strangers shut no door on anybody else."""

from dataclasses import replace

import pytest

from chassis.kernel import Role, new_id
from services.identity.application.commands.enter_as_owner import EnterAsOwner
from services.identity.application.commands.invite_contacts import InviteContacts
from services.identity.application.commands.register_organisation import RegisterOrganisation
from services.identity.application.commands.resend_invite import ResendInvite
from services.identity.application.commands.reset_password import ResetPassword
from services.identity.application.people import principal_of
from services.identity.application.ports import Policy
from services.identity.domain import errors
from services.identity.domain.events import PasswordResetRequested
from services.identity.domain.organisation import OrganisationDetails
from services.identity.domain.person import Person
from services.identity.domain.staff_member import StaffMember
from tests.support.identity.fakes import FakePasswords
from tests.support.identity.world import PASSWORD, World, ask_for_reset, fake_passwords, reset_token, watched_ports


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


def registration(email: str = "ada@neu.example", password: str = PASSWORD) -> RegisterOrganisation:
    return RegisterOrganisation(
        organisation_id=new_id("org"),
        owner_id=new_id("stf"),
        details=OrganisationDetails(name="Neu", time_zone="Europe/Berlin", locale="de-DE", currency="EUR"),
        owner_name="Ada Sommer",
        owner_email=email,
        owner_language="de",
        password=password,
        address="192.0.2.1",
    )


async def test_a_hundred_tries_in_a_quarter_of_an_hour_whoever_asks(world: World) -> None:
    """From a thousand addresses, one account's password is looked at a hundred times, and again after the window."""
    await world.accepted()
    passwords = fake_passwords(world)
    passwords.looked = 0
    for number in range(1000):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}", address=f"198.51.{number >> 8}.{number & 255}")
    assert passwords.looked == 100
    with pytest.raises(errors.LogInRefused):
        await world.log_in(address="203.0.113.9")
    world.clock.advance(minutes=15)
    await world.log_in(address="203.0.113.9")


async def test_one_address_has_ten_tries_at_an_account_and_others_keep_theirs(world: World) -> None:
    """Whoever tries ten wrong passwords is refused from there; the same account logs in from elsewhere."""
    await world.accepted()
    for number in range(30):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}", address="198.51.100.1")
    with pytest.raises(errors.LogInRefused):
        await world.log_in(address="198.51.100.1")
    await world.log_in(address="203.0.113.9")


async def test_one_address_tries_three_hundred_passwords_over_all_accounts(world: World) -> None:
    """Spraying from one address is stopped, without hashing, after far more than one office needs."""
    passwords, looks = fake_passwords(world), list[str]()
    watched = World(watched_ports(world.ports, looks))
    passwords.looked = 0
    for number in range(320):
        with pytest.raises(errors.LogInRefused):
            await watched.log_in(f"c{number}@krause.example", password="Summer-is-2026")
    assert looks.count("passwords.verify") == 300


async def test_an_office_is_not_shut_out_by_ten_made_up_names(world: World) -> None:
    """Two hundred behind one address log in although ten names were made up there."""
    await world.accepted()
    for number in range(10):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(f"nobody{number}@krause.example", "wrong-password")
    for _ in range(200):
        await world.log_in()


@pytest.mark.parametrize("attacker", ["the same address", "a hundred others"])
async def test_a_known_device_is_let_through(world: World, attacker: str) -> None:
    """Nobody can use up the tries of a device on which the person logged in before; of its own there are ten."""
    device = (await world.accepted()).device_token
    for number in range(120):
        address = "192.0.2.1" if attacker == "the same address" else f"198.51.100.{number}"
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}", address=address)
    with pytest.raises(errors.LogInRefused):
        await world.log_in()
    await world.log_in(device=device)
    for number in range(10):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}", device=device)
    with pytest.raises(errors.LogInRefused):
        await world.log_in(device=device)
    assert fake_passwords(world).known[-13:] == [False] + [True] * 12


async def test_a_crowd_of_strangers_is_sent_away_before_anything_is_looked_up(world: World) -> None:
    """Whoever would not fit into their queue costs no look-up and no try; a known device is let in all the same."""
    device = (await world.accepted()).device_token
    looks = list[str]()
    watched = World(watched_ports(world.ports, looks))
    fake_passwords(world).crowded = True
    for shown in (None, "a made-up one"):
        with pytest.raises(errors.TooBusy):
            await watched.log_in(device=shown)
    assert [look for look in looks if not look.startswith(("passwords", "links"))] == []
    await world.log_in(device=device)


@pytest.mark.parametrize("change", ["other person", "refresh token", "longer", "empty"])
async def test_only_a_devices_own_token_counts(world: World, change: str) -> None:
    """The token of somebody else, of another kind or a changed one lets nobody past the lock."""
    customer = await world.customer()
    mine = await world.accepted(await world.contact(customer))
    other = await world.accepted(await world.contact(customer, "other@krause.example"))
    shown = {
        "other person": other.device_token,
        "refresh token": mine.refresh_token,
        "longer": f"{mine.device_token}x",
        "empty": "",
    }[change]
    for number in range(10):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}")
    with pytest.raises(errors.LogInRefused):
        await world.log_in(device=shown)


async def test_a_new_password_opens_the_lock(world: World) -> None:
    """After a reset the account has all its tries again, from every address."""
    await world.accepted()
    for number in range(120):
        with pytest.raises(errors.LogInRefused):
            await world.log_in(password=f"guess-{number}", address=f"198.51.100.{number % 12}")
    await ask_for_reset(world)
    token = await reset_token(world)
    await world.commands.reset_password(ResetPassword(token=token, new_password="violet-teapot-43"))
    await world.log_in(password="violet-teapot-43", address="198.51.100.1")


async def test_strangers_do_not_silence_a_reset(world: World) -> None:
    """Whoever asked ten times for somebody's reset link has none left; the person, elsewhere, still has."""
    await world.accepted()
    for _ in range(10):
        await ask_for_reset(world, "jona@krause.example", address="198.51.100.1")
    before = len(world.told(PasswordResetRequested))
    assert before == 5
    await ask_for_reset(world, "jona@krause.example", address="203.0.113.9")
    assert len(world.told(PasswordResetRequested)) == before + 1


async def test_a_try_that_nobody_looked_at_is_given_back(world: World) -> None:
    """When too many are being checked, "try later" costs no try."""
    await world.accepted()
    passwords, verify = fake_passwords(world), FakePasswords.verify

    async def busy(*_: object, **__: object) -> bool:
        raise errors.TooBusy

    passwords.verify = busy  # pyright: ignore[reportAttributeAccessIssue]
    for _ in range(30):
        with pytest.raises(errors.TooBusy):
            await world.log_in()
    passwords.verify = verify.__get__(passwords)  # pyright: ignore[reportAttributeAccessIssue]
    await world.log_in()


async def test_a_registration_gives_its_session_whatever_others_tried(world: World) -> None:
    """Who registers is let in, from an address and with an e-mail that others have tried to exhaustion."""
    for number in range(320):
        with pytest.raises(errors.LogInRefused):
            await world.log_in("ada@neu.example", f"guess-{number}", portal=None)
    signed_in = await world.commands.register_and_enter(registration())
    assert signed_in.person.email == "ada@neu.example"


async def test_a_registration_sent_again_needs_its_password(world: World) -> None:
    """The same request once more lets in who knows the password, and nobody else; ten wrong ones end that."""
    command = registration()
    await world.commands.register_and_enter(command)
    assert (await world.commands.register_and_enter(command)).person.id == command.owner_id
    again = EnterAsOwner(organisation_id=command.organisation_id, email=command.owner_email, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(errors.LogInRefused):
            await world.commands.enter_as_owner(replace(again, password="violet-teapot-99"))
    with pytest.raises(errors.LogInRefused):
        await world.commands.enter_as_owner(again)


async def test_an_address_registers_so_many_and_nothing_is_made_of_the_next() -> None:
    """Beyond the hour's quota nothing is stored; another address, and the next hour, are free."""
    world = World(policy=Policy(registrations_per_address=3))
    for number in range(3):
        await world.commands.register_and_enter(registration(f"ada{number}@neu.example"))
    before, refused = len(world.events), registration("late@neu.example")
    with pytest.raises(errors.TooManyRegistrations):
        await world.commands.register_and_enter(refused)
    assert len(world.events) == before
    await world.commands.register_and_enter(replace(refused, address="203.0.113.9"))
    world.clock.advance(minutes=60)
    await world.commands.register_and_enter(registration("next@neu.example"))


async def test_refused_registrations_take_none_of_the_quota() -> None:
    """What is not valid, or not hashed, is no registration."""
    world = World(policy=Policy(registrations_per_address=1))
    for _ in range(5):
        with pytest.raises(errors.PasswordTooShort):
            await world.commands.register_and_enter(registration(password="short"))
    await world.commands.register_and_enter(registration())


async def test_a_young_organisation_invites_so_many_a_day() -> None:
    """The next one is refused and not counted as sent; the next day, and after a week, there are more."""
    world = await World(policy=Policy(invites_per_day_young=2, invites_per_day=4)).with_portal()
    customer = await world.customer()
    contacts = [await world.contact(customer, f"c{number}@krause.example") for number in range(10)]

    async def invite() -> list[bool]:
        uninvited = tuple(one.id for one in contacts if one.invite is None)
        results = await world.commands.invite_contacts(InviteContacts(contact_ids=uninvited), by=world.owner)
        sent = {result.contact.id for result in results if result.contact}
        assert all(isinstance(one.refusal, errors.InviteQuotaReached) for one in results if one.contact is None)
        contacts[:] = [one for one in contacts if one.id not in sent]
        return [result.contact is not None for result in results]

    assert sum(await invite()) == 2
    assert sum(await invite()) == 0
    world.clock.advance(days=1)
    assert sum(await invite()) == 2
    world.clock.advance(days=7)
    assert sum(await invite()) == 4


async def test_nobody_is_flooded_with_invites(world: World) -> None:
    """One person gets ten invites a day."""
    contact = await world.invited()
    for _ in range(9):
        await world.commands.resend_invite(ResendInvite(person_id=contact.id), by=world.owner)
    with pytest.raises(errors.InviteQuotaReached):
        await world.commands.resend_invite(ResendInvite(person_id=contact.id), by=world.owner)


async def test_a_squatted_address_is_the_real_persons(world: World) -> None:
    """Who was invited by mail logs in, and gets reset links, by e-mail alone, though somebody registered it before."""
    email = "ceo@bigfirm.example"
    await world.commands.register_and_enter(registration(email, password="violet-squatter-1"))
    real = await world.colleague(Role.VIEWER, email)
    assert (await world.log_in(email, portal=None)).person.id == real.person.id
    with pytest.raises(errors.LogInRefused):
        await world.log_in(email, "violet-squatter-1", portal=None)
    await ask_for_reset(world, email, portal=None)
    assert [told.principal_id for told in world.told(PasswordResetRequested)] == [real.person.id]


async def registered_by_an_earlier_version(world: World, owner: Person) -> None:
    def change(it: StaffMember) -> None:
        it.awaited_proof = None

    await world.ports.staff.update(principal_of(owner, ""), owner.id, change)


async def test_a_reset_proves_the_address(world: World) -> None:
    """Who owns the mailbox and resets the password of a squatter of before takes the account over, and the proof."""
    email = "ceo@bigfirm.example"
    squatter = await world.commands.register_and_enter(registration(email, password="violet-squatter-1"))
    assert not squatter.person.has_proven_email
    await registered_by_an_earlier_version(world, squatter.person)
    await ask_for_reset(world, email, portal=None)
    token = await reset_token(world)
    await world.commands.reset_password(ResetPassword(token=token, new_password="violet-teapot-43"))
    assert (await world.log_in(email, "violet-teapot-43", portal=None)).person.has_proven_email
