"""Look at an invite without using it: what the page behind the link shows."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import NotFound
from services.identity.application.people import door_is_open, invited_person, service_of, shown_fingerprint
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.person import LinkState


@dataclass(frozen=True, kw_only=True)
class InvitePreview:
    """Whom the link lets in, and where to; only an open or expired link of ours says that much."""

    state: LinkState
    name: str | None = None
    email: str | None = None
    organisation_name: str | None = None
    portal_name: str | None = None
    slug: str | None = None
    expires_at: datetime | None = None


GONE = InvitePreview(state=LinkState.GONE)


@dataclass(frozen=True, slots=True)
class PreviewInvite:
    """For whoever holds the link."""

    ports: Ports

    async def __call__(self, token: str) -> InvitePreview:
        """Return what the link is worth. Nothing is changed, however often and by whomever it is opened."""
        try:
            person = await invited_person(token, self.ports)
        except NotFound:
            return GONE
        state = person.link_state(shown_fingerprint(token, person, self.ports), self.ports.clock.now())
        if state is LinkState.GONE or person.invite is None or not await door_is_open(person, self.ports):
            return GONE
        organisation = await self.ports.organisations.get(service_of(person), person.organisation_id)
        portal = organisation.portal if isinstance(person, Contact) else None
        return InvitePreview(
            state=state,
            name=person.name,
            email=person.email,
            organisation_name=organisation.details.name,
            portal_name=portal and portal.name,
            slug=portal and portal.slug,
            expires_at=person.invite.expires_at,
        )
