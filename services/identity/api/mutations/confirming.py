"""Mutations by which who registered an organisation shows that the e-mail address is theirs."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry

from chassis.graphql.wording import given
from services.identity.api.errors import DECISIONS
from services.identity.api.inputs import ConfirmEmailInput, ResendConfirmationInput
from services.identity.api.loading import AppInfo
from services.identity.api.mutations.account import done_once
from services.identity.api.payloads import ConfirmEmailPayload, ResendConfirmationPayload
from services.identity.application.commands.confirm_email import ConfirmEmail
from services.identity.application.commands.resend_confirmation import ResendConfirmation


@strawberry.type(description="Mutations of the registration's e-mail address.")
class ConfirmingMutations:
    """Mutations for who registered."""

    @strawberry.mutation(
        description="Confirm the e-mail address of a registration by the token in the e-mail, logged in as who "
        "registered or with that password. It can be repeated. Until then invites and documents are refused "
        "(`EMAIL_UNPROVEN`), and log-in without `organisationId` does not find the account; access tokens know of it "
        "after `refreshSession`."
    )
    async def confirm_email(
        self, info: AppInfo, input: Annotated[ConfirmEmailInput, given("confirmEmail")]
    ) -> ConfirmEmailPayload:
        command = ConfirmEmail(token=input.token, password=input.current_password or "")

        async def work() -> Mapping[str, Any]:
            await info.context.app.commands.confirm_email(command, by=info.context.principal)
            return {"done": True}

        return await DECISIONS.decide(info, ConfirmEmailPayload, work())

    @strawberry.mutation(
        description="Send the e-mail again by which the address of the caller's registration is confirmed; the link of "
        "the former one no longer works. At most five are sent within a day."
    )
    async def resend_confirmation(
        self, info: AppInfo, input: Annotated[ResendConfirmationInput, given("resendConfirmation")]
    ) -> ResendConfirmationPayload:
        by, resend = info.context.acting(), info.context.app.commands.resend_confirmation
        command = ResendConfirmation(address=info.context.client_address)
        return await done_once(info, input, ResendConfirmationPayload, lambda _: resend(command, by=by), by)
