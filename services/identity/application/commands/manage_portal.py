"""Enable, change and disable the client portal; change the organisation's details. Owners only."""

from collections.abc import Callable
from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Principal, Role
from services.identity.application.ports import Ports
from services.identity.domain.errors import SlugTaken
from services.identity.domain.organisation import Organisation, OrganisationChanges, PortalChanges, PortalSettings


@dataclass(frozen=True, kw_only=True)
class EnablePortal:
    settings: PortalSettings


@dataclass(frozen=True, kw_only=True)
class UpdatePortalSettings:
    changes: PortalChanges


@dataclass(frozen=True, kw_only=True)
class DisablePortal:
    pass


@dataclass(frozen=True, kw_only=True)
class UpdateOrganisation:
    changes: OrganisationChanges


async def enable_portal(command: EnablePortal, *, by: Principal, ports: Ports) -> Organisation:
    """Open the portal.

    Raises:
        PortalAlreadyEnabled, SlugTaken
    """
    now = ports.clock.now()
    await _require_free(by, command.settings.slug, ports)
    return await _update(by, lambda organisation: organisation.enable_portal(command.settings, now), ports)


async def update_portal_settings(command: UpdatePortalSettings, *, by: Principal, ports: Ports) -> Organisation:
    """Change the open portal.

    Raises:
        PortalNotEnabled, SlugTaken
    """
    now = ports.clock.now()
    await _require_free(by, command.changes.get("slug"), ports)
    return await _update(by, lambda organisation: organisation.update_portal(command.changes, now), ports)


async def disable_portal(command: DisablePortal, *, by: Principal, ports: Ports) -> Organisation:
    """Close the portal.

    Raises:
        PortalNotEnabled
    """
    now = ports.clock.now()
    return await _update(by, lambda organisation: organisation.disable_portal(now), ports)


async def update_organisation(command: UpdateOrganisation, *, by: Principal, ports: Ports) -> Organisation:
    """Change the letterhead."""
    now = ports.clock.now()
    return await _update(by, lambda organisation: organisation.update(command.changes, now), ports)


async def _require_free(by: Principal, slug: str | None, ports: Ports) -> None:
    """Refuse what is another portal's former slug; of its present one the unique index knows.

    Raises:
        SlugTaken
    """
    by.require_role(Role.OWNER)
    holder = await ports.organisations.find_by_slug(slug) if slug else None
    if holder is not None and holder.id != by.organisation_id:
        raise SlugTaken


async def _update(by: Principal, change: Callable[[Organisation], None], ports: Ports) -> Organisation:
    by.require_role(Role.OWNER)
    try:
        return await ports.organisations.update(by, by.organisation_id, change)
    except AlreadyExists:
        raise SlugTaken from None
