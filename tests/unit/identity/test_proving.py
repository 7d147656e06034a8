"""A registration counts when its address is proven: before that it speaks to nobody, and nobody is disturbed by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.kernel import EmailUnproven, Principal, Role
from services.identity.application.accounts import Account
from services.identity.application.commands.change_password import ChangePassword
from services.identity.application.commands.confirm_email import ConfirmEmail
from services.identity.application.commands.enable_portal import EnablePortal
from services.identity.application.commands.invite_contacts import InviteContacts
from services.identity.application.commands.invite_staff import InviteStaff
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.request_password_reset import RequestPasswordReset
from services.identity.application.commands.resend_confirmation import ResendConfirmation
from services.identity.application.people import principal_of
from services.identity.application.reactions.send_mails import EmailProofAsked, PasswordReplaced
from services.identity.domain import errors, events
from services.identity.domain.organisation import PortalSettings
from services.identity.domain.staff_member import StaffDetails
from tests.support.identity.fakes import FakeMails
from tests.support.identity.world import NEW_PASSWORD, PASSWORD, Registered, World, acting

EMAIL, ADDRESS = "ceo@bigfirm.example", "192.0.2.7"
COLLEAGUE = StaffDetails(name="Ida", email="ida@bigfirm.example", role=Role.VIEWER)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def registered(world: World) -> Registered:
    registered = await world.register(email=EMAIL, proven=False)
    world.owner = acting(registered.signed_in)
    await world.commands.enable_portal(EnablePortal(settings=PortalSettings(name="P", slug="bigfirm")), by=world.owner)
    return registered


async def confirm(world: World, registered: Registered, *, by: Principal | None = None, password: str = "") -> None:
    token = await world.proof_token(registered.organisation)
    await world.commands.confirm_email(ConfirmEmail(token=token, password=password), by=by)


async def log_in_by_email_alone(world: World, password: str = PASSWORD) -> str:
    command = LogIn(account=Account(email=EMAIL), password=password, address=ADDRESS)
    return (await world.commands.log_in(command)).person.id


async def test_it_counts_for_no_log_in_by_email_alone(world: World, registered: Registered) -> None:
    """Refused as an unknown account is; with the organisation named its owner comes in; proven, it counts."""
    with pytest.raises(errors.LogInRefused):
        await log_in_by_email_alone(world)
    await confirm(world, registered, by=world.owner)
    assert await log_in_by_email_alone(world) == registered.signed_in.person.id


async def test_the_real_person_is_not_disturbed(world: World, registered: Registered) -> None:
    """Who proved the same address elsewhere, later, logs in by it alone, with the own password only."""
    real = await world.register(name="The real one", email=EMAIL)
    assert await log_in_by_email_alone(world) == real.signed_in.person.id


async def test_strangers_get_no_mail_in_its_name(world: World, registered: Registered) -> None:
    """Invites are refused by name, whatever an old token says; what is proven since holds at once."""
    contact = await world.contact()
    for by in (world.owner, replace(world.owner, email_proven=True)):
        with pytest.raises(EmailUnproven):
            await world.commands.invite_contacts(InviteContacts(contact_ids=(contact.id,)), by=by)
        with pytest.raises(EmailUnproven):
            await world.commands.invite_staff(InviteStaff(details=COLLEAGUE), by=by)
    assert not world.told(events.ContactInvited) + world.told(events.StaffMemberInvited)
    await confirm(world, registered, by=world.owner)
    await world.invited(contact)


@pytest.mark.parametrize("named", [True, False])
async def test_its_address_gets_no_other_mail(world: World, registered: Registered, named: bool) -> None:
    """Neither a reset nor a notice of a change reaches who may be a stranger, though the organisation is named."""
    organisation_id = registered.organisation.id if named else None
    account = Account(email=EMAIL, organisation_id=organisation_id)
    await world.commands.request_password_reset(RequestPasswordReset(account=account, address=ADDRESS))
    change = ChangePassword(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await world.commands.change_password(change, by=world.owner)
    told = PasswordReplaced(event_id="evt_1", person_id=world.owner.id)
    assert not await world.reactions.send_mails.password_changed(told, by=world.owner)
    assert (world.told(events.PasswordResetRequested), world.ports.mails) == ([], FakeMails())


async def test_the_link_says_nothing_that_the_stranger_wrote(world: World, registered: Registered) -> None:
    """Its mail names neither the organisation nor a person, and goes out while its link is the newest."""
    (asked,) = world.told(events.EmailProofRequested)
    told = EmailProofAsked(event_id="evt_1", person_id=asked.principal_id, generation=asked.generation)
    service = Principal.for_service(registered.organisation.id)
    assert await world.reactions.send_mails.email_proof(told, by=service)
    assert isinstance(world.ports.mails, FakeMails)
    ((kind, letter),) = world.ports.mails.sent
    assert (kind, letter.to, letter.to_name, letter.organisation_name) == ("proof", EMAIL, "", "")
    await world.commands.resend_confirmation(ResendConfirmation(address=ADDRESS), by=world.owner)
    assert not await world.reactions.send_mails.email_proof(told, by=service)


async def test_the_link_alone_vouches_for_nobody(world: World, registered: Registered) -> None:
    """Whoever opens a link for what somebody else registered does not make it count: password or session are needed."""
    other = acting((await world.register(name="Other", email="other@firm.example")).signed_in)
    for by, password in ((None, ""), (None, "not the right one"), (other, "")):
        with pytest.raises(errors.WrongPassword):
            await confirm(world, registered, by=by, password=password)
    await confirm(world, registered, password=PASSWORD)
    assert await log_in_by_email_alone(world) == registered.signed_in.person.id


async def test_the_newest_link_counts_for_its_time_and_says_so_again(world: World, registered: Registered) -> None:
    """An older or an old one is refused; a link that was used is no error; then there is nothing to send."""
    first = ConfirmEmail(token=await world.proof_token(registered.organisation))
    await world.commands.resend_confirmation(ResendConfirmation(address=ADDRESS), by=world.owner)
    with pytest.raises(errors.LinkNotValid):
        await world.commands.confirm_email(first, by=world.owner)
    world.clock.advance(seconds=world.ports.policy.proof_life.total_seconds())
    with pytest.raises(errors.LinkNotValid):
        await confirm(world, registered, by=world.owner)
    await world.commands.resend_confirmation(ResendConfirmation(address=ADDRESS), by=world.owner)
    for _ in range(2):
        await confirm(world, registered, by=world.owner)
    with pytest.raises(errors.EmailIsProven):
        await world.commands.resend_confirmation(ResendConfirmation(address=ADDRESS), by=world.owner)
    with pytest.raises(errors.LinkNotValid):
        await world.commands.confirm_email(ConfirmEmail(token="made up"), by=world.owner)


async def test_nobody_is_flooded_nor_shut_out(world: World, registered: Registered) -> None:
    """Few mails reach an address for one caller, some more for all; a quota that is used up keeps nobody elsewhere."""
    resend = world.commands.resend_confirmation
    for _ in range(world.ports.policy.proof_mails_per_account):
        await resend(ResendConfirmation(address=ADDRESS), by=world.owner)
    with pytest.raises(errors.ConfirmationQuotaReached):
        await resend(ResendConfirmation(address=ADDRESS), by=world.owner)
    await resend(ResendConfirmation(address="198.51.100.9"), by=world.owner)
    world.clock.advance(seconds=timedelta(days=1).total_seconds())
    await resend(ResendConfirmation(address=ADDRESS), by=world.owner)


async def test_tokens_tell_it_and_earlier_registrations_count(world: World, registered: Registered) -> None:
    """What other services refuse by stands in the token; a document that says nothing of it is proven enough."""
    owner = await world.ports.staff.get(world.owner, world.owner.id)
    assert (principal_of(owner, "").email_proven, owner.email_counts) == (False, False)
    owner.awaited_proof = None
    assert (principal_of(owner, "").email_proven, owner.email_counts) == (True, True)
