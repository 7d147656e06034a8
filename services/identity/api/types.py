"""The object types of the subgraph. Everybody may see names; what is only for staff is null for contacts.

Longer than most files, because it is a list: one class per type of the schema.
"""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from chassis.graphql.types import (
    USUAL_ROWS,
    After,
    Before,
    Connection,
    Currency,
    First,
    Last,
    Span,
    connection,
    named,
    page_request,
)
from chassis.kernel import Page, PageRequest, Principal
from chassis.left_out import shown_page
from services.identity.api import loading
from services.identity.api.enums import AccessStatus, PortalDocumentType, SecondFactorDemand, StaffNotice, StaffRole
from services.identity.api.loading import AppInfo
from services.identity.application.queries.show_directory import ListContacts
from services.identity.domain import contact as contacts
from services.identity.domain import customer as customers
from services.identity.domain import organisation as organisations
from services.identity.domain import places
from services.identity.domain import staff_member as staff
from services.identity.domain.repositories import ContactFilter, SortOrder

LazyOrganisation = Annotated["Organisation", strawberry.lazy("services.identity.api.types")]
LazyCustomer = Annotated["Customer", strawberry.lazy("services.identity.api.types")]
LazyContact = Annotated["Contact", strawberry.lazy("services.identity.api.types")]


@strawberry.federation.type(shareable=True, description="A postal address.")
class PostalAddress:
    """An address."""

    line1: str = strawberry.field(description="The street and number, or the post office box; may be empty.")
    line2: str | None = strawberry.field(description="The second line of the street address; may be empty or null.")
    city: str = strawberry.field(description="The town; may be empty.")
    region: str | None = strawberry.field(description="The state, province or county; may be empty or null.")
    postal_code: str | None = strawberry.field(description="The postal code; may be empty or null.")
    country: str = strawberry.field(
        description="The ISO 3166-1 alpha-2 code of the country, such as `DE`; may be empty."
    )

    @classmethod
    def of(cls, address: places.Address | None) -> Self | None:
        """Return the address as the API shows it."""
        if address is None:
            return None
        return cls(
            line1=address.line1,
            line2=address.line2,
            city=address.city,
            region=address.region,
            postal_code=address.postal_code,
            country=address.country,
        )


@strawberry.type(description="The part of the client portal that is public, without a log-in.")
class Portal:
    """A portal's face."""

    name: str = strawberry.field(description="The name.")
    slug: str = strawberry.field(description="The unique name of the portal in addresses.")
    banner_message: str | None = strawberry.field(description="The message at the top of every page.")
    logo: str | None = strawberry.field(description="The logo as a `data:` URL.")
    organisation_name: str = strawberry.field(description="The name of the business.")
    locale: str = strawberry.field(description="The language and country of the business, such as `de-DE`.")

    @classmethod
    def of(cls, organisation: organisations.Organisation | None) -> Self | None:
        """Return the portal as the API shows it."""
        if organisation is None or organisation.portal is None:
            return None
        portal = organisation.portal
        return cls(
            name=portal.name,
            slug=portal.slug,
            banner_message=portal.banner_message,
            logo=_data_url(portal.logo),
            organisation_name=organisation.details.name,
            locale=organisation.details.locale,
        )


@strawberry.type(description="The settings of the client portal.")
class PortalSettings:
    """The settings."""

    enabled: bool = strawberry.field(description="Whether clients can log in.")
    name: str = strawberry.field(description="The name.")
    slug: str = strawberry.field(description="The unique name of the portal in addresses.")
    banner_message: str | None = strawberry.field(description="The message at the top of every page.")
    logo: str | None = strawberry.field(description="The logo as a `data:` URL.")
    document_types: list[PortalDocumentType] = strawberry.field(
        description="The types of documents that clients can see."
    )
    forwarding_allowed: bool = strawberry.field(description="Whether clients may forward documents.")
    clients_may_edit: bool = strawberry.field(description="Whether clients may change their company details.")
    notify_staff_of: list[StaffNotice] | None = strawberry.field(
        description="The actions of clients of which staff are notified; null for contacts."
    )

    @classmethod
    def of(cls, portal: organisations.PortalSettings | None, by: Principal) -> Self | None:
        """Return the settings as this principal may see them."""
        if portal is None:
            return None
        notices = [StaffNotice(notice.value) for notice in portal.notify_staff_of if notice.is_known]
        return cls(
            enabled=portal.enabled,
            name=portal.name,
            slug=portal.slug,
            banner_message=portal.banner_message,
            logo=_data_url(portal.logo),
            document_types=[PortalDocumentType(kind.value) for kind in portal.document_types if kind.is_known],
            forwarding_allowed=portal.forwarding_allowed,
            clients_may_edit=portal.clients_may_edit,
            notify_staff_of=None if by.is_contact else notices,
        )


