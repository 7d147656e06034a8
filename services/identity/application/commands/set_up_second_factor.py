"""Begin to set up a second factor."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import service_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import SECRETS, demand_on, who_sets_up
from services.identity.domain.errors import SecondFactorIsOn, SecondFactorNotOffered
from services.identity.domain.organisation import Demand


@dataclass(frozen=True, kw_only=True)
class SetUpSecondFactor:
    """By `challenge` for who has to set one up before coming in."""

    challenge: str | None = None


@dataclass(frozen=True, kw_only=True)
class Generator:
    """What an app needs to make codes."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class SetUpSecondFactorHandler:
    ports: Ports

    async def __call__(self, command: SetUpSecondFactor, by: Principal | None) -> Generator:
        """Begin to set up a code generator; asked for again within its time, it is the same one.

        Raises:
            SecondFactorIsOn, SecondFactorNotOffered, ChallengeOver, ProofNeeded
        """
        person = await who_sets_up(command.challenge, by, self.ports)
        if await demand_on(person, self.ports) is Demand.OFF:
            raise SecondFactorNotOffered
        sealed, now = self.ports.sealing.seal(self.ports.codes.new_secret(), SECRETS), self.ports.clock.now()
        person = await update_person(service_of(person), person.id, lambda it: it.begin_set_up(sealed, now), self.ports)
        secret = self.ports.sealing.open(person.set_up.secret, SECRETS) if person.set_up else None
        if secret is None:
            raise SecondFactorIsOn
        organisation = await self.ports.organisations.get(service_of(person), person.organisation_id)
        return Generator(secret=secret, uri=self.ports.codes.uri(secret, person.email, organisation.details.name))
