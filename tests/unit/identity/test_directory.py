"""Organisations, portals, staff, customers and contacts: history, command, then facts or a named refusal."""

import pytest

from chassis.kernel import (
    Forbidden,
    NotFound,
    PageRequest,
    Principal,
    Role,
    RoleForbids,
    WrongIdKind,
    derived_bits,
    id_from_bits,
    new_id,
)
from chassis.text import TextRequired
from services.identity.application.commands.add_contact import AddContact
from services.identity.application.commands.create_customer import CreateCustomer
from services.identity.application.commands.deactivate_staff import DeactivateStaff
from services.identity.application.commands.disable_portal import DisablePortal
from services.identity.application.commands.enable_portal import EnablePortal
from services.identity.application.commands.invite_staff import InviteStaff
from services.identity.application.commands.reactivate_staff import ReactivateStaff
from services.identity.application.commands.register_organisation import RegisterOrganisation
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.commands.update_customer import UpdateCustomer
from services.identity.application.commands.update_my_account import UpdateMyAccount
from services.identity.application.commands.update_my_company import UpdateMyCompany
from services.identity.application.commands.update_organisation import UpdateOrganisation
from services.identity.application.commands.update_portal_settings import UpdatePortalSettings
from services.identity.application.commands.update_staff import UpdateStaff
from services.identity.application.queries.show_directory import ListCustomers, ListStaff
from services.identity.application.reactions.add_forwarded_contact import DocumentForwarded
from services.identity.domain import errors, events
from services.identity.domain.contact import ContactDetails
from services.identity.domain.customer import CustomerDetails
from services.identity.domain.organisation import DocumentType, OrganisationDetails, PortalSettings
from services.identity.domain.person import PersonStatus
from services.identity.domain.places import Address
from services.identity.domain.repositories import CustomerFilter, SortOrder, StaffFilter
from services.identity.domain.staff_member import StaffDetails
from tests.support.identity.world import PASSWORD, World, acting


@pytest.fixture
async def world() -> World:
    return await World().with_portal()


async def test_registering_makes_an_organisation_with_an_owner_and_no_portal() -> None:
    """S1: the portal is off until staff enable it, and the first owner is logged in."""
    world = World()
    registered = await world.register()
    assert registered.organisation.portal is None
    assert acting(registered.signed_in).role is Role.OWNER
    told = [events.OrganisationRegistered, events.StaffMemberAdded, events.EmailProofRequested]
    assert [type(event) for event in world.events] == told
    assert await world.queries.directory.portal("nordlicht") is None


async def test_a_registration_that_died_half_way_is_finished() -> None:
    """Told again with the same ids, it adds what is missing and nothing twice."""
    world = World()
    command = RegisterOrganisation(
        organisation_id=new_id("org"),
        owner_id=new_id("stf"),
        details=OrganisationDetails(name="N", time_zone="Europe/Berlin", locale="de-DE", currency="EUR"),
        owner_name="Ada",
        owner_email="ada@n.example",
        owner_language="de",
        password=PASSWORD,
    )
    for _ in range(2):
        await world.commands.register_organisation(command)
    told = [events.OrganisationRegistered, events.StaffMemberAdded, events.EmailProofRequested]
    assert [type(event) for event in world.events] == told


async def test_a_wrong_registration_stores_nothing() -> None:
    """Whatever is wrong with the owner leaves no organisation behind, and the field says whose it is."""
    world = World()
    with pytest.raises(errors.InvalidEmail) as caught:
        await world.register(email="nobody")
    assert caught.value.field == ("owner", "email")
    assert world.events == []


