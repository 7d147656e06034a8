"""The enums of the subgraph: the domain's own values, described."""

from enum import Enum

import strawberry

from chassis.kernel import Role
from services.identity.domain import organisation, person
from services.identity.domain.repositories import SortOrder


@strawberry.enum(description="The role of a member of staff.")
class StaffRole(Enum):
    """`Role` without those that are not staff."""

    OWNER = strawberry.enum_value(
        Role.OWNER.value, description="May do everything, including managing staff and portal settings."
    )
    ACCOUNTANT = strawberry.enum_value(
        Role.ACCOUNTANT.value, description="May manage client companies, contacts, documents and payments."
    )
    VIEWER = strawberry.enum_value(Role.VIEWER.value, description="May read everything, but change nothing.")


@strawberry.enum(description="The access status of a person.")
class AccessStatus(Enum):
    """`PersonStatus` with descriptions."""

    NOT_INVITED = strawberry.enum_value(
        person.PersonStatus.NOT_INVITED.value, description="The person does not have access and has not been invited."
    )
    INVITED = strawberry.enum_value(person.PersonStatus.INVITED.value, description="The person has an open invite.")
    ACCEPTED = strawberry.enum_value(
        person.PersonStatus.ACCEPTED.value, description="The person has access and can log in."
    )
    EXPIRED = strawberry.enum_value(
        person.PersonStatus.EXPIRED.value, description="The invite expired before it was accepted."
    )
    REVOKED = strawberry.enum_value(person.PersonStatus.REVOKED.value, description="The invite was revoked.")
    DISABLED = strawberry.enum_value(
        person.PersonStatus.DISABLED.value, description="The access of the person was disabled."
    )
    ERASED = strawberry.enum_value(
        person.PersonStatus.ERASED.value, description="The person was erased: only the ID is left, as a pseudonym."
    )


@strawberry.enum(description="The status of an invite link.")
class InviteLinkState(Enum):
    """`LinkState` with descriptions."""

    OPEN = strawberry.enum_value(person.LinkState.OPEN.value, description="The invite can be accepted.")
    EXPIRED = strawberry.enum_value(person.LinkState.EXPIRED.value, description="The invite has expired.")
    GONE = strawberry.enum_value(
        person.LinkState.GONE.value, description="The link was used, revoked or replaced, or never existed."
    )


@strawberry.enum(description="A type of document that a portal can show.")
class PortalDocumentType(Enum):
    """`DocumentType` with descriptions."""

    ESTIMATE = strawberry.enum_value(organisation.DocumentType.ESTIMATE.value, description="Estimates.")
    INVOICE = strawberry.enum_value(organisation.DocumentType.INVOICE.value, description="Invoices.")


@strawberry.enum(description="An action of clients of which staff can be notified.")
class StaffNotice(Enum):
    """`StaffNotice` with descriptions."""

    VIEWED = strawberry.enum_value(organisation.StaffNotice.VIEWED.value, description="A document was opened.")
    COMMENTED = strawberry.enum_value(organisation.StaffNotice.COMMENTED.value, description="A comment was written.")
    ACCEPTED = strawberry.enum_value(organisation.StaffNotice.ACCEPTED.value, description="An estimate was accepted.")
    DECLINED = strawberry.enum_value(organisation.StaffNotice.DECLINED.value, description="An estimate was declined.")
    PAID = strawberry.enum_value(organisation.StaffNotice.PAID.value, description="A payment was made.")


@strawberry.enum(description="The field by which a list of people or companies is sorted.")
class DirectorySortField(Enum):
    """What people and companies are sorted by."""

    NAME = strawberry.enum_value("name", description="The name.")
    CREATED = strawberry.enum_value("created", description="When the person or company was added.")


@strawberry.enum(description="The sort order of a list of people or companies.")
class DirectorySort(Enum):
    """`SortOrder` with descriptions."""

    NAME = strawberry.enum_value(SortOrder.NAME.value, description="By name.")
    NEWEST = strawberry.enum_value(SortOrder.NEWEST.value, description="Newest first.")
    OLDEST = strawberry.enum_value(SortOrder.OLDEST.value, description="Oldest first.")


@strawberry.enum(description="Whether people of an organisation show a second factor when they log in.")
class SecondFactorDemand(Enum):
    """`Demand` with descriptions."""

    OFF = strawberry.enum_value(
        organisation.Demand.OFF.value, description="Nobody can set one up; who has one goes on showing it."
    )
    OFFERED = strawberry.enum_value(organisation.Demand.OFFERED.value, description="Everybody may set one up.")
    REQUIRED = strawberry.enum_value(
        organisation.Demand.REQUIRED.value,
        description="People without a second factor set one up at the next log-in, and cannot remove it.",
    )
