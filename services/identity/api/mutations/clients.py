"""Mutations about client companies, their contacts, and invites.

Longer than most files, because each mutation is one method with its description.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from chassis.graphql.idempotency import ReplayedRefusal, Seed, of_kind
from chassis.graphql.refusals import Input
from chassis.graphql.wording import given
from chassis.kernel import Principal, id_from_bits
from services.identity.api.errors import DECISIONS
from services.identity.api.inputs import (
    AddContactInput,
    CreateCustomerInput,
    DisableContactInput,
    EnableContactInput,
    EraseContactInput,
    InviteContactsInput,
    ResendInviteInput,
    RevokeInviteInput,
    UpdateContactInput,
    UpdateCustomerInput,
    UpdateMyCompanyInput,
    address_of,
    changes_of,
)
from services.identity.api.loading import AppInfo, contact
from services.identity.api.mutations.organisation import KEY_AND_ID, KEY_ONLY, one_of_us
from services.identity.api.payloads import (
    AddContactPayload,
    CreateCustomerPayload,
    DisableContactPayload,
    EnableContactPayload,
    EraseContactPayload,
    InviteContactResult,
    InviteContactsPayload,
    ResendInvitePayload,
    RevokeInvitePayload,
    UpdateContactPayload,
    UpdateCustomerPayload,
    UpdateMyCompanyPayload,
)
from services.identity.api.types import Contact, Customer, person
from services.identity.application.commands.add_contact import AddContact
from services.identity.application.commands.create_customer import CreateCustomer
from services.identity.application.commands.disable_contact import DisableContact
from services.identity.application.commands.enable_contact import EnableContact
from services.identity.application.commands.erase_contact import EraseContact
from services.identity.application.commands.invite_contacts import InviteContacts, InviteResult
from services.identity.application.commands.resend_invite import ResendInvite
from services.identity.application.commands.revoke_invite import RevokeInvite
from services.identity.application.commands.update_contact import UpdateContact
from services.identity.application.commands.update_customer import UpdateCustomer
from services.identity.application.commands.update_my_company import UpdateMyCompany
from services.identity.domain.contact import ContactChanges, ContactDetails
from services.identity.domain.customer import CompanyChanges, CustomerChanges, CustomerDetails

P = TypeVar("P")
COMPANY_NULLABLE = frozenset(
    {"email", "phone", "website", "tax_id", "registration_number", "billing_address", "shipping_address", "notes"}
)


@strawberry.type(description="Mutations of client companies.")
class CustomerMutations:
    """Mutations for owners and accountants, and one for contacts."""

    @strawberry.mutation(description="Create a client company. Requires the owner or accountant role.")
    async def create_customer(
        self, info: AppInfo, input: Annotated[CreateCustomerInput, given("createCustomer")]
    ) -> CreateCustomerPayload:
        given = {name: value for name, value in vars(input).items() if name not in NOT_DETAILS}
        details = CustomerDetails(
            **given,
            billing_address=address_of(input.billing_address),
            shipping_address=address_of(input.shipping_address),
        )

        async def work(by: Principal, seed: Seed) -> str:
            command = CreateCustomer(details=details, customer_id=id_from_bits("cus", seed.bits))
            return (await info.context.app.commands.create_customer(command, by=by)).id

        return await _customer(info, input, CreateCustomerPayload, work)

    @strawberry.mutation(description="Update a client company. Requires the owner or accountant role.")
    async def update_customer(
        self, info: AppInfo, input: Annotated[UpdateCustomerInput, given("updateCustomer")]
    ) -> UpdateCustomerPayload:
        changes = changes_of(input, nullable=COMPANY_NULLABLE, leave_out=KEY_AND_ID)

        async def work(by: Principal, _: Seed) -> str:
            command = UpdateCustomer(customer_id=input.id, changes=CustomerChanges(**changes))
            return (await info.context.app.commands.update_customer(command, by=by)).id

        return await _customer(info, input, UpdateCustomerPayload, work)

    @strawberry.mutation(description="Update the caller's own company (contacts only), if the portal allows it.")
    async def update_my_company(
        self, info: AppInfo, input: Annotated[UpdateMyCompanyInput, given("updateMyCompany")]
    ) -> UpdateMyCompanyPayload:
        changes = changes_of(input, nullable=COMPANY_NULLABLE, leave_out=KEY_ONLY)

        async def work(by: Principal, _: Seed) -> str:
            command = UpdateMyCompany(changes=CompanyChanges(**changes))
            return (await info.context.app.commands.update_my_company(command, by=by)).id

        return await _customer(info, input, UpdateMyCompanyPayload, work)


@strawberry.type(description="Mutations of contacts.")
class ContactMutations:
    """Mutations for owners and accountants."""

    @strawberry.mutation(
        description="Add a contact person, without portal access. Requires the owner or accountant role."
    )
    async def add_contact(
        self, info: AppInfo, input: Annotated[AddContactInput, given("addContact")]
    ) -> AddContactPayload:
        details = ContactDetails(
            name=input.name,
            email=input.email,
            language=input.language,
            phone=input.phone,
            job_title=input.job_title,
            is_primary=input.is_primary,
        )

        async def work(by: Principal, seed: Seed) -> str:
            contact_id = id_from_bits("con", seed.bits)
            command = AddContact(customer_id=input.customer_id, details=details, contact_id=contact_id)
            return (await info.context.app.commands.add_contact(command, by=by)).id

        return await _contact(info, input, AddContactPayload, work)

    @strawberry.mutation(
        description="Update a contact person. Changing the e-mail address removes the person's access until a new "
        "invite is accepted. Requires the owner or accountant role."
    )
    async def update_contact(
        self, info: AppInfo, input: Annotated[UpdateContactInput, given("updateContact")]
    ) -> UpdateContactPayload:
        changes = changes_of(input, nullable=frozenset({"phone", "job_title"}), leave_out=KEY_AND_ID)

        async def work(by: Principal, _: Seed) -> str:
            command = UpdateContact(contact_id=input.id, changes=ContactChanges(**changes))
            return (await info.context.app.commands.update_contact(command, by=by)).id

        return await _contact(info, input, UpdateContactPayload, work)

    @strawberry.mutation(
        description="Disable the access of a contact, with immediate effect. Requires the owner or accountant role."
    )
    async def disable_contact(
        self, info: AppInfo, input: Annotated[DisableContactInput, given("disableContact")]
    ) -> DisableContactPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = DisableContact(contact_id=input.id)
            return (await info.context.app.commands.disable_contact(command, by=by)).id

        return await _contact(info, input, DisableContactPayload, work)

    @strawberry.mutation(
        description="Enable the access of a contact again, with the old password. Requires the owner or accountant "
        "role."
    )
    async def enable_contact(
        self, info: AppInfo, input: Annotated[EnableContactInput, given("enableContact")]
    ) -> EnableContactPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = EnableContact(contact_id=input.id)
            return (await info.context.app.commands.enable_contact(command, by=by)).id

        return await _contact(info, input, EnableContactPayload, work)

    @strawberry.mutation(
        description="Erase a contact person in every service (GDPR, article 17). This is irreversible: name, e-mail "
        "address, phone, access, saved cards, views, mails and feed go within seconds; invoices, payments and receipts "
        "stay, with the contact's ID as a pseudonym. `personalData` says how far it is. Requires the owner role and a "
        "recent proof (`stepUp`)."
    )
    async def erase_contact(
        self, info: AppInfo, input: Annotated[EraseContactInput, given("eraseContact")]
    ) -> EraseContactPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = EraseContact(contact_id=input.id)
            return (await info.context.app.commands.erase_contact(command, by=by)).id

        return await _contact(info, input, EraseContactPayload, work)


@strawberry.type(description="Mutations of invites.")
class InviteMutations:
    """Mutations for owners and accountants."""

    @strawberry.mutation(
        description="Invite one or several contacts to the portal, each with its own result; an invite that is "
        "already open is sent again. Requires the owner or accountant role."
    )
    async def invite_contacts(
        self, info: AppInfo, input: Annotated[InviteContactsInput, given("inviteContacts")]
    ) -> InviteContactsPayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> list[dict[str, Any]]:
            command = InviteContacts(contact_ids=tuple(input.contact_ids))
            return [_noted(result) for result in await app.commands.invite_contacts(command, by=by)]

        async def show(results: list[dict[str, Any]]) -> Mapping[str, Any]:
            return {"results": [await _shown(info, by, noted, input.contact_ids) for noted in results]}

        def recall(_: Seed, contacts: Sequence[str]) -> list[dict[str, Any]] | None:
            invited = [InviteResult(contact_id=one) for one in input.contact_ids if one in contacts]
            return [_noted(result) for result in invited] or None

        return await DECISIONS.decide_once(info, input, InviteContactsPayload, work, show, recall)

    @strawberry.mutation(
        description="Send a new invite link to a contact or colleague; the old link stops working. Requires the "
        "owner role, or for a contact the accountant role."
    )
    async def resend_invite(
        self, info: AppInfo, input: Annotated[ResendInviteInput, given("resendInvite")]
    ) -> ResendInvitePayload:
        async def work(by: Principal) -> str:
            return (await info.context.app.commands.resend_invite(ResendInvite(person_id=input.id), by=by)).id

        return await _person(info, input, ResendInvitePayload, work)

    @strawberry.mutation(
        description="Revoke an open invite of a contact or colleague. Requires the owner role, or for a contact the "
        "accountant role."
    )
    async def revoke_invite(
        self, info: AppInfo, input: Annotated[RevokeInviteInput, given("revokeInvite")]
    ) -> RevokeInvitePayload:
        async def work(by: Principal) -> str:
            return (await info.context.app.commands.revoke_invite(RevokeInvite(person_id=input.id), by=by)).id

        return await _person(info, input, RevokeInvitePayload, work)


NOT_DETAILS = frozenset({"idempotency_key", "billing_address", "shipping_address"})


def _noted(result: InviteResult) -> dict[str, Any]:
    refusal = result.refusal
    told = [refusal.code, refusal.message, list(refusal.field)] if refusal else None
    return {"contact_id": result.contact_id, "refusal": told}


async def _shown(info: AppInfo, by: Principal, noted: dict[str, Any], asked: Sequence[str]) -> InviteContactResult:
    refusal = None
    if noted["refusal"]:
        code, message, _ = noted["refusal"]
        refusal = ReplayedRefusal(code, message, ("contactIds", str(asked.index(noted["contact_id"]))))
    item = await contact(info.context, noted["contact_id"]) if refusal is None else None
    return InviteContactResult(
        contact_id=strawberry.ID(noted["contact_id"]),
        contact=Contact.of(item, by, info.context.app.queries.now()) if item else None,
        user_error=DECISIONS.refusal(info, refusal) if refusal else None,
    )


async def _customer(
    info: AppInfo, given: Input, payload: Callable[..., P], work: Callable[[Principal, Seed], Awaitable[str]]
) -> P:
    by, queries = info.context.acting(), info.context.app.queries

    async def once(seed: Seed) -> str:
        return await work(by, seed)

    async def show(customer_id: str) -> Mapping[str, Any]:
        return {"customer": Customer.of(await queries.directory.customer(by, customer_id), by)}

    return await DECISIONS.decide_once(info, given, payload, once, show, of_kind("cus"))


async def _contact(
    info: AppInfo, given: Input, payload: Callable[..., P], work: Callable[[Principal, Seed], Awaitable[str]]
) -> P:
    by, queries = info.context.acting(), info.context.app.queries

    async def once(seed: Seed) -> str:
        return await work(by, seed)

    async def show(contact_id: str) -> Mapping[str, Any]:
        return {"contact": Contact.of(await queries.directory.contact(by, contact_id), by, queries.now())}

    return await DECISIONS.decide_once(info, given, payload, once, show, of_kind("con"))


async def _person(
    info: AppInfo, given: Input, payload: Callable[..., P], work: Callable[[Principal], Awaitable[str]]
) -> P:
    by, queries = info.context.acting(), info.context.app.queries

    async def once(_: Seed) -> str:
        return await work(by)

    async def show(person_id: str) -> Mapping[str, Any]:
        return {"person": person(await queries.directory.person(by, person_id), by, queries.now())}

    return await DECISIONS.decide_once(info, given, payload, once, show, one_of_us)
