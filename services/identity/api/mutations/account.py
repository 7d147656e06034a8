"""Mutations about one's own access: invites accepted, sessions, passwords, account details."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from services.chassis.graphql.idempotency import Seed
from services.chassis.telemetry import LOG_IN_FAILURES
from services.identity.api import door
from services.identity.api.errors import DECISIONS
from services.identity.api.inputs import (
    AcceptInviteInput,
    ChangePasswordInput,
    LogInInput,
    LogOutInput,
    RefreshSessionInput,
    RequestPasswordResetInput,
    ResetPasswordInput,
    UpdateMyAccountInput,
    changes_of,
)
from services.identity.api.loading import AppInfo
from services.identity.api.mutations.organisation import INPUT, KEY_ONLY
from services.identity.api.payloads import (
    AcceptInvitePayload,
    ChangePasswordPayload,
    LogInPayload,
    LogOutEverywherePayload,
    LogOutPayload,
    RefreshSessionPayload,
    RequestPasswordResetPayload,
    ResetPasswordPayload,
    UpdateMyAccountPayload,
    session_tokens,
)
from services.identity.api.types import person
from services.identity.application.commands import manage_password as passwords
from services.identity.application.commands import manage_session as sessions
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.application.commands.log_in import Account, LogIn
from services.identity.application.commands.update_my_account import UpdateMyAccount
from services.identity.application.signing_in import SignedIn
from services.identity.domain.errors import SessionEnded
from services.identity.domain.person import OwnChanges

P = TypeVar("P")


@strawberry.type(description="What people do about their own session.")
class SessionMutations:
    """Mutations for everybody."""

    @strawberry.mutation(description="Accept an invite by choosing a password and be logged in. A link works once.")
    async def accept_invite(self, info: AppInfo, input: Annotated[AcceptInviteInput, INPUT]) -> AcceptInvitePayload:
        command = AcceptInvite(token=input.token, password=input.password)
        return await _session(info, AcceptInvitePayload, info.context.app.commands.accept_invite(command))

    @strawberry.mutation(
        description="Log in with e-mail and password, to a portal as a client or to an organisation as staff. Every "
        "refusal is the same; ten wrong passwords in a quarter of an hour are refused like the rest."
    )
    async def log_in(self, info: AppInfo, input: Annotated[LogInInput, INPUT]) -> LogInPayload:
        account = account_of(input)
        command = LogIn(account=account, password=input.password, address=info.context.client_address)
        payload = await _session(info, LogInPayload, info.context.app.commands.log_in(command))
        if payload.session is None:
            LOG_IN_FAILURES.inc()
        return payload

    @strawberry.mutation(
        description=(
            "Trade the refresh token for a new pair. A token that was used some seconds ago (10, unless the operator"
            " chose otherwise) gets the refresh token of that first use again, so that two tabs may refresh at once;"
            " one that was used earlier ends the whole session."
        )
    )
    async def refresh_session(
        self, info: AppInfo, input: Annotated[RefreshSessionInput | None, INPUT] = None
    ) -> RefreshSessionPayload:
        token = (input.refresh_token if input else None) or door.remembered(info.context)
        command = sessions.RefreshSession(refresh_token=token or "")
        return await _session(info, RefreshSessionPayload, info.context.app.commands.refresh_session(command))

    @strawberry.mutation(description="End one session. Never refused; ending it twice is fine.")
    async def log_out(self, info: AppInfo, input: Annotated[LogOutInput | None, INPUT] = None) -> LogOutPayload:
        token = (input.refresh_token if input else None) or door.remembered(info.context)
        command = sessions.LogOut(refresh_token=token)
        door.forget(info.context)
        return await _done(info, LogOutPayload, info.context.app.commands.log_out(command, by=info.context.principal))

    @strawberry.mutation(description="End every session of the caller, on all devices, this one included.")
    async def log_out_everywhere(self, info: AppInfo) -> LogOutEverywherePayload:
        by = info.context.acting()
        door.forget(info.context)
        return await _done(
            info,
            LogOutEverywherePayload,
            info.context.app.commands.log_out_everywhere(sessions.LogOutEverywhere(), by=by),
        )


@strawberry.type(description="What people do about their own account.")
class AccountMutations:
    """Mutations for everybody who is logged in, and for those who forgot their password."""

    @strawberry.mutation(description="Change one's own password. One's other sessions end, this one goes on.")
    async def change_password(
        self, info: AppInfo, input: Annotated[ChangePasswordInput, INPUT]
    ) -> ChangePasswordPayload:
        command = passwords.ChangePassword(current_password=input.current_password, new_password=input.new_password)
        return await _done(
            info, ChangePasswordPayload, info.context.app.commands.change_password(command, by=info.context.acting())
        )

    @strawberry.mutation(
        description="Ask for a mail with a link to a new password. The answer is the same whether there is such an "
        "account or not."
    )
    async def request_password_reset(
        self, info: AppInfo, input: Annotated[RequestPasswordResetInput, INPUT]
    ) -> RequestPasswordResetPayload:
        account = account_of(input)
        command = passwords.RequestPasswordReset(account=account, address=info.context.client_address)
        return await _done(info, RequestPasswordResetPayload, info.context.app.commands.request_password_reset(command))

    @strawberry.mutation(description="Set a new password by a mailed link. Every session of the person ends.")
    async def reset_password(self, info: AppInfo, input: Annotated[ResetPasswordInput, INPUT]) -> ResetPasswordPayload:
        command = passwords.ResetPassword(token=input.token, new_password=input.new_password)
        return await _done(info, ResetPasswordPayload, info.context.app.commands.reset_password(command))

    @strawberry.mutation(description="Change one's own name and contact details. Another e-mail needs a new invite.")
    async def update_my_account(
        self, info: AppInfo, input: Annotated[UpdateMyAccountInput, INPUT]
    ) -> UpdateMyAccountPayload:
        by, app = info.context.acting(), info.context.app
        changes = changes_of(input, nullable=frozenset({"phone", "job_title"}), leave_out=KEY_ONLY)

        async def work(_: Seed) -> str:
            return (await app.commands.update_my_account(UpdateMyAccount(changes=OwnChanges(**changes)), by=by)).id

        async def show(_: str) -> Mapping[str, Any]:
            return {"person": person(await app.queries.me(by=by), by, app.queries.now())}

        return await DECISIONS.decide_once(info, input, UpdateMyAccountPayload, work, show)


async def _session(info: AppInfo, payload: Callable[..., P], signing_in: Awaitable[SignedIn]) -> P:
    async def work() -> Mapping[str, Any]:
        try:
            return {"session": session_tokens(info.context, await signing_in)}
        except SessionEnded:
            door.forget(info.context)
            raise

    return await DECISIONS.decide(info, payload, work())


async def _done(info: AppInfo, payload: Callable[..., P], doing: Awaitable[Any]) -> P:
    async def work() -> Mapping[str, Any]:
        await doing
        return {"done": True}

    return await DECISIONS.decide(info, payload, work())


def account_of(given: LogInInput | RequestPasswordResetInput) -> Account:
    """Return whose account is meant; an empty portal or organisation is none, as typed clients send what they left."""
    return Account(email=given.email, portal=given.portal or None, organisation_id=given.organisation_id or None)
