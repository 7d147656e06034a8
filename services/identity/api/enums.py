"""The enums of the subgraph: the domain's own values, described."""

from enum import Enum

import strawberry

from services.chassis.kernel import Role
from services.identity.domain import organisation, person
from services.identity.domain.repositories import SortOrder


@strawberry.enum(description="What a member of staff may do.")
class StaffRole(Enum):
    """`Role` without those that are not staff."""

    OWNER = strawberry.enum_value(Role.OWNER.value, description="Everything, staff and portal settings included.")
    ACCOUNTANT = strawberry.enum_value(Role.ACCOUNTANT.value, description="Customers, contacts, documents, payments.")
    VIEWER = strawberry.enum_value(Role.VIEWER.value, description="Reads everything, changes nothing.")


@strawberry.enum(description="How far a person has come on the way to access.")
class AccessStatus(Enum):
    """`PersonStatus` with descriptions."""

    NOT_INVITED = strawberry.enum_value(person.PersonStatus.NOT_INVITED.value, description="Without access.")
    INVITED = strawberry.enum_value(person.PersonStatus.INVITED.value, description="Has an open invite.")
    ACCEPTED = strawberry.enum_value(person.PersonStatus.ACCEPTED.value, description="Has a password and may log in.")
    EXPIRED = strawberry.enum_value(person.PersonStatus.EXPIRED.value, description="Did not use the invite in time.")
    REVOKED = strawberry.enum_value(person.PersonStatus.REVOKED.value, description="The invite was taken back.")
    DISABLED = strawberry.enum_value(person.PersonStatus.DISABLED.value, description="Had access and was shut out.")


@strawberry.enum(description="What an invite link is worth.")
class InviteLinkState(Enum):
    """`LinkState` with descriptions."""

    OPEN = strawberry.enum_value(person.LinkState.OPEN.value, description="It can be accepted.")
    EXPIRED = strawberry.enum_value(person.LinkState.EXPIRED.value, description="Its time has run out.")
    GONE = strawberry.enum_value(person.LinkState.GONE.value, description="Used, revoked, replaced, or never ours.")


@strawberry.enum(description="A kind of document that a portal can show.")
class PortalDocumentType(Enum):
    """`DocumentType` with descriptions."""

    ESTIMATE = strawberry.enum_value(organisation.DocumentType.ESTIMATE.value, description="Estimates.")
    INVOICE = strawberry.enum_value(organisation.DocumentType.INVOICE.value, description="Invoices.")


@strawberry.enum(description="Something that clients do and that staff can be told of.")
class StaffNotice(Enum):
    """`StaffNotice` with descriptions."""

    VIEWED = strawberry.enum_value(organisation.StaffNotice.VIEWED.value, description="A document was opened.")
    COMMENTED = strawberry.enum_value(organisation.StaffNotice.COMMENTED.value, description="A comment was written.")
    ACCEPTED = strawberry.enum_value(organisation.StaffNotice.ACCEPTED.value, description="An estimate was accepted.")
    DECLINED = strawberry.enum_value(organisation.StaffNotice.DECLINED.value, description="An estimate was declined.")
    PAID = strawberry.enum_value(organisation.StaffNotice.PAID.value, description="A payment was made.")


@strawberry.enum(description="How a list of people or companies is sorted.")
class DirectorySort(Enum):
    """`SortOrder` with descriptions."""

    NAME = strawberry.enum_value(SortOrder.NAME.value, description="By name.")
    NEWEST = strawberry.enum_value(SortOrder.NEWEST.value, description="The last entered first.")
    OLDEST = strawberry.enum_value(SortOrder.OLDEST.value, description="The first entered first.")
