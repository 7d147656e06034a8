"""Invites: how a contact comes in, and how links die."""

from dataclasses import replace

import pytest

from chassis.kernel import NotFound, Role, RoleForbids, WrongIdKind, new_id
from chassis.text import TextRequired
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.application.commands.disable_contact import DisableContact
from services.identity.application.commands.disable_portal import DisablePortal
from services.identity.application.commands.enable_contact import EnableContact
from services.identity.application.commands.invite_contacts import InviteContacts
from services.identity.application.commands.resend_invite import ResendInvite
from services.identity.application.commands.revoke_invite import RevokeInvite
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.reactions.send_mails import answers_of
from services.identity.domain import errors, events
from services.identity.domain.person import LinkState, PersonStatus
from tests.support.identity.world import PASSWORD, World, acting


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


async def accept(world: World, token: str, password: str = PASSWORD) -> None:
    await world.commands.accept_invite(AcceptInvite(token=token, password=password))


async def test_an_invited_contact_chooses_a_password_and_is_in(world: World) -> None:
    """Accepting an invite records the fact, opens a session and lets the contact log in later."""
    signed_in = await world.accepted()
    assert signed_in.person.status is PersonStatus.ACCEPTED
    assert [event.contact_id for event in world.told(events.ContactAccepted)] == [signed_in.person.id]
    assert (await world.log_in()).person.id == signed_in.person.id


async def test_several_contacts_are_invited_at_once_each_with_its_own_result(world: World) -> None:
    """One refusal among several invites stops none of the others."""
    customer = await world.customer()
    first = await world.contact(customer, "one@krause.example")
    already = await world.contact(customer, "two@krause.example")
    await world.accepted(already)
    ids = (first.id, already.id, new_id("con"), "inv_wrong")
    results = await world.commands.invite_contacts(InviteContacts(contact_ids=ids), by=world.owner)
    assert [result.contact_id for result in results] == list(ids)
    assert results[0].contact is not None
    refusals = [type(result.refusal) for result in results[1:]]
    assert refusals == [errors.AlreadyHasAccess, NotFound, WrongIdKind]


async def test_nobody_is_invited_while_the_portal_is_off(world: World) -> None:
    """Inviting needs an open portal."""
    contact = await world.contact()
    await world.commands.disable_portal(DisablePortal(), by=world.owner)
    with pytest.raises(errors.PortalNotEnabled):
        await world.invited(contact)


async def test_an_invite_of_nobody_or_of_too_many_is_refused(world: World) -> None:
    """The list of contacts must have 1 to 100 entries."""
    with pytest.raises(TextRequired):
        await world.commands.invite_contacts(InviteContacts(contact_ids=()), by=world.owner)
    many = tuple(new_id("con") for _ in range(101))
    with pytest.raises(errors.TooManyEntries):
        await world.commands.invite_contacts(InviteContacts(contact_ids=many), by=world.owner)


async def test_resending_kills_the_old_link(world: World) -> None:
    """Only the link of the newest mail works."""
    invited = await world.invited()
    old = world.token(invited)
    renewed = await world.commands.resend_invite(ResendInvite(person_id=invited.id), by=world.owner)
    with pytest.raises(errors.LinkNotValid):
        await accept(world, old)
    await accept(world, world.token(renewed))


async def test_a_link_works_once(world: World) -> None:
    """A used link is refused."""
    invited = await world.invited()
    await accept(world, world.token(invited))
    with pytest.raises(errors.LinkNotValid):
        await accept(world, world.token(invited))


async def test_an_expired_link_is_refused_and_can_be_renewed(world: World) -> None:
    """After its time a link is worth nothing, the status says so, and resending helps."""
    invited = await world.invited()
    world.clock.advance(days=14)
    assert invited.status_at(world.clock.now()) is PersonStatus.EXPIRED
    with pytest.raises(errors.LinkNotValid):
        await accept(world, world.token(invited))
    renewed = await world.commands.resend_invite(ResendInvite(person_id=invited.id), by=world.owner)
    await accept(world, world.token(renewed))


async def test_a_revoked_link_is_refused(world: World) -> None:
    """Revoking takes the link back, and only an open invite can be revoked."""
    invited = await world.invited()
    revoked = await world.commands.revoke_invite(RevokeInvite(person_id=invited.id), by=world.owner)
    assert revoked.status is PersonStatus.REVOKED
    assert [event.principal_id for event in world.told(events.InviteRevoked)] == [invited.id]
    with pytest.raises(errors.LinkNotValid):
        await accept(world, world.token(invited))
    with pytest.raises(errors.NotInvited):
        await world.commands.revoke_invite(RevokeInvite(person_id=invited.id), by=world.owner)


async def test_a_refused_password_leaves_the_link_good(world: World) -> None:
    """A weak password uses nothing up."""
    invited = await world.invited()
    with pytest.raises(errors.PasswordTooShort):
        await accept(world, world.token(invited), "short")
    await accept(world, world.token(invited))


async def test_a_forged_link_is_refused(world: World) -> None:
    """A token that we did not make opens nothing."""
    token = world.token(await world.invited())
    other_end = "A" if token[-1] != "A" else "B"
    for forged in (token[:-1] + other_end, token.upper(), token + " ", "", "x" * 999, "\x00", token.split(".")[0]):
        with pytest.raises(errors.LinkNotValid):
            await accept(world, forged)