async def test_the_portal_opens_changes_and_closes(world: World) -> None:
    """S1, S2: each step is told with all settings, and what is not allowed is refused by name."""
    assert (await world.queries.directory.portal("nordlicht")) is not None
    with pytest.raises(errors.PortalAlreadyEnabled):
        await world.commands.enable_portal(EnablePortal(settings=PortalSettings(name="X", slug="xyz")), by=world.owner)
    command = UpdatePortalSettings(changes={"document_types": (DocumentType.INVOICE,), "banner_message": "Hi"})
    await world.commands.update_portal_settings(command, by=world.owner)
    told = world.told(events.PortalSettingsChanged)[-1]
    assert (told.document_types, told.banner_message, told.slug) == (("invoice",), "Hi", "nordlicht")
    count = len(world.events)
    await world.commands.update_portal_settings(command, by=world.owner)
    assert len(world.events) == count
    await world.commands.disable_portal(DisablePortal(), by=world.owner)
    assert world.told(events.PortalSettingsChanged)[-1].enabled is False
    assert await world.queries.directory.portal("nordlicht") is None
    with pytest.raises(errors.PortalNotEnabled):
        await world.commands.update_portal_settings(command, by=world.owner)


async def test_a_slug_belongs_to_one_portal(world: World) -> None:
    """Another organisation is told that the address is taken."""
    other = acting((await world.register("Other", "eve@other.example")).signed_in)
    settings = PortalSettings(name="Other", slug="nordlicht")
    with pytest.raises(errors.SlugTaken):
        await world.commands.enable_portal(EnablePortal(settings=settings), by=other)


async def test_a_former_slug_stays_with_its_portal(world: World) -> None:
    """It leads to the portal that had it, nobody else gets it, and the portal may take it back."""
    other = acting((await world.register("Other", "eve@other.example")).signed_in)
    await world.commands.enable_portal(EnablePortal(settings=PortalSettings(name="X", slug="othery")), by=other)
    await world.commands.update_portal_settings(UpdatePortalSettings(changes={"slug": "nordwind"}), by=world.owner)

    for taken in ("nordlicht", "nordwind"):
        with pytest.raises(errors.SlugTaken):
            await world.commands.update_portal_settings(UpdatePortalSettings(changes={"slug": taken}), by=other)
    found = await world.queries.directory.portal("nordlicht")
    assert found is not None
    assert (found.id, found.slug) == (world.owner.organisation_id, "nordwind")

    await world.commands.update_portal_settings(UpdatePortalSettings(changes={"slug": "nordlicht"}), by=world.owner)
    back = await world.queries.directory.portal("nordwind")
    assert back is not None
    assert (back.slug, back.former_slugs) == ("nordlicht", ("nordwind",))


@pytest.mark.parametrize("slug", ["", "ab", "1abc", "Abc", "a--b", "a-", "a b", "admin", "x" * 64, "ümlaut", "a\n"])
async def test_a_slug_has_a_form(slug: str) -> None:
    """Small letters, digits and single hyphens, and no reserved word."""
    with pytest.raises(errors.InvalidSlug):
        PortalSettings(name="P", slug=slug).checked()


async def test_only_owners_change_portal_and_staff(world: World) -> None:
    """Accountants, viewers and contacts do not."""
    accountant = acting(await world.colleague(Role.ACCOUNTANT))
    viewer = acting(await world.colleague(Role.VIEWER, "viv@nordlicht.example"))
    client = acting(await world.accepted())
    for by in (accountant, viewer, client):
        with pytest.raises(RoleForbids):
            await world.commands.update_portal_settings(UpdatePortalSettings(changes={"name": "X"}), by=by)
        with pytest.raises(RoleForbids):
            await world.commands.update_organisation(UpdateOrganisation(changes={"name": "X"}), by=by)
        with pytest.raises(RoleForbids):
            await world.commands.update_staff(UpdateStaff(staff_id=by.id, changes={"role": Role.OWNER}), by=by)


async def test_the_last_owner_stays(world: World) -> None:
    """An organisation keeps an owner; with a second one the first can go, and come back."""
    for command in (
        world.commands.update_staff(
            UpdateStaff(staff_id=world.owner.id, changes={"role": Role.VIEWER}), by=world.owner
        ),
        world.commands.deactivate_staff(DeactivateStaff(staff_id=world.owner.id), by=world.owner),
    ):
        with pytest.raises(errors.LastOwner):
            await command
    second = acting(await world.colleague(Role.OWNER))
    await world.commands.deactivate_staff(DeactivateStaff(staff_id=world.owner.id), by=second)
    with pytest.raises(errors.LastOwner):
        await world.commands.deactivate_staff(DeactivateStaff(staff_id=second.id), by=second)
    await world.commands.reactivate_staff(ReactivateStaff(staff_id=world.owner.id), by=second)
    await world.commands.deactivate_staff(DeactivateStaff(staff_id=second.id), by=world.owner)