@strawberry.type(description="What an organisation asks of people who log in.")
class LogInPolicy:
    """Of staff and of clients' contacts."""

    staff: SecondFactorDemand = strawberry.field(description="Whether staff have to log in with a second factor.")
    clients: SecondFactorDemand = strawberry.field(
        description="Whether contacts of client companies have to log in with a second factor."
    )

    @classmethod
    def of(cls, policy: organisations.LogInPolicy) -> Self:
        """Return it as the API shows it."""
        return cls(staff=SecondFactorDemand(policy.staff.value), clients=SecondFactorDemand(policy.clients.value))


@strawberry.federation.type(keys=["id"], description="A business that has a client portal.")
class Organisation:
    """An organisation."""

    id: strawberry.ID = strawberry.field(description="The ID, `org_…`.")
    name: str = strawberry.field(description="The name.")
    time_zone: str = strawberry.field(description="The IANA time zone, which decides when a day begins and ends.")
    locale: str = strawberry.field(description="The language and country, such as `de-DE`.")
    currency: Currency = strawberry.field(description="The default currency, unless the client company has another.")
    address: PostalAddress | None = strawberry.field(description="The address.")
    email: str | None = strawberry.field(description="The general e-mail address.")
    phone: str | None = strawberry.field(description="The phone number.")
    website: str | None = strawberry.field(description="The website.")
    tax_id: str | None = strawberry.field(description="The tax or VAT number.")
    portal: PortalSettings | None = strawberry.field(
        description="The client portal; null until it is enabled for the first time."
    )
    log_in_policy: LogInPolicy | None = strawberry.field(
        description="Whether a second factor is asked of people who log in."
    )
    created_at: datetime = strawberry.field(description="When the organisation was registered.")

    @classmethod
    def of(cls, item: organisations.Organisation, by: Principal) -> Self:
        """Return the organisation as this principal may see it."""
        details = item.details
        return cls(
            id=strawberry.ID(item.id),
            name=details.name,
            time_zone=details.time_zone,
            locale=details.locale,
            currency=Currency(details.currency),
            address=PostalAddress.of(details.address),
            email=details.email,
            phone=details.phone,
            website=details.website,
            tax_id=details.tax_id,
            portal=PortalSettings.of(item.portal, by),
            log_in_policy=LogInPolicy.of(item.log_ins),
            created_at=item.created_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return it when it is the caller's own."""
        item = await loading.organisation(info.context, id)
        return cls.of(item, info.context.acting()) if item else None


@strawberry.interface(description="A person: a member of staff or a contact of a client company.")
class Person:
    """What both have in common, in one type each, so that one document may ask it of both."""

    id: strawberry.ID = strawberry.field(description="The ID: `con_…` for contacts, `stf_…` for staff.")
    name: str = strawberry.field(description="The name of the person.")
    email: str | None = strawberry.field(
        description="The e-mail address with which the person logs in; null if a contact looks at a member of staff."
    )
    phone: str | None = strawberry.field(description="The phone number.")
    job_title: str | None = strawberry.field(description="The job title.")
    language: str | None = strawberry.field(
        description="The language of e-mails, such as `de`; null if a contact looks at a member of staff."
    )
    status: AccessStatus | None = strawberry.field(
        description="The access status; null if a contact looks at a member of staff."
    )
    invite_expires_at: datetime | None = strawberry.field(
        description="When the open invite expires; null without one, and for contacts."
    )


@strawberry.federation.type(
    keys=["id"], description="A member of staff. Contacts see the name only; all other fields are null for them."
)
class StaffMember(Person):
    """A member of staff."""

    role: StaffRole | None = strawberry.field(description="The role of the person.")
    email_verified: bool | None = strawberry.field(
        description="Whether the e-mail address is confirmed: false for the person who registered the organisation "
        "until `confirmEmail`, and for colleagues until they accept their invite; null for contacts."
    )

    @classmethod
    def of(cls, item: staff.StaffMember, by: Principal, now: datetime) -> Self:
        """Return the person as this principal may see it."""
        hidden = by.is_contact
        return cls(
            id=strawberry.ID(item.id),
            name=item.name,
            email=None if hidden else item.email,
            phone=None if hidden else item.phone,
            job_title=None if hidden else item.job_title,
            language=None if hidden else item.language,
            role=None if hidden else named(StaffRole, item.role),
            email_verified=None if hidden else item.email_counts,
            status=None if hidden else named(AccessStatus, item.status_at(now)),
            invite_expires_at=None if hidden or item.invite is None else item.invite.expires_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the person when the caller may see it."""
        item = await loading.staff_member(info.context, id)
        return cls.of(item, info.context.acting(), info.context.app.queries.now()) if item else None


@strawberry.federation.type(keys=["id"], description="A contact person of a client company.")
class Contact(Person):
    """A contact."""

    is_primary: bool = strawberry.field(description="Whether this is the primary contact of the company.")
    created_at: datetime = strawberry.field(description="When the person was added.")
    customer_id: strawberry.Private[str]

    @strawberry.field(description="The client company.")
    async def customer(self, info: AppInfo) -> LazyCustomer | None:
        item = await loading.customer(info.context, self.customer_id)
        return Customer.of(item, info.context.acting()) if item else None

    @classmethod
    def of(cls, item: contacts.Contact, by: Principal, now: datetime) -> Self:
        """Return the person as this principal may see it."""
        return cls(
            id=strawberry.ID(item.id),
            name=item.name,
            email=item.email,
            phone=item.phone,
            job_title=item.job_title,
            language=item.language,
            is_primary=item.is_primary,
            status=named(AccessStatus, item.status_at(now)),
            invite_expires_at=None if by.is_contact or item.invite is None else item.invite.expires_at,
            created_at=item.created_at,
            customer_id=item.customer_id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the person when the caller may see it."""
        item = await loading.contact(info.context, id)
        return cls.of(item, info.context.acting(), info.context.app.queries.now()) if item else None


@strawberry.federation.type(keys=["id"], description="A client company.")
class Customer:
    """A customer."""

    id: strawberry.ID = strawberry.field(description="The ID, `cus_…`.")
    name: str = strawberry.field(description="The name.")
    currency: Currency = strawberry.field(description="The default currency of its documents.")
    language: str = strawberry.field(description="The language of its documents, such as `de`.")
    email: str | None = strawberry.field(description="The general e-mail address.")
    phone: str | None = strawberry.field(description="The phone number.")
    website: str | None = strawberry.field(description="The website.")
    tax_id: str | None = strawberry.field(description="The tax or VAT number.")
    registration_number: str | None = strawberry.field(description="The number in the commercial register.")
    billing_address: PostalAddress | None = strawberry.field(description="The billing address.")
    shipping_address: PostalAddress | None = strawberry.field(description="The shipping address; null without one.")
    notes: str | None = strawberry.field(description="The notes of staff; null for contacts.")
    created_at: datetime = strawberry.field(description="When the company was created.")

    @strawberry.field(description="The contact persons, sorted by name.")
    async def contacts(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyContact]:
        by, now, request = (
            info.context.acting(),
            info.context.app.queries.now(),
            page_request(Span(first, after, last, before), f"contacts {SortOrder.NAME.value}"),
        )
        match = ContactFilter(now=now, customer_id=self.id)
        query = ListContacts(match=match, order=SortOrder.NAME, page=request)
        page = await info.context.app.queries.directory.list_contacts(by, query)
        return contact_connection(page, request, by, now)

    @classmethod
    def of(cls, item: customers.Customer, by: Principal) -> Self:
        """Return the company as this principal may see it."""
        details = item.details
        return cls(
            id=strawberry.ID(item.id),
            name=details.name,
            currency=Currency(details.currency),
            language=details.language,
            email=details.email,
            phone=details.phone,
            website=details.website,
            tax_id=details.tax_id,
            registration_number=details.registration_number,
            billing_address=PostalAddress.of(details.billing_address),
            shipping_address=PostalAddress.of(details.shipping_address),
            notes=None if by.is_contact else details.notes,
            created_at=item.created_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> Self | None:
        """Return the company when the caller may see it."""
        item = await loading.customer(info.context, id)
        return cls.of(item, info.context.acting()) if item else None


def person(item: staff.StaffMember | contacts.Contact, by: Principal, now: datetime) -> Person:
    """Return the person as this principal may see it."""
    if isinstance(item, contacts.Contact):
        return Contact.of(item, by, now)
    return StaffMember.of(item, by, now)


def contact_connection(
    page: Page[contacts.Contact], request: PageRequest, by: Principal, now: datetime
) -> Connection[Any]:
    """Return a page of contacts."""
    return connection(shown_page(page, lambda item: Contact.of(item, by, now)), request)


def _data_url(logo: organisations.Logo | None) -> str | None:
    return f"data:{logo.media_type};base64,{logo.data}" if logo else None
