"""Begin to come in by a passkey."""

from dataclasses import dataclass

from services.identity.application.passkeys import Attempt, Purpose, ask_for_passkey
from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged


@dataclass(frozen=True, kw_only=True)
class BeginPasskeyLogIn:
    """By `challenge` for who has shown the password; for anybody else the authenticator says who it is."""

    challenge: str | None = None


@dataclass(frozen=True, slots=True)
class BeginPasskeyLogInHandler:
    ports: Ports

    async def __call__(self, command: BeginPasskeyLogIn) -> Attempt:
        """Ask for a passkey. Without the password of somebody nothing is said of anybody's passkeys.

        Raises:
            ChallengeOver
        """
        person = await challenged(command.challenge, self.ports) if command.challenge else None
        return ask_for_passkey(Purpose.LOG_IN, person, None, self.ports)