async def test_another_role_takes_effect_at_once(world: World) -> None:
    """A colleague's tokens carry the role, so another role ends the sessions; another phone number does not."""
    accountant = acting(await world.colleague(Role.ACCOUNTANT))
    await world.commands.update_staff(UpdateStaff(staff_id=accountant.id, changes={"phone": "123"}), by=world.owner)
    assert world.told(events.SessionsEnded) == []
    await world.commands.update_staff(
        UpdateStaff(staff_id=accountant.id, changes={"role": Role.VIEWER}), by=world.owner
    )
    (ended,) = world.told(events.SessionsEnded)
    assert ended.session_ids == (accountant.session_id,)


async def test_a_refused_change_of_the_owner_costs_no_owner(world: World) -> None:
    """An update that is refused for another reason leaves the count of owners as it was."""
    second = acting(await world.colleague(Role.OWNER))
    command = UpdateStaff(staff_id=second.id, changes={"role": Role.VIEWER, "name": " "})
    with pytest.raises(TextRequired):
        await world.commands.update_staff(command, by=world.owner)
    await world.commands.deactivate_staff(DeactivateStaff(staff_id=world.owner.id), by=second)


async def test_a_colleague_is_asked_in_once(world: World) -> None:
    """The same e-mail twice is refused; the same command twice is the same colleague; contacts' roles are none."""
    details = StaffDetails(name="Grace", email="grace@nordlicht.example", role=Role.VIEWER)
    command = InviteStaff(details=details)
    first = await world.commands.invite_staff(command, by=world.owner)
    again = await world.commands.invite_staff(command, by=world.owner)
    assert first.id == again.id
    with pytest.raises(errors.EmailTaken):
        await world.commands.invite_staff(InviteStaff(details=details), by=world.owner)
    contact_role = StaffDetails(name="X", email="x@x.example", role=Role.CONTACT)
    with pytest.raises(errors.NotAStaffRole):
        await world.commands.invite_staff(InviteStaff(details=contact_role), by=world.owner)


async def test_customers_are_entered_and_changed(world: World) -> None:
    """Facts carry the whole of the details and never the notes."""
    address = Address(line1=" Hof 1 ", city="Kiel", country="de")
    details = CustomerDetails(name="  Krause  ", currency="eur", billing_address=address, notes="pays late")
    customer = await world.commands.create_customer(CreateCustomer(details=details), by=world.owner)
    (created,) = world.told(events.CustomerCreated)
    assert (created.name, created.currency, created.language) == ("Krause", "EUR", "en")
    assert created.billing_address == Address(line1="Hof 1", city="Kiel", country="DE")
    assert "late" not in repr(created)
    command = UpdateCustomer(customer_id=customer.id, changes={"tax_id": "DE1"})
    await world.commands.update_customer(command, by=world.owner)
    await world.commands.update_customer(command, by=world.owner)
    assert [event.tax_id for event in world.told(events.CustomerUpdated)] == ["DE1"]


async def test_clients_change_their_own_company_where_the_portal_allows_it(world: World) -> None:
    """S32: their own company and no other, and not when the setting forbids it."""
    client = acting(await world.accepted())
    command = UpdateMyCompany(changes={"phone": "+49 30 123"})
    assert (await world.commands.update_my_company(command, by=client)).details.phone == "+49 30 123"
    for by in (world.owner, acting(await world.colleague(Role.VIEWER))):
        with pytest.raises(RoleForbids):
            await world.commands.update_my_company(command, by=by)
    await world.commands.update_portal_settings(
        UpdatePortalSettings(changes={"clients_may_edit": False}), by=world.owner
    )
    with pytest.raises(errors.EditingNotAllowed):
        await world.commands.update_my_company(command, by=client)


