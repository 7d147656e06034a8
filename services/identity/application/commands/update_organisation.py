"""Change the organisation's details. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.own_organisation import update_own_organisation
from services.identity.application.ports import Ports
from services.identity.domain.organisation import Organisation, OrganisationChanges


@dataclass(frozen=True, kw_only=True)
class UpdateOrganisation:
    changes: OrganisationChanges


@dataclass(frozen=True, slots=True)
class UpdateOrganisationHandler:
    ports: Ports

    async def __call__(self, command: UpdateOrganisation, by: Principal) -> Organisation:
        """Change the letterhead."""
        now = self.ports.clock.now()
        return await update_own_organisation(
            by, lambda organisation: organisation.update(command.changes, now), self.ports
        )
