"""Where the portal shows a document: the address that a client opens from a paper."""

from dataclasses import dataclass
from urllib.parse import quote

from chassis.kernel import Principal
from services.billing.application.directory import PortalProfile
from services.billing.application.ports import Directory
from services.billing.domain.errors import DirectoryUnavailable
from services.billing.domain.series import Series


@dataclass(frozen=True, slots=True)
class PortalLinks:
    """Makes addresses under `portal_url`, in the portal of the principal's organisation."""

    directory: Directory
    portal_url: str

    async def to(self, by: Principal, kind: Series, document_id: str) -> str:
        """Return where the portal shows a document; nothing where it does not, or its address is not known yet."""
        portal = await self._portal(by)
        if not portal.slug or not portal.shows(kind.value):
            return ""
        return (
            f"{self.portal_url.rstrip('/')}/{quote(portal.slug, safe='')}/{kind.value}s/{quote(document_id, safe='')}"
        )

    async def _portal(self, by: Principal) -> PortalProfile:
        """Ask identity where what is kept is from before portals told their address; a paper does not wait for it."""
        kept = await self.directory.portal(by)
        if kept.slug or not kept.enabled:
            return kept
        try:
            return await self.directory.portal_now(by)
        except DirectoryUnavailable:
            return kept
