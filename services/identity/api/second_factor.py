"""The second factor as the API shows it: what is asked, what is given, what comes of it."""

from datetime import datetime
from typing import Self

import strawberry

from chassis.graphql.wording import ERRORS
from services.identity.api.enums import SecondFactorDemand
from services.identity.api.errors import UserError
from services.identity.api.inputs import KEY, OPTIONAL_KEY
from services.identity.api.own_passkeys import Passkey, PasskeyAnswerInput
from services.identity.api.payloads import DoneOutcome, OrganisationOutcome, PersonOutcome, SessionOutcome
from services.identity.application.commands.set_up_second_factor import Generator
from services.identity.domain import organisation, person

CODE = "The six digits that the app shows now, or one of the recovery codes; each counts once."
CHALLENGE = (
    "The token of the challenge, for people who have to set up a second factor before they are in; leave it out when "
    "logged in."
)


@strawberry.type(description="The second factor of the caller.")
class OwnSecondFactor:
    """What its owner sees."""

    is_on: bool = strawberry.field(description="Whether more than the password is asked for at the log-in.")
    since: datetime | None = strawberry.field(description="When it was set up; null if it is off.")
    recovery_codes_left: int = strawberry.field(description="The number of recovery codes that have not been used.")
    has_app: bool = strawberry.field(description="Whether codes of an app count.")
    passkeys: list[Passkey] = strawberry.field(description="The passkeys, the oldest first.")
    demand: SecondFactorDemand = strawberry.field(
        description="Whether the organisation requires a second factor of people like the caller."
    )

    @classmethod
    def of(cls, one: person.Person, demand: organisation.Demand) -> Self:
        """Return it as the API shows it."""
        guard = one.guard
        return cls(
            is_on=guard is not None,
            since=guard.since if guard else None,
            recovery_codes_left=len(guard.recovery_hashes) if guard else 0,
            has_app=guard is not None and bool(guard.secret),
            passkeys=[Passkey.of(each) for each in one.own_passkeys],
            demand=SecondFactorDemand(demand.value),
        )


@strawberry.type(description="A code generator that is being set up, for an app.")
class CodeGenerator:
    """The secret, shown while it is being set up and never again."""

    secret: str = strawberry.field(description="The secret in base 32, to be typed into the app.")
    uri: str = strawberry.field(description="The `otpauth://` address with the secret, to be shown as a QR code.")

    @classmethod
    def of(cls, generator: Generator) -> Self:
        """Return it as the API shows it."""
        return cls(secret=generator.secret, uri=generator.uri)


@strawberry.input(description="The challenge of a log-in, and a code.")
class CompleteLogInInput:
    """Input of `completeLogIn`."""

    challenge: str = strawberry.field(description="The token of the challenge.")
    code: str = strawberry.field(description=CODE)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A request to set up an app as second factor.")
class SetUpSecondFactorInput:
    """Input of `setUpSecondFactor`."""

    challenge: str | None = strawberry.field(default=None, description=CHALLENGE)


@strawberry.input(description="The first code of a second factor.")
class ConfirmSecondFactorInput:
    """Input of `confirmSecondFactor`."""

    code: str = strawberry.field(description="The six digits that the app shows now.")
    challenge: str | None = strawberry.field(default=None, description=CHALLENGE)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A code of the caller's second factor.")
class RenewRecoveryCodesInput:
    """Input of `renewRecoveryCodes`."""

    code: str = strawberry.field(description=CODE)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A code of the second factor to be removed.")
class RemoveSecondFactorInput:
    """Input of `removeSecondFactor`."""

    code: str = strawberry.field(description=CODE)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A person whose second factor is to be reset.")
class ResetSecondFactorInput:
    """Input of `resetSecondFactor`."""

    id: strawberry.ID = strawberry.field(description="The ID of the person, `stf_…` or `con_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(
    description="The proof of identity: a code or passkey for people with a second factor, otherwise the password."
)
class StepUpInput:
    """Input of `stepUp`."""

    current_password: str | None = strawberry.field(
        default=None, description="The password, for people without a second factor."
    )
    code: str | None = strawberry.field(default=None, description=CODE)
    passkey: PasskeyAnswerInput | None = strawberry.field(
        default=None, description="The response of the browser to `beginPasskeyStepUp`."
    )


@strawberry.input(description="Whether people have to log in with a second factor.")
class UpdateLogInPolicyInput:
    """Input of `updateLogInPolicy`."""

    staff: SecondFactorDemand = strawberry.field(description="Whether staff have to log in with a second factor.")
    clients: SecondFactorDemand = strawberry.field(
        description="Whether contacts of client companies have to log in with a second factor."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `completeLogIn`.")
class CompleteLogInPayload(SessionOutcome):
    """Payload of `completeLogIn`."""


@strawberry.type(description="The outcome of `stepUp`.")
class StepUpPayload(SessionOutcome):
    """Payload of `stepUp`."""


@strawberry.type(description="The outcome of `setUpSecondFactor`.")
class SetUpSecondFactorPayload:
    """Payload of `setUpSecondFactor`."""

    generator: CodeGenerator | None = strawberry.field(
        default=None, description="The secret for the app; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a mutation that makes recovery codes.")
class RecoveryCodesOutcome:
    """What the payloads of mutations that make recovery codes have in common."""

    recovery_codes: list[str] | None = strawberry.field(
        default=None,
        description="The recovery codes, each for one log-in without the app. They are not shown again.",
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `confirmSecondFactor`.")
class ConfirmSecondFactorPayload(RecoveryCodesOutcome, SessionOutcome):
    """Payload of `confirmSecondFactor`; the session is for those who had to set it up before they were in."""


@strawberry.type(description="The outcome of `renewRecoveryCodes`.")
class RenewRecoveryCodesPayload(RecoveryCodesOutcome):
    """Payload of `renewRecoveryCodes`."""


@strawberry.type(description="The outcome of `removeSecondFactor`.")
class RemoveSecondFactorPayload(DoneOutcome):
    """Payload of `removeSecondFactor`."""


@strawberry.type(description="The outcome of `resetSecondFactor`.")
class ResetSecondFactorPayload(PersonOutcome):
    """Payload of `resetSecondFactor`."""


@strawberry.type(description="The outcome of `updateLogInPolicy`.")
class UpdateLogInPolicyPayload(OrganisationOutcome):
    """Payload of `updateLogInPolicy`."""
