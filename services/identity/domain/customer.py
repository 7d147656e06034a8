"""A client company: what is written on its documents and how to reach it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypedDict

from chassis.kernel import AggregateRoot, Findings
from services.identity.domain.events import CustomerCreated, CustomerFact, CustomerUpdated
from services.identity.domain.places import Address, currency, living_currency, locale, optional_address
from services.identity.domain.reaching import optional_phone, optional_website
from services.identity.domain.text import line, optional_email, optional_identifier, optional_paragraph


class CompanyChanges(TypedDict, total=False):
    """What a client may change about its own company; a key that is left out keeps its value."""

    name: str
    language: str
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None
    registration_number: str | None
    billing_address: Address | None
    shipping_address: Address | None


class CustomerChanges(CompanyChanges, total=False):
    """What staff may change besides."""

    currency: str
    notes: str | None


@dataclass(frozen=True, kw_only=True)
class CustomerDetails:
    """Company data. `notes` are for staff only and never leave identity."""

    name: str
    currency: str
    language: str = "en"
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_id: str | None = None
    registration_number: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    notes: str | None = None

    def checked(self) -> Self:
        """Return them cleaned.

        Raises:
            InvalidInput: naming every detail that is wrong.
        """
        found = Findings()
        checked = type(self)(
            name=found.take(self.name, line, "name"),
            currency=found.take(self.currency, currency),
            language=found.take(self.language, locale, "language"),
            email=found.take(self.email, optional_email),
            phone=found.take(self.phone, optional_phone),
            website=found.take(self.website, optional_website),
            tax_id=found.take(self.tax_id, optional_identifier, "taxId", limit=50),
            registration_number=found.take(
                self.registration_number, optional_identifier, "registrationNumber", limit=50
            ),
            billing_address=found.take(self.billing_address, optional_address, "billingAddress"),
            shipping_address=found.take(self.shipping_address, optional_address, "shippingAddress"),
            notes=found.take(self.notes, optional_paragraph, "notes"),
        )
        found.tell()
        return checked


@dataclass(kw_only=True, eq=False)
class Customer(AggregateRoot):
    """A client company of one organisation. `sort_name` is kept for sorted lists."""

    details: CustomerDetails
    sort_name: str
    created_at: datetime

    @classmethod
    def create(cls, customer_id: str, organisation_id: str, details: CustomerDetails, now: datetime) -> Self:
        """Return a new client company."""
        checked = details.checked()
        living_currency(checked.currency, now.date())
        customer = cls(
            id=customer_id,
            organisation_id=organisation_id,
            details=checked,
            sort_name=checked.name.casefold(),
            created_at=now,
        )
        customer._tell(CustomerCreated, now)
        return customer

    def update(self, changes: CustomerChanges, now: datetime) -> None:
        """Change details; says nothing when nothing changed."""
        details = replace(self.details, **changes).checked()
        if details.currency != self.details.currency:
            living_currency(details.currency, now.date())
        if details != self.details:
            self.details = details
            self.sort_name = details.name.casefold()
            self._tell(CustomerUpdated, now)

    def _tell(self, fact: type[CustomerFact], now: datetime) -> None:
        self.record(self.as_fact(fact, now))

    def as_fact(self, fact: type[CustomerFact], now: datetime) -> CustomerFact:
        """Return the present details as a fact of this kind."""
        details = self.details
        return fact(
            occurred_at=now,
            organisation_id=self.organisation_id,
            customer_id=self.id,
            name=details.name,
            currency=details.currency,
            language=details.language,
            email=details.email,
            phone=details.phone,
            website=details.website,
            tax_id=details.tax_id,
            registration_number=details.registration_number,
            billing_address=details.billing_address,
            shipping_address=details.shipping_address,
        )
