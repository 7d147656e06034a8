"""Erasing a contact: what the decision leaves, tells and refuses, and what brings nobody back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.erasing import NAME, address_of
from chassis.kernel import ProofNeeded, Role, RoleForbids
from chassis.mailing.return_path import mark_of
from services.identity.application.commands.erase_contact import EraseContact
from services.identity.application.commands.invite_contacts import InviteContacts
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.reactions.add_forwarded_contact import DocumentForwarded
from services.identity.domain.errors import ContactIsErased
from services.identity.domain.events import ContactErased, ContactUpdated, SessionsEnded
from services.identity.domain.person import PersonStatus
from tests.support.identity.world import World


async def test_nothing_is_left_but_an_id_and_marks() -> None:
    """Every detail is replaced, sessions end first, the pseudonym is told as an update, then the erasure."""
    world = await World().with_portal()
    contact = await world.contact(await world.customer(), "Jona@krause.example")
    await world.commands.update_contact(
        UpdateContact(contact_id=contact.id, changes={"email": "second@krause.example"}), by=world.owner
    )
    session = await world.accepted(contact)

    erased = await world.commands.erase_contact(EraseContact(contact_id=contact.id), by=world.owner)

    assert (erased.name, erased.email, erased.phone, erased.status) == (
        NAME,
        address_of(contact.id),
        None,
        PersonStatus.ERASED,
    )
    assert (erased.log_in_key, erased.password_hash, erased.invite, erased.may_log_in) == (None, None, None, False)
    told = world.told(ContactErased)[-1]
    assert told.address_marks == (mark_of("jona@krause.example"), mark_of("second@krause.example"))
    assert world.told(SessionsEnded)[-1].principal_id == session.person.id
    assert world.told(ContactUpdated)[-1].status == "disabled"


async def test_who_may_erase() -> None:
    """Owners only, and only those who have just shown who they are."""
    world = await World().with_portal()
    contact = await world.contact(await world.customer())
    command = EraseContact(contact_id=contact.id)
    with pytest.raises(RoleForbids):
        await world.commands.erase_contact(command, by=replace(world.owner, role=Role.ACCOUNTANT))
    with pytest.raises(ProofNeeded):
        await world.commands.erase_contact(command, by=replace(world.owner, proven_at=None))


async def test_nothing_can_be_added_to_who_was_erased() -> None:
    """A second erasure, a change and an invite are refused by the same name."""
    world = await World().with_portal()
    contact = await world.contact(await world.customer())
    await world.commands.erase_contact(EraseContact(contact_id=contact.id), by=world.owner)
    with pytest.raises(ContactIsErased):
        await world.commands.erase_contact(EraseContact(contact_id=contact.id), by=world.owner)
    with pytest.raises(ContactIsErased):
        await world.commands.update_contact(
            UpdateContact(contact_id=contact.id, changes={"name": "Back"}), by=world.owner
        )
    (invited,) = await world.commands.invite_contacts(InviteContacts(contact_ids=(contact.id,)), by=world.owner)
    assert isinstance(invited.refusal, ContactIsErased)


@pytest.mark.parametrize(("late_by", "count"), [(timedelta(hours=-1), 1), (timedelta(hours=1), 2)])
async def test_an_old_forward_brings_nobody_back(late_by: timedelta, count: int) -> None:
    """What was forwarded to the address before the erasure adds no contact; what is forwarded after it, does."""
    world = await World().with_portal()
    customer = await world.customer()
    contact = await world.contact(customer, "jona@krause.example")
    await world.commands.erase_contact(EraseContact(contact_id=contact.id), by=world.owner)
    event = DocumentForwarded(
        event_id="fwd_1-1",
        forwarded_at=world.clock.now() + late_by,
        customer_id=customer.id,
        recipient_name="Jona",
        recipient_email="JONA@krause.example",
    )
    await world.reactions.add_forwarded_contact(event, by=world.owner)
    contacts: Any = world.ports.contacts
    assert len([*contacts.all()]) == count
