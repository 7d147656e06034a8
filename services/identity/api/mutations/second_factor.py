"""Mutations about the second factor: coming in by it, one's own, that of others, and what is asked of all."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.wording import given
from chassis.kernel import Principal
from services.identity.api import door
from services.identity.api.errors import DECISIONS
from services.identity.api.loading import AppInfo
from services.identity.api.mutations.account import SECRETS, done_once, nobody
from services.identity.api.mutations.organisation import one_of_us
from services.identity.api.payloads import entered
from services.identity.api.second_factor import (
    CodeGenerator,
    CompleteLogInInput,
    CompleteLogInPayload,
    ConfirmSecondFactorInput,
    ConfirmSecondFactorPayload,
    RemoveSecondFactorInput,
    RemoveSecondFactorPayload,
    RenewRecoveryCodesInput,
    RenewRecoveryCodesPayload,
    ResetSecondFactorInput,
    ResetSecondFactorPayload,
    SetUpSecondFactorInput,
    SetUpSecondFactorPayload,
    StepUpInput,
    StepUpPayload,
    UpdateLogInPolicyInput,
    UpdateLogInPolicyPayload,
)
from services.identity.api.types import Organisation, person
from services.identity.application.commands.complete_log_in import CompleteLogIn
from services.identity.application.commands.confirm_second_factor import ConfirmSecondFactor
from services.identity.application.commands.decide_log_ins import DecideLogIns
from services.identity.application.commands.remove_second_factor import RemoveSecondFactor
from services.identity.application.commands.renew_recovery_codes import RenewRecoveryCodes
from services.identity.application.commands.reset_second_factor import ResetSecondFactor
from services.identity.application.commands.set_up_second_factor import SetUpSecondFactor
from services.identity.application.commands.step_up import StepUp
from services.identity.application.signing_in import SignedIn
from services.identity.domain.organisation import Demand, LogInPolicy

P = TypeVar("P")


@strawberry.type(description="Mutations of the second factor.")
class SecondFactorMutations:
    """Mutations for everybody, and two for owners."""

    @strawberry.mutation(
        description="Log in with the challenge that `logIn` gave and a code. A code counts once; after ten wrong ones "
        "from one address within 15 minutes, any attempt from there is refused. Sent again with its key, it opens "
        "another session while the challenge is valid."
    )
    async def complete_log_in(
        self, info: AppInfo, input: Annotated[CompleteLogInInput, given("completeLogIn")]
    ) -> CompleteLogInPayload:
        command = CompleteLogIn(
            challenge=input.challenge,
            code=input.code,
            address=info.context.client_address,
            user_agent=door.user_agent(info.context),
        )
        app = info.context.app
        asking = await app.queries.second_factor.whose_challenge(input.challenge) or nobody("nobody")

        async def work(_: Seed) -> str:
            return (await app.commands.show_second_factor(command)).id

        async def show(_: str) -> Mapping[str, Any]:
            return entered(info.context, await app.commands.complete_log_in(command))

        kept: Any = {"by": asking, "secrets": SECRETS, "seals": app.seals}
        return await DECISIONS.decide_once(info, input, CompleteLogInPayload, work, show, one_of_us, **kept)

    @strawberry.mutation(
        description="Prove the caller's identity again, before something that needs it (`PROOF_NEEDED`): by a code or "
        "passkey for people with a second factor, otherwise by the password. The new access token says so for "
        "15 minutes; the refresh token stays."
    )
    async def step_up(self, info: AppInfo, input: Annotated[StepUpInput, given("stepUp")]) -> StepUpPayload:
        command = StepUp(
            address=info.context.client_address,
            password=input.current_password or "",
            code=input.code or "",
            passkey=input.passkey.read() if input.passkey else None,
        )
        by = info.context.acting()
        return await _session(info, StepUpPayload, info.context.app.commands.step_up(command, by=by))

    @strawberry.mutation(
        description="Begin to set up an app as second factor. It is on after `confirmSecondFactor`, within 15 minutes; "
        "until then this returns the same secret again. Needs a recent log-in or `stepUp`."
    )
    async def set_up_second_factor(
        self, info: AppInfo, input: Annotated[SetUpSecondFactorInput, given("setUpSecondFactor")]
    ) -> SetUpSecondFactorPayload:
        command, by = (
            SetUpSecondFactor(challenge=input.challenge or None),
            by_challenge_or_session(info, input.challenge),
        )

        async def work() -> Mapping[str, Any]:
            generator = await info.context.app.commands.set_up_second_factor(command, by=by)
            return {"generator": CodeGenerator.of(generator)}

        return await DECISIONS.decide(info, SetUpSecondFactorPayload, work())

    @strawberry.mutation(
        description="Turn the second factor on by the first code of the app. Returns the recovery codes, and the "
        "session if the log-in was waiting for it; sent again with its key, the codes alone."
    )
    async def confirm_second_factor(
        self, info: AppInfo, input: Annotated[ConfirmSecondFactorInput, given("confirmSecondFactor")]
    ) -> ConfirmSecondFactorPayload:
        by, app = by_challenge_or_session(info, input.challenge), info.context.app
        command = ConfirmSecondFactor(
            code=input.code,
            challenge=input.challenge or None,
            address=info.context.client_address,
            user_agent=door.user_agent(info.context),
        )
        now_in: list[SignedIn] = []

        asking = by or await app.queries.second_factor.whose_challenge(input.challenge or "") or nobody("nobody")

        async def work(_: Seed) -> str:
            confirmed = await app.commands.confirm_second_factor(command, by=by)
            now_in.extend([confirmed.signed_in] if confirmed.signed_in else [])
            return confirmed.person.id

        async def show(person_id: str) -> Mapping[str, Any]:
            codes = await app.queries.second_factor.recovery_codes(asking, person_id)
            return {"recovery_codes": [*codes]} | (entered(info.context, now_in[0]) if now_in else {})

        kept: Any = {"by": asking, "secrets": SECRETS, "seals": app.seals}
        return await DECISIONS.decide_once(info, input, ConfirmSecondFactorPayload, work, show, one_of_us, **kept)

    @strawberry.mutation(description="Replace the caller's recovery codes; the former ones no longer work.")
    async def renew_recovery_codes(
        self, info: AppInfo, input: Annotated[RenewRecoveryCodesInput, given("renewRecoveryCodes")]
    ) -> RenewRecoveryCodesPayload:
        by, app = info.context.acting(), info.context.app
        command = RenewRecoveryCodes(code=input.code, address=info.context.client_address)

        async def work(_: Seed) -> str:
            return (await app.commands.renew_recovery_codes(command, by=by)).id

        async def show(person_id: str) -> Mapping[str, Any]:
            return {"recovery_codes": [*await app.queries.second_factor.recovery_codes(by, person_id)]}

        kept: Any = {"secrets": SECRETS, "seals": app.seals}
        return await DECISIONS.decide_once(info, input, RenewRecoveryCodesPayload, work, show, one_of_us, **kept)

    @strawberry.mutation(description="Remove the caller's second factor: the password alone is enough again.")
    async def remove_second_factor(
        self, info: AppInfo, input: Annotated[RemoveSecondFactorInput, given("removeSecondFactor")]
    ) -> RemoveSecondFactorPayload:
        by, remove = info.context.acting(), info.context.app.commands.remove_second_factor
        command = RemoveSecondFactor(code=input.code, address=info.context.client_address)
        return await done_once(info, input, RemoveSecondFactorPayload, lambda _: remove(command, by=by), by)

    @strawberry.mutation(
        description="Reset the second factor of a person who lost it; all sessions of that person end. Requires the "
        "owner role, and a recent log-in or `stepUp`."
    )
    async def reset_second_factor(
        self, info: AppInfo, input: Annotated[ResetSecondFactorInput, given("resetSecondFactor")]
    ) -> ResetSecondFactorPayload:
        by, app = info.context.acting(), info.context.app

        async def work(_: Seed) -> str:
            command = ResetSecondFactor(person_id=input.id)
            return (await app.commands.reset_second_factor(command, by=by)).id

        async def show(person_id: str) -> Mapping[str, Any]:
            return {"person": person(await app.queries.directory.person(by, person_id), by, app.queries.now())}

        return await DECISIONS.decide_once(info, input, ResetSecondFactorPayload, work, show, one_of_us)

    @strawberry.mutation(
        description="Decide whether staff and clients log in with a second factor: off, offered or required. Holds "
        "from the next log-in or refresh on. Requires the owner role, and a recent log-in or `stepUp`."
    )
    async def update_log_in_policy(
        self, info: AppInfo, input: Annotated[UpdateLogInPolicyInput, given("updateLogInPolicy")]
    ) -> UpdateLogInPolicyPayload:
        by, app = info.context.acting(), info.context.app
        policy = LogInPolicy(staff=Demand(input.staff.value), clients=Demand(input.clients.value))

        async def work(_: Seed) -> str:
            return (await app.commands.decide_log_ins(DecideLogIns(policy=policy), by=by)).id

        async def show(organisation_id: str) -> Mapping[str, Any]:
            found = await app.queries.directory.organisations(by, [organisation_id])
            return {"organisation": Organisation.of(found[organisation_id], by)}

        return await DECISIONS.decide_once(info, input, UpdateLogInPolicyPayload, work, show, one_of_us)


def by_challenge_or_session(info: AppInfo, challenge: str | None) -> Principal | None:
    """Return who acts; nobody is logged in yet who shows a challenge. An empty one is none."""
    return None if challenge else info.context.acting()


async def _session(info: AppInfo, payload: Callable[..., P], signing_in: Awaitable[SignedIn]) -> P:
    async def work() -> Mapping[str, Any]:
        return entered(info.context, await signing_in)

    return await DECISIONS.decide(info, payload, work())