async def test_looking_at_an_invite_never_uses_it(world: World) -> None:
    """A hundred previews, as mail scanners make them, leave the link as good as new."""
    invited = await world.invited()
    before = len(world.events)
    previews = {await world.queries.preview_invite(world.token(invited)) for _ in range(100)}
    assert {preview.state for preview in previews} == {LinkState.OPEN}
    assert {preview.organisation_name for preview in previews} == {"Nordlicht"}
    assert len(world.events) == before
    await accept(world, world.token(invited))
    assert (await world.queries.preview_invite(world.token(invited))).state is LinkState.GONE


async def test_an_expired_invite_says_so_and_a_forged_one_says_nothing(world: World) -> None:
    """Only links of ours tell whom they were for."""
    token = world.token(await world.invited())
    world.clock.advance(days=15)
    assert (await world.queries.preview_invite(token)).state is LinkState.EXPIRED
    forged = await world.queries.preview_invite(token[:-12] + "AAAA" + token[-8:])
    assert (forged.state, forged.name, forged.email) == (LinkState.GONE, None, None)


async def test_viewers_and_contacts_invite_nobody(world: World) -> None:
    """Inviting is for owners and accountants."""
    contact = await world.contact()
    command = InviteContacts(contact_ids=(contact.id,))
    viewer = acting(await world.colleague(Role.VIEWER))
    client = acting(await world.accepted(await world.contact(email="other@krause.example")))
    for by in (viewer, client):
        with pytest.raises(RoleForbids):
            await world.commands.invite_contacts(command, by=by)


async def test_another_organisation_cannot_invite_our_contacts(world: World) -> None:
    """Foreign contacts do not exist, and the refusal does not tell."""
    contact = await world.contact()
    stranger = acting((await world.register("Other", "eve@other.example")).signed_in)
    with pytest.raises(NotFound):
        await world.commands.resend_invite(ResendInvite(person_id=contact.id), by=stranger)


async def test_one_mail_address_has_access_for_one_company_of_an_organisation(world: World) -> None:
    """A second contact with the same address is refused access, so that log-ins are never ambiguous."""
    await world.accepted(await world.contact(await world.customer("A"), "same@client.example"))
    second = await world.contact(await world.customer("B"), "same@client.example")
    (result,) = await world.commands.invite_contacts(InviteContacts(contact_ids=(second.id,)), by=world.owner)
    assert isinstance(result.refusal, errors.EmailHasAccess)


async def test_a_new_address_needs_a_new_invite(world: World) -> None:
    """Changing the e-mail takes access, link and sessions away until the new invite is accepted."""
    signed_in = await world.accepted()
    command = UpdateContact(contact_id=signed_in.person.id, changes={"email": "new@krause.example"})
    changed = await world.commands.update_contact(command, by=world.owner)
    assert changed.status is PersonStatus.NOT_INVITED
    with pytest.raises(errors.LogInRefused):
        await world.log_in()
    assert [event.principal_id for event in world.told(events.SessionsEnded)] == [changed.id]
    await world.accepted(changed)
    assert (await world.log_in("new@krause.example")).person.id == changed.id


async def test_another_spelling_of_the_address_keeps_the_access(world: World) -> None:
    """Capitals make no other person."""
    signed_in = await world.accepted()
    command = UpdateContact(contact_id=signed_in.person.id, changes={"email": "Jona@Krause.example"})
    assert (await world.commands.update_contact(command, by=world.owner)).status is PersonStatus.ACCEPTED
    assert (await world.log_in()).person.email == "Jona@krause.example"


async def test_a_disabled_contact_is_out_at_once_and_can_come_back(world: World) -> None:
    """Disabling ends the sessions and refuses log-ins; enabling lets the contact in with the old password."""
    signed_in = await world.accepted()
    disabled = await world.commands.disable_contact(DisableContact(contact_id=signed_in.person.id), by=world.owner)
    assert disabled.status is PersonStatus.DISABLED
    (ended,) = world.told(events.SessionsEnded)
    assert ended.session_ids == (acting(signed_in).session_id,)
    with pytest.raises(errors.LogInRefused):
        await world.log_in()
    with pytest.raises(errors.NoAccessToDisable):
        await world.commands.disable_contact(DisableContact(contact_id=disabled.id), by=world.owner)
    await world.commands.enable_contact(EnableContact(contact_id=disabled.id), by=world.owner)
    assert (await world.log_in()).person.id == disabled.id
    with pytest.raises(errors.NotDisabled):
        await world.commands.enable_contact(EnableContact(contact_id=disabled.id), by=world.owner)


async def test_a_disabled_contact_is_enabled_not_invited(world: World) -> None:
    """An invite for a disabled contact is refused."""
    signed_in = await world.accepted()
    await world.commands.disable_contact(DisableContact(contact_id=signed_in.person.id), by=world.owner)
    (result,) = await world.commands.invite_contacts(InviteContacts(contact_ids=(signed_in.person.id,)), by=world.owner)
    assert isinstance(result.refusal, errors.AccessDisabled)


@pytest.mark.parametrize("own", ["hello@nordlicht.example", None])
async def test_contacts_can_answer_the_mail_that_invites_them(own: str | None) -> None:
    """Answers go to the organisation's address, else to its first owner's."""
    world = await World().with_portal()
    organisation = await world.ports.organisations.get(world.owner, world.owner.organisation_id)
    organisation.details = replace(organisation.details, email=own)
    expected = own or "ada@nordlicht.example"
    assert await answers_of(organisation, by=world.owner, ports=world.ports) == expected
