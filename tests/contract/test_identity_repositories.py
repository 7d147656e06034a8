"""One suite for identity's repositories: the fakes and the real ones behave alike."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import AlreadyExists, NotFound, PageRequest, Principal, Role, new_id
from chassis.mongo.client import connect
from chassis.mongo.indexes import ensure_indexes
from services.identity.adapters import mongo_access as access
from services.identity.adapters import mongo_people as people
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.customer import Customer, CustomerDetails
from services.identity.domain.organisation import Organisation, OrganisationDetails, PortalSettings
from services.identity.domain.person import NewPasskey, PersonStatus
from services.identity.domain.places import Address
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter
from services.identity.domain.session import EndReason, Session
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.messaging.published import LANGUAGE
from tests.support.clock import NOON
from tests.support.identity.world import fake_ports
from tests.support.storage import SERVERS, address

OURS, THEIRS = new_id("org"), new_id("org")
BY = Principal(id=new_id("stf"), organisation_id=OURS, role=Role.OWNER)
STRANGER = Principal(id=new_id("stf"), organisation_id=THEIRS, role=Role.OWNER)
WEEK = timedelta(days=7)


@pytest.fixture(params=["fake", *SERVERS])
async def ports(request: pytest.FixtureRequest) -> AsyncIterator[Ports]:
    if request.param == "fake":
        yield fake_ports([])
        return
    database = connect(address(request), new_id("tst"))
    await ensure_indexes(database, (*access.INDEXES, *people.INDEXES))

    def committed() -> None:
        return None

    yield fake_ports(
        [],
        organisations=access.MongoOrganisations(database, LANGUAGE, committed),
        staff=people.MongoStaffMembers(database, LANGUAGE, committed),
        customers=people.MongoCustomers(database, LANGUAGE, committed),
        contacts=people.MongoContacts(database, LANGUAGE, committed),
        sessions=access.MongoSessions(database, LANGUAGE, committed),
        resets=access.MongoPasswordResets(database, LANGUAGE, committed),
        throttle=access.MongoThrottle(database),
    )
    await database.drop()
    await database.close()


def organisation(organisation_id: str = OURS) -> Organisation:
    details = OrganisationDetails(name="N", time_zone="UTC", locale="de-DE", currency="EUR")
    return Organisation.register(organisation_id, details, new_id("stf"), NOON)


def customer(name: str = "Krause", organisation_id: str = OURS, **details: Any) -> Customer:
    given = CustomerDetails(name=name, currency="EUR", **details)
    return Customer.create(new_id("cus"), organisation_id, given, NOON)


def contact(email: str, customer_id: str, organisation_id: str = OURS, name: str = "Jona") -> Contact:
    details = ContactDetails(name=name, email=email, language="de")
    return Contact.add(new_id("con"), organisation_id, customer_id, details, NOON)


def invite(it: Contact) -> None:
    it.send_invite(lambda generation: f"hash-{generation}", by="stf_1", life=WEEK, now=NOON)


async def test_an_aggregate_comes_back_as_it_was(ports: Ports) -> None:
    """Nested values, times and enums survive storage."""
    made = customer(billing_address=Address(line1="A 1", city="B", country="DE"), notes="one\ntwo")
    await ports.customers.add(made)
    found = await ports.customers.get(BY, made.id)
    assert (found.details, found.created_at, found.sort_name) == (made.details, NOON, "krause")
    portal = organisation()
    portal.enable_portal(PortalSettings(name="P", slug="portal-one"), NOON)
    await ports.organisations.add(portal)
    assert (await ports.organisations.get(BY, OURS)).portal == portal.portal


async def test_others_find_nothing(ports: Ports) -> None:
    """What belongs to another organisation, or to another company of a contact, does not exist."""
    made = customer()
    await ports.customers.add(made)
    client = Principal(id=new_id("con"), organisation_id=OURS, role=Role.CONTACT, customer_id=new_id("cus"))
    person = contact("a@a.example", made.id)
    await ports.contacts.add(person)
    for by in (STRANGER, client):
        for repository, aggregate_id in ((ports.customers, made.id), (ports.contacts, person.id)):
            with pytest.raises(NotFound):
                await repository.get(by, aggregate_id)
            assert await repository.get_many(by, [aggregate_id]) == {}


async def test_a_contact_never_gets_its_own_company_for_another_id(ports: Ports) -> None:
    """The scope narrows what was asked for; it never replaces it."""
    mine, other = customer("Mine"), customer("Other")
    await ports.customers.add(mine)
    await ports.customers.add(other)
    client = Principal(id=new_id("con"), organisation_id=OURS, role=Role.CONTACT, customer_id=mine.id)
    assert (await ports.customers.get(client, mine.id)).id == mine.id
    with pytest.raises(NotFound):
        await ports.customers.get(client, other.id)
    assert set(await ports.customers.get_many(client, [mine.id, other.id])) == {mine.id}


async def test_a_slug_is_unique_on_the_installation(ports: Ports) -> None:
    """Two organisations cannot have one portal address, and any number can have none."""
    first, second, third = (organisation(new_id("org")) for _ in range(3))
    for one in (first, second, third):
        await ports.organisations.add(one)
    settings = PortalSettings(name="P", slug="portal-two")
    service = Principal.for_service(first.id)
    await ports.organisations.update(service, first.id, lambda it: it.enable_portal(settings, NOON))
    with pytest.raises(AlreadyExists):
        await ports.organisations.update(
            Principal.for_service(second.id), second.id, lambda it: it.enable_portal(settings, NOON)
        )
    found = await ports.organisations.find_by_slug("portal-two")
    assert found is not None
    assert found.id == first.id
    assert await ports.organisations.find_by_slug("nowhere") is None
    await ports.organisations.update(service, first.id, lambda it: it.update_portal({"slug": "portal-three"}, NOON))
    for slug in ("portal-two", "portal-three"):
        again = await ports.organisations.find_by_slug(slug)
        assert again is not None
        assert (again.id, again.slug) == (first.id, "portal-three")


async def test_an_address_is_unique_within_a_company_and_access_within_an_organisation(ports: Ports) -> None:
    """The same e-mail may be a contact of several companies; one of them may have access."""
    first, second = new_id("cus"), new_id("cus")
    one, other = contact("same@x.example", first), contact("SAME@x.example", second)
    await ports.contacts.add(one)
    await ports.contacts.add(other)
    with pytest.raises(AlreadyExists):
        await ports.contacts.add(contact("Same@X.example", first))
    await ports.contacts.update(BY, one.id, invite)
    with pytest.raises(AlreadyExists):
        await ports.contacts.update(BY, other.id, invite)
    found = await ports.contacts.find_for_log_in("same@x.example", OURS)
    assert found is not None
    assert found.id == one.id
    assert await ports.contacts.find_for_log_in("same@x.example", THEIRS) is None


async def test_contacts_are_found_by_company_and_address(ports: Ports) -> None:
    """Only the company's own contact is found, and only by its own organisation."""
    company = new_id("cus")
    await ports.contacts.add(contact("mia@x.example", company))
    assert await ports.contacts.find_by_email(BY, company, "mia@x.example") is not None
    assert await ports.contacts.find_by_email(BY, new_id("cus"), "mia@x.example") is None
    assert await ports.contacts.find_by_email(STRANGER, company, "mia@x.example") is None