async def test_people_change_their_own_account(world: World) -> None:
    """S30: contacts and staff change name, phone, job and language of themselves."""
    changes = {"name": "New Name", "phone": "123 456", "job_title": "Boss", "language": "fr"}
    for by in (acting(await world.accepted()), world.owner):
        person = await world.commands.update_my_account(UpdateMyAccount(changes=changes), by=by)
        assert (person.id, person.name, person.job_title, person.language) == (by.id, "New Name", "Boss", "fr")
    assert [event.name for event in world.told(events.ContactUpdated)] == ["New Name"]


async def test_a_company_has_one_primary_contact(world: World) -> None:
    """A new primary contact makes the old one give way."""
    customer = await world.customer()
    first = await world.contact(customer, "a@x.example", is_primary=True)
    second = await world.contact(customer, "b@x.example", is_primary=True)
    assert await world.ports.contacts.primary_ids(world.owner, customer.id) == [second.id]
    command = UpdateContact(contact_id=first.id, changes={"is_primary": True})
    await world.commands.update_contact(command, by=world.owner)
    assert await world.ports.contacts.primary_ids(world.owner, customer.id) == [first.id]


async def test_one_address_is_one_contact_of_a_company(world: World) -> None:
    """Adding or changing to a taken address is refused; repeating a command is not adding."""
    customer = await world.customer()
    details = ContactDetails(name="A", email="a@x.example", language="de")
    command = AddContact(customer_id=customer.id, details=details)
    first = await world.commands.add_contact(command, by=world.owner)
    assert (await world.commands.add_contact(command, by=world.owner)).id == first.id
    with pytest.raises(errors.EmailTaken):
        await world.contact(customer, "A@X.example")
    other = await world.contact(customer, "b@x.example")
    with pytest.raises(errors.EmailTaken):
        await world.commands.update_contact(
            UpdateContact(contact_id=other.id, changes={"email": "a@x.example"}), by=world.owner
        )


async def test_forwarding_adds_one_contact_without_access(world: World) -> None:
    """S28: twice the same event, or two forwards to one address, make one contact with the company's language."""
    customer = await world.customer()
    service = Principal.for_service(world.owner.organisation_id)
    forwarded_at = world.clock.now()
    for event_id in ("fwd_1-1", "fwd_1-1", "fwd_2-1"):
        forwarded = DocumentForwarded(
            event_id=event_id,
            forwarded_at=forwarded_at,
            customer_id=customer.id,
            recipient_name="",
            recipient_email="Mia@x.example",
        )
        await world.reactions.add_forwarded_contact(forwarded, by=service)
    (added,) = world.told(events.ContactAdded)
    assert added.contact_id == id_from_bits("con", derived_bits("fwd_1-1", forwarded_at))
    assert (added.name, added.language, added.status) == ("Mia@x.example", "de", PersonStatus.NOT_INVITED)


async def test_wrong_and_foreign_ids_are_refused(world: World) -> None:
    """An id of another kind is a clear error; a foreign one does not exist."""
    with pytest.raises(WrongIdKind):
        await world.commands.update_customer(UpdateCustomer(customer_id=new_id("inv"), changes={}), by=world.owner)
    for customer_id in (new_id("cus"), (await world.customer()).id):
        stranger = acting((await world.register("Other", f"eve@{customer_id[-4:]}.example")).signed_in)
        with pytest.raises(NotFound):
            await world.commands.update_customer(
                UpdateCustomer(customer_id=customer_id, changes={"name": "Mine"}), by=stranger
            )
        with pytest.raises(NotFound):
            await world.commands.add_contact(
                AddContact(
                    customer_id=customer_id, details=ContactDetails(name="X", email="x@x.example", language="en")
                ),
                by=stranger,
            )


async def test_contacts_list_no_customers_and_no_staff(world: World) -> None:
    """What is for staff is forbidden for contacts or does not exist for them."""
    client = acting(await world.accepted())
    with pytest.raises(Forbidden):
        await world.queries.directory.list_customers(
            client, ListCustomers(match=CustomerFilter(), order=SortOrder.NAME, page=PageRequest())
        )
    with pytest.raises(Forbidden):
        await world.queries.directory.list_staff(
            client, ListStaff(match=StaffFilter(), order=SortOrder.NAME, page=PageRequest())
        )
    with pytest.raises(NotFound):
        await world.queries.directory.staff_member(client, world.owner.id)
