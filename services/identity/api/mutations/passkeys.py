"""Mutations about passkeys: coming in by one, and one's own."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.wording import given
from chassis.telemetry import LOG_IN_FAILURES
from services.identity.api import door
from services.identity.api.errors import DECISIONS
from services.identity.api.loading import AppInfo
from services.identity.api.mutations.account import SECRETS, done_once, nobody
from services.identity.api.mutations.organisation import one_of_us
from services.identity.api.mutations.second_factor import by_challenge_or_session
from services.identity.api.passkeys import (
    AddPasskeyInput,
    AddPasskeyPayload,
    BeginPasskeyInput,
    BeginPasskeyLogInInput,
    BeginPasskeyLogInPayload,
    BeginPasskeyPayload,
    BeginPasskeyStepUpPayload,
    LogInWithPasskeyInput,
    LogInWithPasskeyPayload,
    Passkey,
    PasskeyAttempt,
    RemovePasskeyInput,
    RemovePasskeyPayload,
    RenamePasskeyInput,
    RenamePasskeyPayload,
)
from services.identity.api.payloads import entered
from services.identity.application.commands.add_passkey import AddPasskey
from services.identity.application.commands.begin_passkey import BeginPasskey
from services.identity.application.commands.begin_passkey_log_in import BeginPasskeyLogIn
from services.identity.application.commands.begin_passkey_step_up import BeginPasskeyStepUp
from services.identity.application.commands.log_in_with_passkey import LogInWithPasskey
from services.identity.application.commands.remove_passkey import RemovePasskey
from services.identity.application.commands.rename_passkey import RenamePasskey
from services.identity.application.passkeys import Answer, Attempt
from services.identity.application.signing_in import SignedIn

P = TypeVar("P")


@strawberry.type(description="Mutations of passkeys.")
class PasskeyMutations:
    """Mutations for everybody."""

    @strawberry.mutation(
        description="Begin to add a passkey: a second factor, and a log-in without password. Needs a recent log-in or "
        "`stepUp`."
    )
    async def begin_passkey(
        self, info: AppInfo, input: Annotated[BeginPasskeyInput, given("beginPasskey")]
    ) -> BeginPasskeyPayload:
        command = BeginPasskey(challenge=input.challenge or None)
        by = by_challenge_or_session(info, input.challenge)
        return await _begin(info, BeginPasskeyPayload, info.context.app.commands.begin_passkey(command, by=by))

    @strawberry.mutation(
        description="Add the passkey that the browser made. From then on the password alone is not enough to log "
        "in; if there was no second factor before, this returns recovery codes, and the session if the log-in was "
        "waiting for it. Sent again with its key, the passkey and the codes alone."
    )
    async def add_passkey(
        self, info: AppInfo, input: Annotated[AddPasskeyInput, given("addPasskey")]
    ) -> AddPasskeyPayload:
        by, app = by_challenge_or_session(info, input.challenge), info.context.app
        command = AddPasskey(
            answer=Answer(token=input.token, credential=input.credential),
            name=input.name,
            challenge=input.challenge or None,
            user_agent=door.user_agent(info.context),
        )
        now_in: list[SignedIn] = []
        asking = by or await app.queries.second_factor.whose_challenge(input.challenge or "") or nobody("nobody")

        async def work(_: Seed) -> str:
            added = await app.commands.add_passkey(command, by=by)
            now_in.extend([added.signed_in] if added.signed_in else [])
            return added.person.id

        async def show(person_id: str) -> Mapping[str, Any]:
            passkey, codes = await app.queries.second_factor.added_passkey(asking, person_id, input.credential)
            shown = {"passkey": passkey and Passkey.of(passkey), "recovery_codes": [*codes] or None}
            return shown | (entered(info.context, now_in[0]) if now_in else {})

        kept: Any = {"by": asking, "secrets": SECRETS, "seals": app.seals}
        return await DECISIONS.decide_once(info, input, AddPasskeyPayload, work, show, one_of_us, **kept)

    @strawberry.mutation(description="Rename one of the caller's passkeys.")
    async def rename_passkey(
        self, info: AppInfo, input: Annotated[RenamePasskeyInput, given("renamePasskey")]
    ) -> RenamePasskeyPayload:
        by, rename = info.context.acting(), info.context.app.commands.rename_passkey
        command = RenamePasskey(passkey_id=input.id, name=input.name)
        return await done_once(info, input, RenamePasskeyPayload, lambda _: rename(command, by=by), by)

    @strawberry.mutation(
        description="Remove one of the caller's passkeys. Without another one and without an app the password alone is "
        "enough again. Needs a recent log-in or `stepUp`."
    )
    async def remove_passkey(
        self, info: AppInfo, input: Annotated[RemovePasskeyInput, given("removePasskey")]
    ) -> RemovePasskeyPayload:
        by, remove = info.context.acting(), info.context.app.commands.remove_passkey
        command = RemovePasskey(passkey_id=input.id)
        return await done_once(info, input, RemovePasskeyPayload, lambda _: remove(command, by=by), by)

    @strawberry.mutation(
        description="Begin to log in with a passkey: without a password, or with the challenge that `logIn` gave."
    )
    async def begin_passkey_log_in(
        self, info: AppInfo, input: Annotated[BeginPasskeyLogInInput, given("beginPasskeyLogIn")]
    ) -> BeginPasskeyLogInPayload:
        command = BeginPasskeyLogIn(challenge=input.challenge or None)
        return await _begin(info, BeginPasskeyLogInPayload, info.context.app.commands.begin_passkey_log_in(command))

    @strawberry.mutation(description="Begin to show a passkey again, for `stepUp`.")
    async def begin_passkey_step_up(self, info: AppInfo) -> BeginPasskeyStepUpPayload:
        by = info.context.acting()
        return await _begin(
            info,
            BeginPasskeyStepUpPayload,
            info.context.app.commands.begin_passkey_step_up(BeginPasskeyStepUp(), by=by),
        )

    @strawberry.mutation(
        description="Log in with what the browser answered. An attempt counts once. Sent again with its key, it opens "
        "another session while the attempt is valid."
    )
    async def log_in_with_passkey(
        self, info: AppInfo, input: Annotated[LogInWithPasskeyInput, given("logInWithPasskey")]
    ) -> LogInWithPasskeyPayload:
        app, answer = info.context.app, Answer(token=input.token, credential=input.credential)
        command = LogInWithPasskey(
            answer=answer, address=info.context.client_address, user_agent=door.user_agent(info.context)
        )

        async def work(_: Seed) -> str:
            return (await app.commands.show_passkey_to_log_in(command)).id

        async def show(_: str) -> Mapping[str, Any]:
            return entered(info.context, await app.commands.log_in_with_passkey(command))

        asking = await app.queries.second_factor.whose_passkey(answer) or nobody("nobody")
        kept: Any = {"by": asking, "secrets": SECRETS, "seals": app.seals}
        payload = await DECISIONS.decide_once(info, input, LogInWithPasskeyPayload, work, show, one_of_us, **kept)
        if payload.session is None:
            LOG_IN_FAILURES.inc()
        return payload


async def _begin(info: AppInfo, payload: Callable[..., P], beginning: Awaitable[Attempt]) -> P:
    async def work() -> Mapping[str, Any]:
        return {"attempt": PasskeyAttempt.of(await beginning)}

    return await DECISIONS.decide(info, payload, work())