async def test_staff_log_in_where_they_joined_first_or_where_they_say(ports: Ports) -> None:
    """The same e-mail may be on several staffs."""
    members: list[StaffMember] = []
    for number, organisation_id in enumerate((OURS, THEIRS)):
        details = StaffDetails(name="Ada", email="ada@x.example", role=Role.OWNER)
        now = NOON + timedelta(days=number)
        members.append(StaffMember.register_owner(new_id("stf"), organisation_id, details, "hash", now))
        members[-1].awaited_proof = None
        await ports.staff.add(members[-1])
    first = await ports.staff.find_for_log_in("ada@x.example", None)
    named = await ports.staff.find_for_log_in("ada@x.example", THEIRS)
    assert [found and found.id for found in (first, named)] == [member.id for member in members]
    assert await ports.staff.find_for_log_in("nobody@x.example", None) is None


async def test_open_sessions_are_listed(ports: Ports) -> None:
    """Ended and idle sessions, and those of others, are not."""
    person = new_id("con")

    def session(principal: str = person, idle: timedelta = WEEK) -> Session:
        return Session.start(new_id("ses"), OURS, principal, epoch=0, idle=idle, life=WEEK, now=NOON)

    here, ended, idle, other = session(), session(), session(idle=timedelta()), session(new_id("con"))
    ended.end(EndReason.LOGGED_OUT, NOON)
    for one in (here, ended, idle, other):
        await ports.sessions.add(one)
    assert await ports.sessions.open_ids(BY, person, NOON) == (here.id,)
    assert await ports.sessions.open_ids(STRANGER, person, NOON) == ()
    later = session()
    later.expires_at += timedelta(hours=1)
    await ports.sessions.add(later)
    newest = [[one.id for one in await ports.sessions.newest(BY, person, NOON, most)] for most in (1, 5)]
    assert newest == [[later.id], [later.id, here.id]]
    assert await ports.sessions.newest(STRANGER, person, NOON, 5) == []


