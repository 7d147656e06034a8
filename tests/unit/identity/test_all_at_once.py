"""All that is wrong with the details of a company, a person or an organisation is told at once."""

from datetime import UTC, datetime

import pytest

from chassis.kernel import DomainError, Role, new_id
from chassis.text import TextRequired
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.customer import Customer, CustomerDetails
from services.identity.domain.errors import UnknownTimeZone
from services.identity.domain.organisation import OrganisationDetails
from services.identity.domain.places import Address
from services.identity.domain.staff_member import StaffDetails, StaffMember

NOW = datetime(2026, 3, 10, tzinfo=UTC)


def fields(refusal: DomainError) -> list[str]:
    return [".".join(one.field) for one in refusal.all]


def test_a_company_names_every_wrong_detail() -> None:
    """Also those inside its addresses, each at its path."""
    details = CustomerDetails(
        name=" ",
        currency="EURO",
        email="nobody",
        website="javascript:alert(1)",
        billing_address=Address(line1="", city="", country="ZZ"),
    )
    with pytest.raises(TextRequired) as refused:
        Customer.create(new_id("cus"), new_id("org"), details, NOW)
    assert fields(refused.value) == [
        *("name", "currency", "email", "website"),
        *("billingAddress.line1", "billingAddress.city", "billingAddress.country"),
    ]


def test_people_name_every_wrong_detail_and_nothing_is_changed() -> None:
    """Contacts and staff, new and changed."""
    bad = {"name": "", "email": "x", "language": "zz-zz-zz"}
    with pytest.raises(TextRequired) as contact:
        Contact.add(new_id("con"), new_id("org"), new_id("cus"), ContactDetails(**bad, job_title="x" * 201), NOW)
    with pytest.raises(TextRequired) as colleague:
        StaffMember.join(new_id("stf"), new_id("org"), StaffDetails(**bad, role=Role.VIEWER), NOW)
    assert fields(contact.value) == ["name", "email", "language", "jobTitle"]
    assert fields(colleague.value) == ["name", "email", "language"]

    ada = Contact.add(
        new_id("con"), new_id("org"), new_id("cus"), ContactDetails(name="Ada", email="a@x.example", language="en"), NOW
    )
    with pytest.raises(DomainError) as change:
        ada.change_details({"name": "Eve", "job_title": "x" * 201, "language": "?"})
    assert (fields(change.value), ada.name) == (["jobTitle", "language"], "Ada")


def test_an_organisation_names_every_wrong_detail() -> None:
    """The first one is raised, the others are beside it."""
    details = OrganisationDetails(name="Nordlicht", time_zone="Factory", locale="root", currency="XYZ")
    with pytest.raises(UnknownTimeZone) as refused:
        details.checked()
    assert fields(refused.value) == ["timeZone", "locale", "currency"]
