"""Close the client portal. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.own_organisation import update_own_organisation
from services.identity.application.ports import Ports
from services.identity.domain.organisation import Organisation


@dataclass(frozen=True, kw_only=True)
class DisablePortal:
    pass


@dataclass(frozen=True, slots=True)
class DisablePortalHandler:
    ports: Ports

    async def __call__(self, command: DisablePortal, by: Principal) -> Organisation:
        """Close the portal.

        Raises:
            PortalNotEnabled
        """
        now = self.ports.clock.now()
        return await update_own_organisation(by, lambda organisation: organisation.disable_portal(now), self.ports)
