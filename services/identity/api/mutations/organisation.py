"""Mutations about the organisation, its portal and its staff."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from chassis.graphql.fingerprints import all_that_was_there, what_was_given
from chassis.graphql.idempotency import Seed, of_kind
from chassis.graphql.refusals import Input
from chassis.graphql.wording import given
from chassis.kernel import Principal, Role, id_from_bits
from services.identity.api import door
from services.identity.api.errors import DECISIONS
from services.identity.api.inputs import (
    DeactivateStaffInput,
    DisablePortalInput,
    EnablePortalInput,
    InviteStaffInput,
    ReactivateStaffInput,
    RegisterOrganisationInput,
    UpdateOrganisationInput,
    UpdatePortalSettingsInput,
    UpdateStaffInput,
    address_of,
    changes_of,
)
from services.identity.api.loading import AppInfo
from services.identity.api.payloads import (
    DeactivateStaffPayload,
    DisablePortalPayload,
    EnablePortalPayload,
    InviteStaffPayload,
    ReactivateStaffPayload,
    RegisterOrganisationPayload,
    UpdateOrganisationPayload,
    UpdatePortalSettingsPayload,
    UpdateStaffPayload,
    session_tokens,
)
from services.identity.api.types import Organisation, StaffMember
from services.identity.application.accounts import Account
from services.identity.application.commands.deactivate_staff import DeactivateStaff
from services.identity.application.commands.disable_portal import DisablePortal
from services.identity.application.commands.enable_portal import EnablePortal
from services.identity.application.commands.enter_as_owner import EnterAsOwner
from services.identity.application.commands.invite_staff import InviteStaff
from services.identity.application.commands.reactivate_staff import ReactivateStaff
from services.identity.application.commands.register_organisation import RegisterOrganisation
from services.identity.application.commands.update_organisation import UpdateOrganisation
from services.identity.application.commands.update_portal_settings import UpdatePortalSettings
from services.identity.application.commands.update_staff import UpdateStaff
from services.identity.application.people import principal_of
from services.identity.application.signing_in import SignedIn
from services.identity.domain import organisation as domain
from services.identity.domain.staff_member import StaffChanges, StaffDetails

P = TypeVar("P")


def _registration(given: RegisterOrganisationInput, seed: Seed, address: str, user_agent: str) -> RegisterOrganisation:
    details = domain.OrganisationDetails(
        name=given.name,
        time_zone=given.time_zone,
        locale=given.locale,
        currency=given.currency,
        address=address_of(given.address),
    )
    return RegisterOrganisation(
        organisation_id=id_from_bits("org", seed.bits),
        owner_id=id_from_bits("stf", seed.derive("owner")),
        details=details,
        owner_name=given.owner.name,
        owner_email=given.owner.email,
        owner_language=given.owner.language,
        password=given.owner.password,
        address=address,
        user_agent=user_agent,
    )


async def _register(info: AppInfo, given: RegisterOrganisationInput) -> Mapping[str, Any]:
    """Register once per key of this owner, and let the owner in: the password must be right each time."""
    commands, owner = info.context.app.commands, given.owner
    now_in: list[SignedIn] = []

    async def work(seed: Seed) -> str:
        registration = _registration(given, seed, info.context.client_address, door.user_agent(info.context))
        now_in.append(await commands.register_and_enter(registration))
        return registration.organisation_id

    secrets = frozenset({"password"})
    nobody_yet = Principal(id=Account(email=owner.email).key, organisation_id="", role=Role.OWNER)
    organisation_id = await info.context.idempotency.once(
        nobody_yet,
        info.field_name,
        given.idempotency_key,
        what_was_given(given, secrets),
        work,
        formerly=all_that_was_there(given, secrets),
    )
    again = EnterAsOwner(
        organisation_id=organisation_id,
        email=owner.email,
        password=owner.password,
        user_agent=door.user_agent(info.context),
    )
    signed_in = now_in[0] if now_in else await commands.enter_as_owner(again)
    by = principal_of(signed_in.person, "")
    organisations = await info.context.app.queries.directory.organisations(by, [organisation_id])
    return {
        "organisation": Organisation.of(organisations[organisation_id], by),
        "session": session_tokens(info.context, signed_in),
    }


@strawberry.type(description="Mutations of the organisation.")
class OrganisationMutations:
    """Mutations for owners, and the one that makes an owner."""

    @strawberry.mutation(description="Register a business and log in its first owner. Its portal is not enabled yet.")
    async def register_organisation(
        self, info: AppInfo, input: Annotated[RegisterOrganisationInput, given("registerOrganisation")]
    ) -> RegisterOrganisationPayload:
        return await DECISIONS.decide(info, RegisterOrganisationPayload, _register(info, input))

    @strawberry.mutation(description="Update the details of the organisation. Requires the owner role.")
    async def update_organisation(
        self, info: AppInfo, input: Annotated[UpdateOrganisationInput, given("updateOrganisation")]
    ) -> UpdateOrganisationPayload:
        nullable = frozenset({"address", "email", "phone", "website", "tax_id"})

        async def work(by: Principal) -> None:
            changes = changes_of(input, nullable=nullable, leave_out=KEY_ONLY)
            command = UpdateOrganisation(changes=domain.OrganisationChanges(**changes))
            await info.context.app.commands.update_organisation(command, by=by)

        return await _organisation(info, input, UpdateOrganisationPayload, work)

    @strawberry.mutation(description="Enable the client portal, for the first time or again. Requires the owner role.")
    async def enable_portal(
        self, info: AppInfo, input: Annotated[EnablePortalInput, given("enablePortal")]
    ) -> EnablePortalPayload:
        async def work(by: Principal) -> None:
            settings = domain.PortalSettings(
                name=input.name,
                slug=input.slug,
                banner_message=input.banner_message,
                logo=domain.Logo.parse(input.logo) if input.logo else None,
            )
            await info.context.app.commands.enable_portal(EnablePortal(settings=settings), by=by)

        return await _organisation(info, input, EnablePortalPayload, work)

    @strawberry.mutation(description="Update the settings of the enabled portal. Requires the owner role.")
    async def update_portal_settings(
        self, info: AppInfo, input: Annotated[UpdatePortalSettingsInput, given("updatePortalSettings")]
    ) -> UpdatePortalSettingsPayload:
        async def work(by: Principal) -> None:
            command = UpdatePortalSettings(changes=_portal_changes(input))
            await info.context.app.commands.update_portal_settings(command, by=by)

        return await _organisation(info, input, UpdatePortalSettingsPayload, work)

    @strawberry.mutation(
        description="Disable the client portal, so that clients can no longer log in. Requires the owner role."
    )
    async def disable_portal(
        self, info: AppInfo, input: Annotated[DisablePortalInput, given("disablePortal")]
    ) -> DisablePortalPayload:
        async def work(by: Principal) -> None:
            await info.context.app.commands.disable_portal(DisablePortal(), by=by)

        return await _organisation(info, input, DisablePortalPayload, work)


@strawberry.type(description="Mutations of staff.")
class StaffMutations:
    """Mutations for owners."""

    @strawberry.mutation(description="Invite a colleague by e-mail. Requires the owner role.")
    async def invite_staff(
        self, info: AppInfo, input: Annotated[InviteStaffInput, given("inviteStaff")]
    ) -> InviteStaffPayload:
        details = StaffDetails(name=input.name, email=input.email, role=Role(input.role.value), language=input.language)

        async def work(by: Principal, seed: Seed) -> str:
            command = InviteStaff(details=details, staff_id=id_from_bits("stf", seed.bits))
            return (await info.context.app.commands.invite_staff(command, by=by)).id

        return await _staff_member(info, input, InviteStaffPayload, work)

    @strawberry.mutation(
        description="Update the details or the role of a colleague; one owner must remain. Requires the owner role."
    )
    async def update_staff(
        self, info: AppInfo, input: Annotated[UpdateStaffInput, given("updateStaff")]
    ) -> UpdateStaffPayload:
        async def work(by: Principal, _: Seed) -> str:
            changes = changes_of(input, nullable=frozenset({"phone", "job_title"}), leave_out=KEY_AND_ID)
            if "role" in changes:
                changes["role"] = Role(changes["role"].value)
            command = UpdateStaff(staff_id=input.id, changes=StaffChanges(**changes))
            return (await info.context.app.commands.update_staff(command, by=by)).id

        return await _staff_member(info, input, UpdateStaffPayload, work)

    @strawberry.mutation(
        description="Deactivate a colleague, with immediate effect; one owner must remain. Requires the owner role."
    )
    async def deactivate_staff(
        self, info: AppInfo, input: Annotated[DeactivateStaffInput, given("deactivateStaff")]
    ) -> DeactivateStaffPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = DeactivateStaff(staff_id=input.id)
            return (await info.context.app.commands.deactivate_staff(command, by=by)).id

        return await _staff_member(info, input, DeactivateStaffPayload, work)

    @strawberry.mutation(description="Reactivate a colleague, with the old password. Requires the owner role.")
    async def reactivate_staff(
        self, info: AppInfo, input: Annotated[ReactivateStaffInput, given("reactivateStaff")]
    ) -> ReactivateStaffPayload:
        async def work(by: Principal, _: Seed) -> str:
            command = ReactivateStaff(staff_id=input.id)
            return (await info.context.app.commands.reactivate_staff(command, by=by)).id

        return await _staff_member(info, input, ReactivateStaffPayload, work)


KEY_ONLY = frozenset({"idempotency_key"})
KEY_AND_ID = frozenset({"idempotency_key", "id"})


def one_of_us(_: Seed, people: Sequence[str]) -> str | None:
    """Return the person who carries the decision, of staff or of a client."""
    return next((one for one in people if one.startswith(("con_", "stf_"))), None)


def _portal_changes(given: UpdatePortalSettingsInput) -> domain.PortalChanges:
    changes = changes_of(given, nullable=frozenset({"banner_message", "logo"}), leave_out=KEY_ONLY)
    if "logo" in changes:
        changes["logo"] = domain.Logo.parse(changes["logo"]) if changes["logo"] else None
    if "document_types" in changes:
        changes["document_types"] = tuple(domain.DocumentType(kind.value) for kind in changes["document_types"])
    if "notify_staff_of" in changes:
        changes["notify_staff_of"] = tuple(domain.StaffNotice(notice.value) for notice in changes["notify_staff_of"])
    return domain.PortalChanges(**changes)


async def _organisation(
    info: AppInfo, given: Input, payload: Callable[..., P], work: Callable[[Principal], Awaitable[None]]
) -> P:
    by, queries = info.context.acting(), info.context.app.queries

    async def once(_: Seed) -> str:
        await work(by)
        return by.organisation_id

    async def show(organisation_id: str) -> Mapping[str, Any]:
        found = await queries.directory.organisations(by, [organisation_id])
        return {"organisation": Organisation.of(found[organisation_id], by)}

    return await DECISIONS.decide_once(info, given, payload, once, show, of_kind("org"))


async def _staff_member(
    info: AppInfo, given: Input, payload: Callable[..., P], work: Callable[[Principal, Seed], Awaitable[str]]
) -> P:
    by, queries = info.context.acting(), info.context.app.queries

    async def once(seed: Seed) -> str:
        return await work(by, seed)

    async def show(staff_id: str) -> Mapping[str, Any]:
        return {"staff_member": StaffMember.of(await queries.directory.staff_member(by, staff_id), by, queries.now())}

    return await DECISIONS.decide_once(info, given, payload, once, show, of_kind("stf"))
