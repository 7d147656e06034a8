"""What a person is told of, and how."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.notifications.application.ports import Preferences
from services.notifications.domain.kinds import KINDS_OF, Audience
from services.notifications.domain.preferences import Preference


@dataclass(frozen=True, slots=True)
class ShowPreferences:
    """Everybody sees only their own."""

    preferences: Preferences

    async def __call__(self, by: Principal) -> list[Preference]:
        """Return one preference for each kind the caller can be told of."""
        chosen = (await self.preferences.of(by.organisation_id, [by.id])).get(by.id, {})
        return [chosen.get(kind, Preference(kind)) for kind in KINDS_OF[audience_of(by)]]


def audience_of(by: Principal) -> Audience:
    """Return on which side the principal stands."""
    return Audience.CLIENT if by.is_contact else Audience.STAFF
