"""What can be asked."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from chassis.graphql.order import DIRECTION, SortDirection, either
from chassis.graphql.types import (
    USUAL_ROWS,
    After,
    Before,
    Connection,
    First,
    Last,
    Span,
    connection,
    named,
    page_request,
)
from chassis.graphql.wording import QUERIES
from chassis.kernel import require_id
from chassis.left_out import shown_page
from services.identity.api.enums import AccessStatus, DirectorySort, DirectorySortField, InviteLinkState
from services.identity.api.loading import AppInfo
from services.identity.api.own_access import OwnSession
from services.identity.api.personal import PersonalData
from services.identity.api.second_factor import OwnSecondFactor
from services.identity.api.types import (
    Contact,
    Customer,
    Organisation,
    Person,
    Portal,
    StaffMember,
    contact_connection,
    person,
)
from services.identity.application.queries import preview_invite
from services.identity.application.queries.show_directory import ListContacts, ListCustomers, ListStaff
from services.identity.domain.person import PersonStatus
from services.identity.domain.repositories import ContactFilter, CustomerFilter, SortOrder, StaffFilter

Id = Annotated[strawberry.ID, strawberry.argument(description="The ID.")]
Sort = Annotated[
    DirectorySort | None,
    strawberry.argument(description="The sort order of the list.", deprecation_reason="Use `orderBy`."),
]
FILTER = strawberry.argument(name="filter", description="A filter; by default all.")
SEARCH = "A part of the name, e-mail address or a number, regardless of case and accents."


@strawberry.input(description="A filter for client companies.")
class CustomerFilterInput:
    """Filter of `customers`."""

    search: str | None = strawberry.field(default=None, description=SEARCH)


@strawberry.input(description="A filter for contacts; all given fields must match.")
class ContactFilterInput:
    """Filter of `contacts`."""

    search: str | None = strawberry.field(default=None, description=SEARCH)
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only contacts of this client company."
    )
    statuses: list[AccessStatus] | None = strawberry.field(
        default=None, description="Only people with one of these access statuses; by default all."
    )
    status: AccessStatus | None = strawberry.field(
        default=None, description="Only people with this access status.", deprecation_reason="Use `statuses`."
    )

    def wanted(self) -> list[AccessStatus]:
        """Return the statuses. Raises GivenTwice."""
        former = [self.status] if self.status else None
        return either(self.statuses, former, name="statuses", former_name="status") or []


@strawberry.input(description="A filter for members of staff; all given fields must match.")
class StaffFilterInput:
    """Filter of `staffMembers`."""

    search: str | None = strawberry.field(default=None, description=SEARCH)
    active: bool | None = strawberry.field(
        default=None, description="Only people who can log in, or only those who cannot."
    )


@strawberry.input(description="The order of a list of people or companies.")
class DirectoryOrderInput:
    """An order; the smallest name comes first unless something else is said."""

    field: DirectorySortField = strawberry.field(default=DirectorySortField.NAME, description="The field to sort by.")
    direction: SortDirection = strawberry.field(default=SortDirection.ASC, description=DIRECTION)

    def order(self) -> SortOrder:
        """Return the order as the domain knows it."""
        ascending = self.direction is SortDirection.ASC
        if self.field is DirectorySortField.NAME:
            return SortOrder.NAME if ascending else SortOrder.NAME_BACKWARD
        return SortOrder.OLDEST if ascending else SortOrder.NEWEST


OrderBy = Annotated[DirectoryOrderInput | None, strawberry.argument(description="The sort order; by default by name.")]


def sort_order(order_by: DirectoryOrderInput | None, sort: DirectorySort | None) -> SortOrder:
    """Return the order that is asked for. Raises GivenTwice."""
    former = SortOrder(sort.value) if sort else None
    given = order_by.order() if order_by else None
    return either(given, former, name="orderBy", former_name="sort") or SortOrder.NAME


@strawberry.type(description="The content of the page behind an invite link.")
class InvitePreview:
    """A preview."""

    state: InviteLinkState = strawberry.field(description="The status of the link.")
    name: str | None = strawberry.field(
        description="The name of the invited person; null if the invite is no longer valid."
    )
    email: str | None = strawberry.field(description="The e-mail address with which the person will log in.")
    organisation_name: str | None = strawberry.field(description="The name of the business that invites.")
    portal_name: str | None = strawberry.field(description="The name of the portal; null for staff.")
    slug: str | None = strawberry.field(description="The slug of the portal, for logging in later; null for staff.")
    expires_at: datetime | None = strawberry.field(description="When the link expires.")

    @classmethod
    def of(cls, preview: preview_invite.InvitePreview) -> Self:
        """Return the preview as the API shows it."""
        return cls(
            state=named(InviteLinkState, preview.state),
            name=preview.name,
            email=preview.email,
            organisation_name=preview.organisation_name,
            portal_name=preview.portal_name,
            slug=preview.slug,
            expires_at=preview.expires_at,
        )


@strawberry.type(description=QUERIES)
class Query:
    """Queries. None of them changes anything: looking at an invite does not use it."""

    @strawberry.field(description="The caller: a member of staff or a contact.")
    async def me(self, info: AppInfo) -> Person | None:
        by, queries = info.context.acting(), info.context.app.queries
        return person(await queries.directory.me(by), by, queries.now())

    @strawberry.field(
        description="The caller's own sessions that have not ended, the one used last first; of very many, the "
        "newest 100."
    )
    async def my_sessions(self, info: AppInfo) -> list[OwnSession] | None:
        by = info.context.acting()
        return [OwnSession.of(one, by) for one in await info.context.app.queries.own_sessions(by)]

    @strawberry.field(description="The caller's own second factor.")
    async def my_second_factor(self, info: AppInfo) -> OwnSecondFactor | None:
        by, queries = info.context.acting(), info.context.app.queries
        return OwnSecondFactor.of(*await queries.second_factor.own(by))

    @strawberry.field(description="The caller's own organisation.")
    async def organisation(self, info: AppInfo) -> Organisation | None:
        by = info.context.acting()
        found = await info.context.app.queries.directory.organisations(by, [by.organisation_id])
        item = found.get(by.organisation_id)
        return Organisation.of(item, by) if item else None

    @strawberry.field(
        description="The enabled portal that has this slug, or had it before; null without one."
        " If its `slug` is another one, go there. Can be queried without logging in."
    )
    async def portal(
        self, info: AppInfo, slug: Annotated[str, strawberry.argument(description="The slug of the portal.")]
    ) -> Portal | None:
        return Portal.of(await info.context.app.queries.directory.portal(slug))

    @strawberry.field(
        description="The status of an invite link. Can be queried without logging in; it does not use up the link."
    )
    async def preview_invite(
        self, info: AppInfo, token: Annotated[str, strawberry.argument(description="The token in the link.")]
    ) -> InvitePreview | None:
        return InvitePreview.of(await info.context.app.queries.preview_invite(token))

    @strawberry.field(description="A client company, if the caller may see it.")
    async def customer(self, info: AppInfo, id: Id) -> Customer | None:
        by = info.context.acting()
        return Customer.of(await info.context.app.queries.directory.customer(by, id), by)

    @strawberry.field(description="The client companies (staff only).")
    async def customers(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[CustomerFilterInput | None, FILTER] = None,
        order_by: OrderBy = None,
        sort: Sort = None,
    ) -> Connection[Customer] | None:
        order = sort_order(order_by, sort)
        by, request = info.context.acting(), page_request(Span(first, after, last, before), f"customers {order}")
        match = CustomerFilter(search=where.search if where else None)
        query = ListCustomers(match=match, order=order, page=request)
        page = await info.context.app.queries.directory.list_customers(by, query)
        return connection(shown_page(page, lambda item: Customer.of(item, by)), request)

    @strawberry.field(description="A contact, if the caller may see it.")
    async def contact(self, info: AppInfo, id: Id) -> Contact | None:
        by, queries = info.context.acting(), info.context.app.queries
        return Contact.of(await queries.directory.contact(by, id), by, queries.now())

    @strawberry.field(description="The contacts; contacts see those of their own company only.")
    async def contacts(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[ContactFilterInput | None, FILTER] = None,
        order_by: OrderBy = None,
        sort: Sort = None,
    ) -> Connection[Contact] | None:
        order = sort_order(order_by, sort)
        by, now, request = (
            info.context.acting(),
            info.context.app.queries.now(),
            page_request(Span(first, after, last, before), f"contacts {order}"),
        )
        given = where or ContactFilterInput()
        match = ContactFilter(
            now=now,
            search=given.search,
            customer_id=require_id(given.customer_id, "cus", "customerId") if given.customer_id else None,
            statuses=frozenset(PersonStatus(one.value) for one in given.wanted()),
        )
        query = ListContacts(match=match, order=order, page=request)
        page = await info.context.app.queries.directory.list_contacts(by, query)
        return contact_connection(page, request, by, now)

    @strawberry.field(
        description="All that is held of a contact, by service (staff only): the export of a person's data, and how "
        "far its erasure is. Requires the owner role."
    )
    async def personal_data(
        self,
        info: AppInfo,
        contact_id: Annotated[strawberry.ID, strawberry.argument(description="The ID, `con_…`.")],
    ) -> PersonalData | None:
        return PersonalData.of(await info.context.app.queries.personal_data.whose(info.context.acting(), contact_id))

    @strawberry.field(description="A member of staff (staff only).")
    async def staff_member(self, info: AppInfo, id: Id) -> StaffMember | None:
        by, queries = info.context.acting(), info.context.app.queries
        return StaffMember.of(await queries.directory.staff_member(by, id), by, queries.now())

    @strawberry.field(description="The members of staff (staff only).")
    async def staff_members(
        self,
        info: AppInfo,
        first: First = USUAL_ROWS,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: Annotated[StaffFilterInput | None, FILTER] = None,
        order_by: OrderBy = None,
        sort: Sort = None,
    ) -> Connection[StaffMember] | None:
        order = sort_order(order_by, sort)
        by, queries, request = (
            info.context.acting(),
            info.context.app.queries,
            page_request(Span(first, after, last, before), f"staff {order}"),
        )
        match = StaffFilter(search=where.search if where else None, active=where.active if where else None)
        query = ListStaff(match=match, order=order, page=request)
        page = await queries.directory.list_staff(by, query)
        return connection(shown_page(page, lambda item: StaffMember.of(item, by, queries.now())), request)
