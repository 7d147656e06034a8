"""The directory: what identity told, kept and scoped; asked for only when it is missing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from chassis.kernel import NotFound
from chassis.mongo.client import connect
from services.billing.adapters.mongo_directory import MongoDirectory
from services.billing.application.directory import ContactProfile, CustomerProfile, PortalProfile
from services.billing.domain.errors import DirectoryUnavailable
from tests.support.billing.makers import (
    CLIENT,
    CONTACT,
    CUSTOMER,
    ORGANISATION,
    OTHER_CLIENT,
    OTHER_CUSTOMER,
    OWNER,
    STRANGER,
)
from tests.support.billing.running import FakeIdentity, known_identity


@dataclass
class Known:
    """A directory and the identity behind it."""

    directory: MongoDirectory
    identity: FakeIdentity

    @property
    def customer(self) -> CustomerProfile:
        return self.identity.customers[CUSTOMER]


@pytest.fixture
async def known(mongo_url: str, database_name: str) -> AsyncIterator[Known]:
    database, identity = connect(mongo_url, database_name), known_identity()
    yield Known(MongoDirectory(database, identity), identity)
    await database.close()


async def test_what_was_told_is_not_asked_for(known: Known) -> None:
    """Every detail comes back as it was told."""
    organisation = known.identity.organisations[ORGANISATION]
    await known.directory.note_organisation(1, organisation)
    await known.directory.note_customer(1, known.customer)
    assert await known.directory.organisation(OWNER) == organisation
    assert await known.directory.customer(OWNER, CUSTOMER) == known.customer
    assert known.identity.asked == []


async def test_what_is_missing_is_asked_for_once(known: Known) -> None:
    """The answer is kept; later news replaces it, older does not."""
    for _ in range(3):
        await known.directory.customer(OWNER, CUSTOMER)
    assert known.identity.asked == [CUSTOMER]
    await known.directory.note_customer(5, replace(known.customer, name="Five"))
    await known.directory.note_customer(4, replace(known.customer, name="Four"))
    assert (await known.directory.customer(OWNER, CUSTOMER)).name == "Five"


async def test_contacts_are_named_to_those_who_may_know_them(known: Known) -> None:
    """Staff and the contact's own company read the latest name; others, and nobody's contact, have none."""
    contact = ContactProfile(id=CONTACT, organisation_id=ORGANISATION, customer_id=CUSTOMER, name="Carla Bianchi")
    await known.directory.note_contact(2, contact)
    await known.directory.note_contact(1, replace(contact, name="Carla Bianco"))
    for by, name in ((OWNER, contact.name), (CLIENT, contact.name), (OTHER_CLIENT, ""), (STRANGER, "")):
        assert await known.directory.contact_name(by, CONTACT) == name
    assert await known.directory.contact_name(OWNER, "") == ""


async def test_settings_of_the_portal_and_details_move_apart(known: Known) -> None:
    """Both are told by the same subject: late details never swallow earlier settings, and news counts at once."""
    organisation = known.identity.organisations[ORGANISATION]
    await known.directory.note_organisation(7, organisation)
    assert (await known.directory.portal(CLIENT)).document_types == ("estimate", "invoice")
    await known.directory.note_portal(3, ORGANISATION, PortalProfile(enabled=True, document_types=("invoice",)))
    assert (await known.directory.portal(CLIENT)).document_types == ("invoice",)
    await known.directory.note_portal(4, ORGANISATION, PortalProfile(enabled=True, document_types=()))
    await known.directory.note_organisation(8, replace(organisation, name="Renamed"))
    assert (await known.directory.portal(CLIENT)).document_types == ()
    assert (await known.directory.organisation(OWNER)).name == "Renamed"


async def test_everybody_sees_their_own_only(known: Known) -> None:
    """Another organisation and another client's contact find nothing, one by one and in batches."""
    both = [CUSTOMER, OTHER_CUSTOMER, "cus_unknown"]
    assert set(await known.directory.customers(OWNER, both)) == {CUSTOMER, OTHER_CUSTOMER}
    assert set(await known.directory.customers(CLIENT, both)) == {CUSTOMER}
    assert await known.directory.customers(STRANGER, both) == {}
    for who in (STRANGER, OTHER_CLIENT):
        with pytest.raises(NotFound):
            await known.directory.customer(who, CUSTOMER)


async def test_identity_away_is_one_named_refusal(known: Known) -> None:
    """A document is not sent to somebody unknown; what is known already needs nobody."""

    await known.directory.customer(OWNER, CUSTOMER)
    known.identity.away = True
    assert (await known.directory.customer(OWNER, CUSTOMER)).id == CUSTOMER
    with pytest.raises(DirectoryUnavailable):
        await known.directory.customer(OWNER, OTHER_CUSTOMER)
    found = await known.directory.customers(OWNER, [CUSTOMER, OTHER_CUSTOMER, "nonsense"])
    assert {key: type(one) for key, one in found.items()} == {
        CUSTOMER: CustomerProfile,
        OTHER_CUSTOMER: DirectoryUnavailable,
    }


async def test_identity_s_own_word_is_kept_and_never_replaces_newer_news(known: Known) -> None:
    """Asked at a refusal, identity's answer counts at once, and stays known without asking again."""
    await known.directory.note_portal(3, ORGANISATION, PortalProfile(enabled=False))
    known.identity.portals[ORGANISATION] = PortalProfile(enabled=True, name="Open")
    known.identity.sequence = 5
    assert (await known.directory.portal_now(CLIENT)).enabled
    assert (await known.directory.portal(CLIENT)).name == "Open"
    await known.directory.note_portal(4, ORGANISATION, PortalProfile(enabled=False))
    assert (await known.directory.portal(CLIENT)).name == "Open"
    known.identity.sequence, known.identity.portals[ORGANISATION] = 4, PortalProfile(enabled=True, name="Older")
    assert (await known.directory.portal_now(CLIENT)).name == "Older"
    assert (await known.directory.portal(CLIENT)).name == "Open"


async def test_a_contact_of_whom_nothing_was_told_is_asked_for(known: Known) -> None:
    """A name that is late is asked for, and told to those who may know it; with identity away it is empty."""
    contact = ContactProfile(id=CONTACT, organisation_id=ORGANISATION, customer_id=CUSTOMER, name="Carla Bianchi")
    known.identity.contacts[CONTACT] = contact
    known.identity.away = True
    assert await known.directory.contact_name(OWNER, CONTACT) == ""
    known.identity.away = False
    for by, name in ((STRANGER, ""), (OTHER_CLIENT, ""), (CLIENT, contact.name), (OWNER, contact.name)):
        assert await known.directory.contact_name(by, CONTACT) == name


async def test_nobody_makes_us_ask_for_what_is_not_theirs(known: Known) -> None:
    """A contact's look at other companies, and ids that are none, ask nobody."""
    assert await known.directory.customers(CLIENT, [OTHER_CUSTOMER, "nonsense", "cus_unknown"]) == {}
    with pytest.raises(NotFound):
        await known.directory.customer(CLIENT, OTHER_CUSTOMER)
    assert known.identity.asked == []
