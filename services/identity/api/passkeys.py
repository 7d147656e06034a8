"""Passkeys as the API shows them: what browsers are asked, and what they answer, is JSON that nobody else reads."""

from datetime import datetime
from typing import Self

import strawberry

from chassis.graphql.wording import ERRORS
from services.identity.api.errors import UserError
from services.identity.api.inputs import KEY, OPTIONAL_KEY
from services.identity.api.own_passkeys import CREDENTIAL, NAME, TOKEN, Passkey
from services.identity.api.payloads import DoneOutcome, SessionOutcome
from services.identity.api.second_factor import CHALLENGE, RecoveryCodesOutcome
from services.identity.application.passkeys import Attempt

ID = "The ID of the passkey, as in `mySecondFactor`."


@strawberry.type(description="An attempt with a passkey; it counts once, for five minutes.")
class PasskeyAttempt:
    """What a browser is asked."""

    token: str = strawberry.field(description="The token, to be sent back with what the browser answers.")
    options: str = strawberry.field(
        description="The options for the browser, as JSON: for `PublicKeyCredential.parseCreationOptionsFromJSON` or "
        "`…parseRequestOptionsFromJSON`."
    )
    expires_at: datetime = strawberry.field(description="When the attempt expires.")

    @classmethod
    def of(cls, attempt: Attempt) -> Self:
        """Return it as the API shows it."""
        return cls(token=attempt.token, options=attempt.options, expires_at=attempt.expires_at)


@strawberry.input(description="A request to add a passkey.")
class BeginPasskeyInput:
    """Input of `beginPasskey`."""

    challenge: str | None = strawberry.field(default=None, description=CHALLENGE)


@strawberry.input(description="A new passkey.")
class AddPasskeyInput:
    """Input of `addPasskey`."""

    token: str = strawberry.field(description=TOKEN)
    credential: str = strawberry.field(description=CREDENTIAL)
    name: str = strawberry.field(description=NAME)
    challenge: str | None = strawberry.field(default=None, description=CHALLENGE)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A new name of a passkey.")
class RenamePasskeyInput:
    """Input of `renamePasskey`."""

    id: strawberry.ID = strawberry.field(description=ID)
    name: str = strawberry.field(description=NAME)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A passkey to be removed.")
class RemovePasskeyInput:
    """Input of `removePasskey`."""

    id: strawberry.ID = strawberry.field(description=ID)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A request to log in with a passkey.")
class BeginPasskeyLogInInput:
    """Input of `beginPasskeyLogIn`."""

    challenge: str | None = strawberry.field(
        default=None,
        description="The token of the challenge that `logIn` gave; leave it out to log in without a password.",
    )


@strawberry.input(description="The response of the browser.")
class LogInWithPasskeyInput:
    """Input of `logInWithPasskey`."""

    token: str = strawberry.field(description=TOKEN)
    credential: str = strawberry.field(description=CREDENTIAL)
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.type(description="The outcome of a mutation that begins an attempt with a passkey.")
class AttemptOutcome:
    """What the payloads of mutations that begin an attempt have in common."""

    attempt: PasskeyAttempt | None = strawberry.field(
        default=None, description="The attempt, with the options for the browser; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `beginPasskey`.")
class BeginPasskeyPayload(AttemptOutcome):
    """Payload of `beginPasskey`."""


@strawberry.type(description="The outcome of `beginPasskeyLogIn`.")
class BeginPasskeyLogInPayload(AttemptOutcome):
    """Payload of `beginPasskeyLogIn`."""


@strawberry.type(description="The outcome of `beginPasskeyStepUp`.")
class BeginPasskeyStepUpPayload(AttemptOutcome):
    """Payload of `beginPasskeyStepUp`."""


@strawberry.type(description="The outcome of `addPasskey`.")
class AddPasskeyPayload(RecoveryCodesOutcome, SessionOutcome):
    """Payload of `addPasskey`; recovery codes are for whose second factor it turned on."""

    passkey: Passkey | None = strawberry.field(
        default=None, description="The passkey; null if the request was refused, or it was removed since."
    )


@strawberry.type(description="The outcome of `renamePasskey`.")
class RenamePasskeyPayload(DoneOutcome):
    """Payload of `renamePasskey`."""


@strawberry.type(description="The outcome of `removePasskey`.")
class RemovePasskeyPayload(DoneOutcome):
    """Payload of `removePasskey`."""


@strawberry.type(description="The outcome of `logInWithPasskey`.")
class LogInWithPasskeyPayload(SessionOutcome):
    """Payload of `logInWithPasskey`."""
