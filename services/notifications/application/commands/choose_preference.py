"""Choose how one is told of a kind of news."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.notifications.application.ports import Preferences
from services.notifications.application.queries.show_preferences import audience_of
from services.notifications.domain.preferences import Preference, checked


@dataclass(frozen=True, kw_only=True)
class ChoosePreference:
    """The kind, and by which channels."""

    preference: Preference


@dataclass(frozen=True, slots=True)
class ChoosePreferenceHandler:
    """Everybody changes only their own."""

    preferences: Preferences

    async def __call__(self, command: ChoosePreference, by: Principal) -> None:
        """Keep the choice.

        Raises:
            KindNotYours: when the caller is never told of the kind.
        """
        await self.preferences.put(by, checked(command.preference, audience_of(by)))
