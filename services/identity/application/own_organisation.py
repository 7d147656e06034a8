"""Changes of one's own organisation, which owners make."""

from collections.abc import Callable

from chassis.kernel import AlreadyExists, Principal, Role
from services.identity.application.ports import Ports
from services.identity.domain.errors import SlugTaken
from services.identity.domain.organisation import Organisation


async def require_free_slug(by: Principal, slug: str | None, ports: Ports) -> None:
    """Refuse what is another portal's former slug; of its present one the unique index knows.

    Raises:
        SlugTaken
    """
    by.require_role(Role.OWNER)
    holder = await ports.organisations.find_by_slug(slug) if slug else None
    if holder is not None and holder.id != by.organisation_id:
        raise SlugTaken


async def update_own_organisation(by: Principal, change: Callable[[Organisation], None], ports: Ports) -> Organisation:
    """Change it, and return it as it is then. Raises SlugTaken."""
    by.require_role(Role.OWNER)
    try:
        return await ports.organisations.update(by, by.organisation_id, change)
    except AlreadyExists:
        raise SlugTaken from None
