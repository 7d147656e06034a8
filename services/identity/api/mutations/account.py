"""Mutations about one's own access: invites accepted, sessions, passwords, account details."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.refusals import Input
from chassis.graphql.wording import given
from chassis.kernel import Principal, Role, id_from_bits
from chassis.telemetry import LOG_IN_FAILURES
from services.identity.api import door
from services.identity.api.errors import DECISIONS
from services.identity.api.inputs import (
    AcceptInviteInput,
    ChangePasswordInput,
    EndOtherSessionsInput,
    EndSessionInput,
    LogInInput,
    LogOutInput,
    RefreshSessionInput,
    RequestPasswordResetInput,
    ResetPasswordInput,
    UpdateMyAccountInput,
    changes_of,
)
from services.identity.api.loading import AppInfo
from services.identity.api.mutations.organisation import KEY_ONLY, one_of_us
from services.identity.api.payloads import (
    AcceptInvitePayload,
    ChangePasswordPayload,
    EndOtherSessionsPayload,
    EndSessionPayload,
    LogInPayload,
    LogOutEverywherePayload,
    LogOutPayload,
    RefreshSessionPayload,
    RequestPasswordResetPayload,
    ResetPasswordPayload,
    UpdateMyAccountPayload,
    entered,
)
from services.identity.api.types import person
from services.identity.application.accounts import Account
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.application.commands.change_password import ChangePassword
from services.identity.application.commands.end_other_sessions import EndOtherSessions
from services.identity.application.commands.end_session import EndSession
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.log_out import LogOut
from services.identity.application.commands.log_out_everywhere import LogOutEverywhere
from services.identity.application.commands.refresh_session import RefreshSession
from services.identity.application.commands.request_password_reset import RequestPasswordReset
from services.identity.application.commands.reset_password import ResetPassword
from services.identity.application.commands.update_my_account import UpdateMyAccount
from services.identity.application.second_factors import Challenged
from services.identity.application.signing_in import SignedIn
from services.identity.domain.errors import SessionEnded
from services.identity.domain.person import OwnChanges

P = TypeVar("P")
SECRETS = frozenset({"password", "current_password", "new_password", "token", "code", "challenge"})
"""Inputs of which nothing is kept but their seals."""


@strawberry.type(description="Mutations of the caller's own session.")
class SessionMutations:
    """Mutations for everybody."""

    @strawberry.mutation(
        description="Accept an invite by choosing a password, and log in. A link works once; the same request, sent "
        "again with its idempotency key, logs in with the password that was chosen."
    )
    async def accept_invite(
        self, info: AppInfo, input: Annotated[AcceptInviteInput, given("acceptInvite")]
    ) -> AcceptInvitePayload:
        command, commands = (
            AcceptInvite(token=input.token, password=input.password, user_agent=door.user_agent(info.context)),
            info.context.app.commands,
        )
        now_in: list[SignedIn | Challenged] = []

        async def work(_: Seed) -> str:
            now_in.append(await commands.accept_invite(command))
            return now_in[0].person.id

        async def show(_: str) -> Mapping[str, Any]:
            return entered(info.context, now_in[0] if now_in else await commands.come_back(command))

        by = await _holder(info, input.token)
        kept: Any = {"by": by, "secrets": SECRETS, "seals": info.context.app.seals}
        return await DECISIONS.decide_once(info, input, AcceptInvitePayload, work, show, one_of_us, **kept)

    @strawberry.mutation(
        description="Log in with e-mail address and password, to a portal as a client or to an organisation as "
        "staff. People with a second factor get a `challenge` for `completeLogIn` instead of a session. Every refusal "
        "looks the same; after ten wrong passwords from one address within 15 "
        "minutes, any attempt from there is refused. Sent again, it opens another session; one whose tokens nobody "
        "has ends by itself."
    )
    async def log_in(self, info: AppInfo, input: Annotated[LogInInput, given("logIn")]) -> LogInPayload:
        account = account_of(input)
        command = LogIn(
            account=account,
            password=input.password,
            address=info.context.client_address,
            device=door.device(info.context),
            user_agent=door.user_agent(info.context),
        )
        payload = await _session(info, LogInPayload, info.context.app.commands.log_in(command))
        if payload.session is None and payload.challenge is None:
            LOG_IN_FAILURES.inc()
        return payload

    @strawberry.mutation(
        description=(
            "Exchange the refresh token for a new pair of tokens. A token that was used a few seconds ago "
            "(10, unless the operator chose otherwise) returns the refresh token of its first use again, so "
            "that two tabs may refresh at once; one that was used earlier ends the whole session."
        )
    )
    async def refresh_session(
        self, info: AppInfo, input: Annotated[RefreshSessionInput | None, given("refreshSession")] = None
    ) -> RefreshSessionPayload:
        token = (input.refresh_token if input else None) or door.remembered(info.context)
        command = RefreshSession(refresh_token=token or "")
        return await _session(info, RefreshSessionPayload, info.context.app.commands.refresh_session(command))

    @strawberry.mutation(description="End a session. This is never refused, and can be repeated.")
    async def log_out(
        self, info: AppInfo, input: Annotated[LogOutInput | None, given("logOut")] = None
    ) -> LogOutPayload:
        token = (input.refresh_token if input else None) or door.remembered(info.context)
        command = LogOut(refresh_token=token)
        door.forget(info.context)
        return await _done(info, LogOutPayload, info.context.app.commands.log_out(command, by=info.context.principal))

    @strawberry.mutation(
        description="End all sessions of the caller on all devices, including this one. Sent again, it leaves "
        "sessions that have begun since."
    )
    async def log_out_everywhere(self, info: AppInfo) -> LogOutEverywherePayload:
        by = info.context.acting()
        door.forget(info.context)
        return await _done(
            info,
            LogOutEverywherePayload,
            info.context.app.commands.log_out_everywhere(LogOutEverywhere(), by=by),
        )

    @strawberry.mutation(
        description="End one of the caller's own sessions, on whatever device. It can be repeated. Streams and tokens "
        "of that session end within seconds. Ending a session other than the current one needs a recent log-in or "
        "`stepUp`."
    )
    async def end_session(
        self, info: AppInfo, input: Annotated[EndSessionInput, given("endSession")]
    ) -> EndSessionPayload:
        command, by = EndSession(session_id=input.session_id), info.context.acting()
        return await _done(info, EndSessionPayload, info.context.app.commands.end_session(command, by=by))

    @strawberry.mutation(description="End all other sessions of the caller. Needs a recent log-in or `stepUp`.")
    async def end_other_sessions(
        self, info: AppInfo, input: Annotated[EndOtherSessionsInput, given("endOtherSessions")]
    ) -> EndOtherSessionsPayload:
        by, end = info.context.acting(), info.context.app.commands.end_other_sessions
        command = EndOtherSessions()
        return await done_once(info, input, EndOtherSessionsPayload, lambda _: end(command, by=by), by)


@strawberry.type(description="Mutations of the caller's own account.")
class AccountMutations:
    """Mutations for everybody who is logged in, and for those who forgot their password."""

    @strawberry.mutation(
        description="Change the caller's own password. All other sessions of the caller end; this one continues."
    )
    async def change_password(
        self, info: AppInfo, input: Annotated[ChangePasswordInput, given("changePassword")]
    ) -> ChangePasswordPayload:
        command = ChangePassword(current_password=input.current_password, new_password=input.new_password)
        by, change = info.context.acting(), info.context.app.commands.change_password
        return await done_once(info, input, ChangePasswordPayload, lambda _: change(command, by=by), by)

    @strawberry.mutation(
        description="Request an e-mail with a link to set a new password. The response is the same whether or not "
        "the account exists."
    )
    async def request_password_reset(
        self, info: AppInfo, input: Annotated[RequestPasswordResetInput, given("requestPasswordReset")]
    ) -> RequestPasswordResetPayload:
        account, request = account_of(input), info.context.app.commands.request_password_reset

        async def work(seed: Seed) -> None:
            reset_id, address = id_from_bits("rst", seed.bits), info.context.client_address
            await request(
                RequestPasswordReset(
                    account=account, address=address, device=door.device(info.context), reset_id=reset_id
                )
            )

        return await done_once(info, input, RequestPasswordResetPayload, work, nobody(account.key))

    @strawberry.mutation(
        description="Set a new password with the token from the e-mail. All sessions of the person end."
    )
    async def reset_password(
        self, info: AppInfo, input: Annotated[ResetPasswordInput, given("resetPassword")]
    ) -> ResetPasswordPayload:
        command = ResetPassword(token=input.token, new_password=input.new_password)
        reset, by = info.context.app.commands.reset_password, await _holder(info, input.token)
        return await done_once(info, input, ResetPasswordPayload, lambda _: reset(command), by)

    @strawberry.mutation(
        description="Change the caller's own name and contact details. A different e-mail address requires a new "
        "invite."
    )
    async def update_my_account(
        self, info: AppInfo, input: Annotated[UpdateMyAccountInput, given("updateMyAccount")]
    ) -> UpdateMyAccountPayload:
        by, app = info.context.acting(), info.context.app
        changes = changes_of(input, nullable=frozenset({"phone", "job_title"}), leave_out=KEY_ONLY)

        async def work(_: Seed) -> str:
            return (await app.commands.update_my_account(UpdateMyAccount(changes=OwnChanges(**changes)), by=by)).id

        async def show(_: str) -> Mapping[str, Any]:
            return {"person": person(await app.queries.directory.me(by), by, app.queries.now())}

        return await DECISIONS.decide_once(info, input, UpdateMyAccountPayload, work, show, one_of_us)


async def _session(info: AppInfo, payload: Callable[..., P], signing_in: Awaitable[SignedIn | Challenged]) -> P:
    async def work() -> Mapping[str, Any]:
        try:
            return entered(info.context, await signing_in)
        except SessionEnded:
            door.forget(info.context)
            raise

    return await DECISIONS.decide(info, payload, work())


async def done_once(
    info: AppInfo, given: Input, payload: Callable[..., P], doing: Callable[[Seed], Awaitable[Any]], by: Principal
) -> P:
    """Do something once per key, after which there is nothing to show."""

    async def work(seed: Seed) -> bool:
        await doing(seed)
        return True

    async def show(_: bool) -> Mapping[str, Any]:
        return {"done": True}

    def recall(_: Seed, people: Sequence[str]) -> bool | None:
        return bool(people) or None

    kept: Any = {"by": by, "secrets": SECRETS, "seals": info.context.app.seals}
    return await DECISIONS.decide_once(info, given, payload, work, show, recall, **kept)


async def _holder(info: AppInfo, token: str) -> Principal:
    """Return under whose name the request of somebody who was sent a link is remembered."""
    return nobody(await info.context.app.queries.whose_link(token) or "nobody")


def nobody(name: str) -> Principal:
    """Return under which name the request of somebody is remembered who is not logged in: one that may do nothing."""
    return Principal(id=name, organisation_id="", role=Role.CONTACT)


async def _done(info: AppInfo, payload: Callable[..., P], doing: Awaitable[Any]) -> P:
    async def work() -> Mapping[str, Any]:
        await doing
        return {"done": True}

    return await DECISIONS.decide(info, payload, work())


def account_of(given: LogInInput | RequestPasswordResetInput) -> Account:
    """Return whose account is meant; an empty portal or organisation is none, as typed clients send what they left."""
    return Account(email=given.email, portal=given.portal or None, organisation_id=given.organisation_id or None)
