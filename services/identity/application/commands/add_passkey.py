"""Add the passkey that was made."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Principal
from services.identity.application.passkeys import Answer, Purpose, challenge_of, read, session_of
from services.identity.application.people import principal_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import Confirmed, hashes_of, recovery_codes, who_sets_up
from services.identity.application.signing_in import start_session
from services.identity.domain.errors import PasskeyKnown


@dataclass(frozen=True, kw_only=True)
class AddPasskey:
    answer: Answer
    name: str
    challenge: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class AddPasskeyHandler:
    ports: Ports

    async def __call__(self, command: AddPasskey, by: Principal | None) -> Confirmed:
        """Keep the passkey that was made; the first thing of a second factor turns it on.

        Raises:
            PasskeyAttemptOver, PasskeyRefused, PasskeyKnown, TooManyPasskeys, InvalidInput, ChallengeOver, ProofNeeded
        """
        person, now = await who_sets_up(command.challenge, by, self.ports), self.ports.clock.now()
        read(command.answer.token, Purpose.ADD, session_of(command.challenge, by), self.ports).require(person)
        new = self.ports.passkeys.made(command.answer.credential, challenge_of(command.answer.token))
        hashes = hashes_of(recovery_codes(person, now, self.ports), self.ports)
        try:
            person = await update_person(
                principal_of(person, ""),
                person.id,
                lambda it: it.add_passkey(new, command.name, hashes, now),
                self.ports,
            )
        except AlreadyExists:
            raise PasskeyKnown from None
        entered = None
        if command.challenge is not None:
            entered = await start_session(person, self.ports, user_agent=command.user_agent)
        return Confirmed(person=person, signed_in=entered)
