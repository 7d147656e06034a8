"""Change the client portal. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.own_organisation import require_free_slug, update_own_organisation
from services.identity.application.ports import Ports
from services.identity.domain.organisation import Organisation, PortalChanges


@dataclass(frozen=True, kw_only=True)
class UpdatePortalSettings:
    changes: PortalChanges


@dataclass(frozen=True, slots=True)
class UpdatePortalSettingsHandler:
    ports: Ports

    async def __call__(self, command: UpdatePortalSettings, by: Principal) -> Organisation:
        """Change the open portal.

        Raises:
            PortalNotEnabled, SlugTaken
        """
        now = self.ports.clock.now()
        await require_free_slug(by, command.changes.get("slug"), self.ports)
        return await update_own_organisation(
            by, lambda organisation: organisation.update_portal(command.changes, now), self.ports
        )