async def test_lists_are_searched_sorted_and_paged(ports: Ports) -> None:
    """Pages follow each other without gaps or repetition, in both orders, whatever the search text contains."""
    for number, name in enumerate(("alpha", "Beta", "gamma (a.b)", "ÄRA", "Delta")):
        made = customer(name, email=f"{number}@mail.example")
        made.created_at = NOON + timedelta(minutes=number)
        await ports.customers.add(made)
    await ports.customers.add(customer("Foreign", THEIRS))

    async def names(order: SortOrder, search: str | None = None) -> list[str]:
        found, after = [], None
        while True:
            page = await ports.customers.page(BY, CustomerFilter(search=search), order, PageRequest(2, after))
            found += [item.details.name for item in page.items]
            if not page.has_next_page:
                return found
            after = page.cursors[-1]

    assert await names(SortOrder.NAME) == ["alpha", "ÄRA", "Beta", "Delta", "gamma (a.b)"]
    assert await names(SortOrder.NAME_BACKWARD) == ["gamma (a.b)", "Delta", "Beta", "ÄRA", "alpha"]
    assert await names(SortOrder.NEWEST) == ["Delta", "ÄRA", "gamma (a.b)", "Beta", "alpha"]
    assert await names(SortOrder.OLDEST, "A") == ["alpha", "Beta", "gamma (a.b)", "ÄRA", "Delta"]
    assert await names(SortOrder.NAME, "(a.b") == ["gamma (a.b)"]
    assert await names(SortOrder.NAME, "3@MAIL") == ["ÄRA"]
    assert await names(SortOrder.NAME, "a\u0308ra") == await names(SortOrder.NAME, "ara") == ["ÄRA"]
    assert await names(SortOrder.NAME, ".*") == []
    assert await names(SortOrder.NAME, "  ") == await names(SortOrder.NAME)


async def test_companies_are_found_by_what_is_written_on_their_papers(ports: Ports) -> None:
    """The e-mail address in any case, and numbers; rows that an earlier version saved are found meanwhile."""
    await ports.customers.add(customer("Straße AG", email="Billing.Dept@Example.com", tax_id="DE 136 695 976"))

    async def found(search: str) -> int:
        request = PageRequest()
        return len((await ports.customers.page(BY, CustomerFilter(search=search), SortOrder.NAME, request)).items)

    wanted = ("billing.dept", "Billing.Dept@EXAMPLE", "strasse", "STRASSE ag", "de 136 695")
    assert [await found(text) for text in wanted] == [1] * len(wanted)


async def test_contacts_are_filtered_by_company_and_by_status_as_people_read_it(ports: Ports) -> None:
    """An open invite counts as expired when its time has run out."""
    company = new_id("cus")
    fresh, invited = contact("f@x.example", company, name="Fresh"), contact("i@x.example", new_id("cus"), name="Inv")
    for one in (fresh, invited):
        await ports.contacts.add(one)
    await ports.contacts.update(BY, invited.id, invite)

    async def names(**match: Any) -> list[str]:
        given = ContactFilter(**{"now": NOON, **match})
        return [one.name for one in (await ports.contacts.page(BY, given, SortOrder.NAME, PageRequest())).items]

    assert await names() == ["Fresh", "Inv"]
    assert await names(customer_id=company) == ["Fresh"]
    assert await names(statuses=frozenset({PersonStatus.NOT_INVITED})) == ["Fresh"]
    assert await names(statuses=frozenset({PersonStatus.INVITED})) == ["Inv"]
    assert await names(statuses=frozenset({PersonStatus.EXPIRED})) == []
    assert await names(statuses=frozenset({PersonStatus.EXPIRED}), now=NOON + WEEK) == ["Inv"]
    assert await names(statuses=frozenset({PersonStatus.INVITED, PersonStatus.NOT_INVITED})) == ["Fresh", "Inv"]
    assert await names(statuses=frozenset({PersonStatus.INVITED, PersonStatus.NOT_INVITED}), search="res") == ["Fresh"]
    assert await names(statuses=frozenset({PersonStatus.INVITED}), now=NOON + WEEK) == []
    client = Principal(id=fresh.id, organisation_id=OURS, role=Role.CONTACT, customer_id=company)
    own = await ports.contacts.page(client, ContactFilter(now=NOON), SortOrder.NAME, PageRequest())
    assert [one.name for one in own.items] == ["Fresh"]
    foreign = ContactFilter(now=NOON, customer_id=invited.customer_id)
    assert (await ports.contacts.page(client, foreign, SortOrder.NAME, PageRequest())).items == ()


