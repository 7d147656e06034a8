"""What identity tells, by example: a business signs up, people come and go, and every fact is published.

The domain decides and `LANGUAGE` translates, as in production, so no example can say what never happens.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chassis.cloudevents import CloudEvent
from chassis.kernel import Role, derived_bits, id_from_bits
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.customer import Customer, CustomerDetails
from services.identity.domain.organisation import Organisation, OrganisationDetails, PortalSettings
from services.identity.domain.password_reset import PasswordReset
from services.identity.domain.person import NewPasskey
from services.identity.domain.places import Address
from services.identity.domain.session import EndReason, Session
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.messaging.published import LANGUAGE

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_WEEK = timedelta(days=7)
_ADDRESS = Address(line1="Lindenstraße 1", city="Berlin", postal_code="10969", country="DE")


def examples() -> Iterator[CloudEvent]:
    """Yield the events of the lives below; every published type is among them."""
    for life in (_business, _owner, _colleague, _client, _contact, _turned_down, _forgotten_password, _session):
        yield from life()


def _business() -> Iterator[CloudEvent]:
    details = OrganisationDetails(
        name="Nordlicht Studio GmbH",
        time_zone="Europe/Berlin",
        locale="de-DE",
        currency="EUR",
        address=_ADDRESS,
        email="hallo@nordlicht.example",
        phone="+49 30 1234567",
        tax_id="DE123456789",
    )
    business = Organisation.register(_id("org"), details, _id("stf"), _NOW)
    business.update({"website": "https://nordlicht.example"}, _later(minutes=5))
    portal = PortalSettings(name="Nordlicht Portal", slug="nordlicht", banner_message="Willkommen!")
    business.enable_portal(portal, _later(minutes=10))
    yield from LANGUAGE.told(business, _TRACE)


def _owner() -> Iterator[CloudEvent]:
    details = StaffDetails(name="Nora Nord", email="nora@nordlicht.example", role=Role.OWNER, language="de")
    owner = StaffMember.register_owner(_id("stf"), _id("org"), details, "hash", _NOW)
    owner.send_proof_link(str, life=_WEEK, now=_NOW)
    key = NewPasskey(id="id", public_key="key", sign_count=0, backup_eligible=True, backed_up=True, attempt="a")
    owner.add_passkey(key, "Phone", (), _later(minutes=3))
    yield from LANGUAGE.told(owner, _TRACE)


def _colleague() -> Iterator[CloudEvent]:
    details = StaffDetails(name="Ada Sommer", email="ada@nordlicht.example", role=Role.ACCOUNTANT, language="de")
    colleague = StaffMember.join(_id("stf", "colleague"), _id("org"), details, _NOW)
    colleague.send_invite(str, by=_id("stf"), life=_WEEK, now=_later(minutes=1))
    colleague.update({"name": "Ada Sommer-Vogt"}, (), _later(minutes=2))
    yield from LANGUAGE.told(colleague, _TRACE)


def _client() -> Iterator[CloudEvent]:
    details = CustomerDetails(
        name="Blumen Krause OHG",
        currency="EUR",
        language="de",
        email="buero@krause.example",
        tax_id="DE987654321",
        billing_address=_ADDRESS,
    )
    client = Customer.create(_id("cus"), _id("org"), details, _NOW)
    client.update({"registration_number": "HRA 4711"}, _later(days=1))
    yield from LANGUAGE.told(client, _TRACE)


def _contact() -> Iterator[CloudEvent]:
    contact = _new_contact()
    contact.send_invite(str, by=_id("stf"), life=_WEEK, now=_later(minutes=1))
    contact.accept_invite("1", "hash", _later(hours=2))
    contact.update({"language": "en"}, (), _later(days=1))
    contact.begin_set_up("sealed", _later(days=1))
    contact.confirm_set_up(1, (), _later(days=1))
    contact.remove_second_factor(_later(days=1))
    contact.set_password("another hash", (_id("ses"),), _later(days=2))
    contact.disable((), _later(days=3))
    contact.enable(_later(days=4))
    contact.update({"email": "j.krause@krause.example"}, (), _later(days=5))
    contact.erase((), _later(days=6), by=_id("stf"))
    yield from LANGUAGE.told(contact, _TRACE)


def _turned_down() -> Iterator[CloudEvent]:
    contact = _new_contact("turned down")
    contact.send_invite(str, by=_id("stf"), life=_WEEK, now=_later(minutes=1))
    contact.revoke_invite(_later(minutes=2))
    yield from LANGUAGE.told(contact, _TRACE)


def _forgotten_password() -> Iterator[CloudEvent]:
    reset = PasswordReset.request(_id("rst"), _new_contact(), "hash", life=timedelta(hours=1), now=_later(days=1))
    yield from LANGUAGE.told(reset, _TRACE)


def _session() -> Iterator[CloudEvent]:
    session = Session.start(
        _id("ses", "of a contact"), _id("org"), _id("con"), epoch=1, idle=_WEEK, life=_WEEK, now=_later(days=1)
    )
    session.end(EndReason.LOGGED_OUT, _later(days=1, hours=1))
    yield from LANGUAGE.told(session, _TRACE)


def _new_contact(name: str = "") -> Contact:
    details = ContactDetails(name="Jona Krause", email="jona@krause.example", language="de", is_primary=True)
    return Contact.add(_id("con", name), _id("org"), _id("cus"), details, _NOW)


def _id(kind: str, name: str = "") -> str:
    return id_from_bits(kind, derived_bits(f"example {kind} {name}", _NOW))


def _later(**distance: float) -> datetime:
    return _NOW + timedelta(**distance)
