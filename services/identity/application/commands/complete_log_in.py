"""Come in by a second factor: it is used up first, and then lets in, so that the request can be repeated."""

from dataclasses import dataclass

from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged, show_code
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.contact import Contact
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class CompleteLogIn:
    challenge: str
    code: str
    address: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class ShowSecondFactorHandler:
    ports: Ports

    async def __call__(self, command: CompleteLogIn) -> StaffMember | Contact:
        """Use the code up that is shown besides the password.

        Raises:
            ChallengeOver, CodeRefused, NoSecondFactor
        """
        person = await challenged(command.challenge, self.ports)
        return await show_code(person, command.code, command.address, lambda it, shown: it.show(shown), self.ports)


@dataclass(frozen=True, slots=True)
class CompleteLogInHandler:
    ports: Ports

    async def __call__(self, command: CompleteLogIn) -> SignedIn:
        """Open a session for who has shown a code for this challenge, by `show_second_factor` in the same request.

        Raises:
            ChallengeOver, LogInRefused
        """
        person = await challenged(command.challenge, self.ports)
        return await start_session(person, self.ports, user_agent=command.user_agent)