async def test_who_proved_an_address_logs_in_with_it(ports: Ports) -> None:
    """Who registered and has to prove the address is not found by it alone; who had not to, in an earlier version,
    comes after whoever used a mailed link, however much earlier it was."""
    details = StaffDetails(name="Cleo", email=f"{new_id('stf')}@big.example", role=Role.OWNER)

    async def found(organisation_id: str | None) -> str | None:
        person = await ports.staff.find_for_log_in(details.email, organisation_id)
        return person and person.id

    squatter = StaffMember.register_owner(new_id("stf"), new_id("org"), details, "hash", NOON)
    await ports.staff.add(squatter)
    assert (await found(None), await found(squatter.organisation_id)) == (None, squatter.id)

    def was_not_asked(it: StaffMember) -> None:
        it.awaited_proof = None

    await ports.staff.update(Principal.for_service(squatter.organisation_id), squatter.id, was_not_asked)
    assert await found(None) == squatter.id
    real = StaffMember.join(new_id("stf"), new_id("org"), details, NOON + WEEK)
    real.send_invite(lambda _: "token", by="stf_1", life=WEEK, now=NOON + WEEK)
    await ports.staff.add(real)
    assert await found(None) == squatter.id
    accept = Principal.for_service(real.organisation_id)
    await ports.staff.update(accept, real.id, lambda it: it.accept_invite("token", "hash", NOON + WEEK))
    assert await found(None) == real.id
    assert await found(squatter.organisation_id) == squatter.id


async def test_staff_are_filtered(ports: Ports) -> None:
    """By part of the name or e-mail, and by whether they may log in."""
    owner = StaffMember.register_owner(
        new_id("stf"), OURS, StaffDetails(name="Ada", email="ada@x.example", role=Role.OWNER), "hash", NOON
    )
    waiting = StaffMember.join(
        new_id("stf"), OURS, StaffDetails(name="Ben", email="ben@x.example", role=Role.VIEWER), NOON
    )
    for one in (owner, waiting):
        await ports.staff.add(one)

    async def names(**match: Any) -> list[str]:
        page = await ports.staff.page(BY, StaffFilter(**match), SortOrder.NAME, PageRequest())
        return [one.name for one in page.items]

    assert await names() == ["Ada", "Ben"]
    assert await names(active=True) == ["Ada"]
    assert await names(active=False) == ["Ben"]
    assert await names(search="BEN@") == ["Ben"]


async def test_tries_are_counted_within_a_moving_window(ports: Ports) -> None:
    """A burst gets its share and no more, a released try counts no longer, and time gives tries back one by one."""

    async def admit(minutes: int = 0) -> str | None:
        now = NOON + timedelta(minutes=minutes)
        return await ports.throttle.admit("key", limit=10, window=timedelta(minutes=15), now=now)

    receipts = [receipt for receipt in await asyncio.gather(*(admit() for _ in range(60))) if receipt]
    assert len(receipts) == 10
    await ports.throttle.release("key", receipts[0])
    assert await admit(5) is not None
    assert await admit(5) is None
    assert [await admit(15) is not None for _ in range(10)] == [True] * 9 + [False]
    assert await ports.throttle.admit("other", limit=1, window=timedelta(1), now=NOON) is not None


async def test_one_passkey_is_one_persons(ports: Ports) -> None:
    """Two people cannot keep the same one, however close together; one person has several, most have none."""
    new = [
        NewPasskey(id=new_id("key"), public_key="k", sign_count=0, backup_eligible=False, backed_up=False, attempt=n)
        for n in "ab"
    ]
    people = [
        StaffMember.register_owner(
            new_id("stf"), new_id("org"), StaffDetails(name="A", email=f"{n}@x.example", role=Role.OWNER), "h", NOON
        )
        for n in range(3)
    ]
    for one in people:
        await ports.staff.add(one)

    async def add(person: StaffMember, key: NewPasskey) -> bool:
        by = Principal.for_service(person.organisation_id)
        try:
            await ports.staff.update(by, person.id, lambda it: it.add_passkey(key, "Key", (), NOON))
        except AlreadyExists:
            return False
        return True

    assert sorted(await asyncio.gather(*(add(one, new[0]) for one in people))) == [False, False, True]
    assert sorted([await add(one, new[1]) for one in people]) == [False, False, True]
