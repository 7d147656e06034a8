"""Find out whom a mailed link is for, whatever it is worth now: under whose name its request is remembered."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.people import invited_person
from services.identity.application.ports import LinkKind, Ports


@dataclass(frozen=True, slots=True)
class WhoseLink:
    """For whoever holds the link."""

    ports: Ports

    async def __call__(self, token: str) -> str | None:
        """Return the id of the person who was sent this link; None for one that we never made."""
        try:
            reset = self.ports.links.read(token, LinkKind.RESET)
            if reset is None:
                return (await invited_person(token, self.ports)).id
            return (await self.ports.resets.get(Principal.for_service(reset.organisation_id), reset.id)).principal_id
        except NotFound:
            return None
