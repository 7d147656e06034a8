"""What billing knows of organisations and client companies: identity's facts, kept by reactions to its events."""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.billing.domain.calendar import local_day
from services.billing.domain.content import Address, Party

EVERY_TYPE = ("estimate", "invoice")


@dataclass(frozen=True, kw_only=True)
class PortalProfile:
    """What the portal of an organisation shows: everything, until its settings say otherwise."""

    enabled: bool = True
    name: str = ""
    slug: str = ""
    document_types: tuple[str, ...] = EVERY_TYPE

    def shows(self, kind: str) -> bool:
        """Tell whether clients see documents of this kind; those who were in when it closed see nothing any more."""
        return self.enabled and kind in self.document_types


@dataclass(frozen=True, kw_only=True)
class OrganisationProfile:
    """The business that sends documents. `time_zone` is an IANA name and decides what day it is."""

    id: str
    name: str
    time_zone: str
    locale: str = "en"
    currency: str = "EUR"
    address: Address = field(default_factory=Address)
    tax_id: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""

    def today(self, now: datetime) -> date:
        """Return what day it is where the organisation is."""
        return local_day(now, self.time_zone)

    def as_party(self) -> Party:
        """Return it as it is named on a document of today."""
        return Party(
            name=self.name,
            address=self.address,
            tax_id=self.tax_id,
            email=self.email,
            phone=self.phone,
            website=self.website,
            language=self.locale,
        )


@dataclass(frozen=True, kw_only=True)
class ContactProfile:
    """A contact person of a client company."""

    id: str
    organisation_id: str
    customer_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CustomerProfile:
    """A client company."""

    id: str
    organisation_id: str
    name: str
    currency: str = "EUR"
    language: str = "en"
    email: str = ""
    phone: str = ""
    website: str = ""
    tax_id: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_address: Address | None = None

    def as_party(self) -> Party:
        """Return it as it is named on a document of today."""
        return Party(
            name=self.name,
            address=self.billing_address,
            shipping_address=self.shipping_address,
            tax_id=self.tax_id,
            email=self.email,
            phone=self.phone,
            website=self.website,
            language=self.language,
        )
