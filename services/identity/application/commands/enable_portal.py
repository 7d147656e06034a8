"""Open the client portal. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.own_organisation import require_free_slug, update_own_organisation
from services.identity.application.ports import Ports
from services.identity.domain.organisation import Organisation, PortalSettings


@dataclass(frozen=True, kw_only=True)
class EnablePortal:
    settings: PortalSettings


@dataclass(frozen=True, slots=True)
class EnablePortalHandler:
    ports: Ports

    async def __call__(self, command: EnablePortal, by: Principal) -> Organisation:
        """Open the portal.

        Raises:
            PortalAlreadyEnabled, SlugTaken
        """
        now = self.ports.clock.now()
        await require_free_slug(by, command.settings.slug, self.ports)
        return await update_own_organisation(
            by, lambda organisation: organisation.enable_portal(command.settings, now), self.ports
        )
