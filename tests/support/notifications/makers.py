"""The people and facts that the tests of notifications speak of."""

from dataclasses import replace

from chassis.kernel import Principal, Role, new_id
from services.notifications.application.ports import Organisation
from services.notifications.domain.kinds import Audience, Kind
from services.notifications.domain.notification import News, Recipient

ORG, CUSTOMER, OTHER_CUSTOMER = new_id("org"), new_id("cus"), new_id("cus")
ORGANISATION = Organisation(name="Northwind Studio", email="hello@northwind.example", slug="northwind")

OLGA = Recipient(id=new_id("stf"), audience=Audience.STAFF, name="Olga Owner", email="olga@northwind.example")
STAN = Recipient(
    id=new_id("stf"), audience=Audience.STAFF, name="Stan Staff", email="stan@northwind.example", language="de"
)
CARL = Recipient(id=new_id("con"), audience=Audience.CLIENT, name="Carl Client", email="carl@elan.example")
CORA = Recipient(
    id=new_id("con"), audience=Audience.CLIENT, name="Cora Client", email="cora@elan.example", language="fr"
)
PEOPLE = (OLGA, STAN, CARL, CORA)

INVOICE, ESTIMATE, PAYMENT = new_id("inv"), new_id("est"), new_id("pay")

FACTS = {
    "customer": "Élan Vital",
    "actor": "Carl Client",
    "amount": "1234.50",
    "total": "1234.50",
    "balance": "200.00",
    "currency": "EUR",
    "due": "2026-03-01",
    "quote": "Could we start in May?\nThanks!",
}


def news(kind: Kind = Kind.COMMENT_ADDED, **changes: object) -> News:
    """Return a fact about an invoice."""
    plain = News(
        event_id=new_id("com"),
        organisation_id=ORG,
        kind=kind,
        customer_id=CUSTOMER,
        document_id=INVOICE,
        document_type="invoice",
        document_number="INV-0007",
        facts=dict(FACTS),
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def principal_of(person: Recipient) -> Principal:
    """Return the person as a principal."""
    if person.audience is Audience.CLIENT:
        return Principal(id=person.id, organisation_id=ORG, role=Role.CONTACT, customer_id=CUSTOMER)
    return Principal(id=person.id, organisation_id=ORG, role=Role.OWNER)
