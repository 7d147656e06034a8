"""What billing reads of others' events: only these fields, whatever else they carry."""

from datetime import datetime

from chassis.inbox import Narrow
from services.billing.application.directory import (
    ContactProfile,
    CustomerProfile,
    OrganisationProfile,
    PortalProfile,
)
from services.billing.domain.content import Address


class AddressData(Narrow):
    """A postal address."""

    line1: str = ""
    line2: str | None = None
    city: str = ""
    region: str | None = None
    postal_code: str | None = None
    country: str = ""

    def address(self) -> Address:
        """Return it as it is printed."""
        return Address(
            line1=self.line1,
            line2=self.line2 or "",
            city=self.city,
            region=self.region or "",
            postal_code=self.postal_code or "",
            country=self.country,
        )


class OrganisationTold(Narrow):
    """`identity.organisation_registered.v1` and `…_updated.v1`."""

    organisation_id: str
    name: str
    time_zone: str
    locale: str
    currency: str
    address: AddressData | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_id: str | None = None

    def profile(self) -> OrganisationProfile:
        """Return what billing keeps of it."""
        return OrganisationProfile(
            id=self.organisation_id,
            name=self.name,
            time_zone=self.time_zone,
            locale=self.locale,
            currency=self.currency,
            address=self.address.address() if self.address else Address(),
            tax_id=self.tax_id or "",
            email=self.email or "",
            phone=self.phone or "",
            website=self.website or "",
        )


class PortalTold(Narrow):
    """`identity.portal_settings_changed.v1`."""

    organisation_id: str
    name: str
    slug: str = ""
    enabled: bool = True
    document_types: tuple[str, ...]

    def profile(self) -> PortalProfile:
        """Return what billing keeps of it."""
        return PortalProfile(enabled=self.enabled, name=self.name, slug=self.slug, document_types=self.document_types)


class CustomerTold(Narrow):
    """`identity.customer_created.v1` and `…_updated.v1`."""

    organisation_id: str
    customer_id: str
    name: str
    currency: str
    language: str
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_id: str | None = None
    billing_address: AddressData | None = None
    shipping_address: AddressData | None = None

    def profile(self) -> CustomerProfile:
        """Return what billing keeps of it."""
        return CustomerProfile(
            id=self.customer_id,
            organisation_id=self.organisation_id,
            name=self.name,
            currency=self.currency,
            language=self.language,
            email=self.email or "",
            phone=self.phone or "",
            website=self.website or "",
            tax_id=self.tax_id or "",
            billing_address=self.billing_address.address() if self.billing_address else Address(),
            shipping_address=self.shipping_address.address() if self.shipping_address else None,
        )


class ContactTold(Narrow):
    """`identity.contact_added.v1` and `…_updated.v1`."""

    organisation_id: str
    customer_id: str
    contact_id: str
    name: str

    def profile(self) -> ContactProfile:
        """Return what billing keeps of it."""
        return ContactProfile(
            id=self.contact_id,
            organisation_id=self.organisation_id,
            customer_id=self.customer_id,
            name=self.name,
        )


class ContactErased(Narrow):
    """`identity.contact_erased.v1`."""

    organisation_id: str
    customer_id: str
    contact_id: str
    address_marks: tuple[str, ...]
    erased_at: datetime


class SessionsEnded(Narrow):
    """`identity.sessions_ended.v1`."""

    principal_id: str
    session_ids: tuple[str, ...] | None = None
    ended_at: datetime


CONSUMED: dict[str, type[Narrow]] = {
    "identity.organisation_registered.v1": OrganisationTold,
    "identity.organisation_updated.v1": OrganisationTold,
    "identity.portal_settings_changed.v1": PortalTold,
    "identity.customer_created.v1": CustomerTold,
    "identity.customer_updated.v1": CustomerTold,
    "identity.contact_added.v1": ContactTold,
    "identity.contact_updated.v1": ContactTold,
    "identity.contact_erased.v1": ContactErased,
    "identity.sessions_ended.v1": SessionsEnded,
}
"""Every type that we read, and what we read of it."""
