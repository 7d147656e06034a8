"""Come in as the owner of an organisation that the same request registered before."""

from dataclasses import dataclass

from services.identity.application.admission import Limit, give_back, take
from services.identity.application.ports import Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.errors import LogInRefused
from services.identity.domain.passwords import MOST, normalised
from services.identity.domain.text import email_key


@dataclass(frozen=True, kw_only=True)
class EnterAsOwner:
    """The first owner again, by the same request: with the password that was chosen then."""

    organisation_id: str
    email: str
    password: str
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class EnterAsOwnerHandler:
    ports: Ports

    async def __call__(self, command: EnterAsOwner) -> SignedIn:
        """Let the owner in who registered by the same request before. Tries are counted for this organisation alone.

        Raises:
            LogInRefused, TooBusy
        """
        limit = Limit(
            name="account", key=f"registration:{command.organisation_id}", most=self.ports.policy.tries_per_account
        )
        owner = await self.ports.staff.find_for_log_in(email_key(command.email), command.organisation_id)
        tries = await take((limit,), self.ports)
        known = (
            owner.password_hash if owner and owner.may_log_in and tries.may_go_on else None
        )  # none with a second factor
        password = normalised(command.password[: MOST + 1])
        if not await self.ports.passwords.verify(known, password, lane=command.organisation_id) or owner is None:
            raise LogInRefused
        await give_back(tries, self.ports)
        return await start_session(owner, self.ports, user_agent=command.user_agent)
